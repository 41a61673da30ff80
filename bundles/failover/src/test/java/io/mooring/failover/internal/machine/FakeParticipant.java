package io.mooring.failover.internal.machine;

import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Notes what is asked of it. Used by one thread. */
final class FakeParticipant implements ServiceParticipant {
    final List<String> events;
    final String name;
    final int order;
    String refusal;
    String failure;
    RuntimeException error;
    Runnable onTake = () -> {};
    Runnable onSync = () -> {};
    ServiceState state;
    /** The records of its journal, when it was taken last. */
    final List<String> found = new ArrayList<>();

    FakeParticipant(String name, int order, List<String> events) {
        this.name = name;
        this.order = order;
        this.events = events;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int order() {
        return order;
    }

    @Override
    public Mooring moor(ServiceDeclaration service) {
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        events.add("moor " + name);
        return new Mooring() {
            private boolean begun;

            @Override
            public void take(ServiceState taken) throws IOException {
                if (begun) {
                    throw new IllegalStateException("is taken already");
                }
                onTake.run();
                if (failure != null) {
                    throw new IOException(failure);
                }
                begun = true;
                if (error != null) {
                    throw error;
                }
                state = taken;
                found.clear();
                taken.journal().replay(record -> found.add(new String(record, StandardCharsets.UTF_8)));
                events.add("take " + name);
            }

            @Override
            public void sync() {
                events.add("sync " + name);
                onSync.run();
            }

            @Override
            public void release() {
                if (begun) {
                    begun = false;
                    events.add("release " + name);
                }
            }

            @Override
            public void close() {
                events.add("part " + name);
            }
        };
    }
}
