package io.mooring.failover;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A service, and how it fares. Immutable.
 *
 * @param message why it is not served, in one line; empty where there is nothing to say
 * @param addresses as declared
 * @param present those of them that this host has now
 * @param exports in exports(5) syntax, as declared
 * @param stateDirectory as declared; null where it is refused
 * @param ownership what it holds in its state directory; null while it holds nothing
 * @param lastTakeOver the last one that was begun here; null: none
 */
public record ServiceStatus(
        String name,
        State state,
        Instant since,
        String message,
        List<InetAddress> addresses,
        List<InetAddress> present,
        List<String> exports,
        Path stateDirectory,
        Ownership ownership,
        TakeOver lastTakeOver,
        Counters counters) {

    public ServiceStatus {
        addresses = List.copyOf(addresses);
        present = List.copyOf(present);
        exports = List.copyOf(exports);
    }

    /** What a service is up to on this node. */
    public enum State {
        /** Its address is not here. */
        ABSENT,
        /** Its address is here; something that it needs is not to be had yet. */
        WAITING,
        SERVING,
        /** It is being released: calls under way are waited for. */
        RELEASING,
        /** By command, until it is taken again. */
        RELEASED,
        /** It cannot be served; tried again every few seconds. */
        FAILED,
        /** Its configuration is wrong. */
        REFUSED
    }

    /**
     * What a node holds of a service.
     *
     * @param owner the node's name, as others read it in the state directory
     * @param epoch a number that grows whenever a node takes the service
     * @param journalBytes the journal's size, as far as it is known
     * @param complete whether the journal had everything that was promised
     */
    public record Ownership(String owner, long epoch, long journalBytes, boolean complete) {}

    /**
     * What happened since it was declared.
     *
     * @param failures times that it was lost, or could not be taken
     * @param repliesRestored replies that were found in the journal
     * @param connections that are recorded now
     * @param callsUnderWay calls that have begun and not ended
     */
    public record Counters(
            long takeOvers,
            long releases,
            long failures,
            long repliesKept,
            long repliesRestored,
            long tickles,
            int connections,
            int callsUnderWay) {}
}
