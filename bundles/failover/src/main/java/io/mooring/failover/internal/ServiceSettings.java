package io.mooring.failover.internal;

import io.mooring.vfs.service.ServiceDeclaration;
import java.time.Duration;

/** A service as it is configured. Immutable. */
public record ServiceSettings(String pid, ServiceDeclaration declaration, State state, Moving moving) {

    public String name() {
        return declaration.name();
    }

    /**
     * How its state is held.
     *
     * @param sync what is acknowledged is on stable storage, and not only written
     * @param forced take it even from a node that still holds the owner lock, after the wait
     * @param patience for the owner lock, before something is said or forced
     */
    public record State(long journalBytes, boolean sync, boolean forced, Duration patience) {}

    /**
     * How it moves.
     *
     * @param automatically it is served where its address is
     * @param drain how long calls under way are waited for before a line says so
     */
    public record Moving(boolean automatically, Duration drain, boolean announce, Tickles tickles) {}

    /**
     * How clients are told.
     *
     * @param connections that are recorded, and told, at the most
     */
    public record Tickles(boolean enabled, int connections, int perSecond) {}
}
