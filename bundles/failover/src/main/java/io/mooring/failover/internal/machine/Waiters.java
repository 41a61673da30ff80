package io.mooring.failover.internal.machine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Those who wait for what a machine does. Thread-safe by its monitor. */
final class Waiters {

    /** What is waited for. */
    enum Event {
        /** It is served. */
        TAKEN,
        /** Nothing of it is held here. */
        RELEASED,
        /** Those who take part are those who are there. */
        ADAPTED,
        /** The machine does nothing any more. */
        ENDED
    }

    private final Map<Event, List<CompletableFuture<Void>>> waiting = new EnumMap<>(Event.class);

    synchronized CompletableFuture<Void> await(Event event) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiting.computeIfAbsent(event, e -> new ArrayList<>()).add(future);
        return future;
    }

    void happened(Event event) {
        take(event).forEach(future -> future.complete(null));
    }

    void failed(Event event, String why) {
        take(event).forEach(future -> future.completeExceptionally(new IOException(why)));
    }

    private synchronized List<CompletableFuture<Void>> take(Event event) {
        List<CompletableFuture<Void>> those = waiting.remove(event);
        return those == null ? List.of() : those;
    }
}
