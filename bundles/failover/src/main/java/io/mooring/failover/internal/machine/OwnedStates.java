package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.ServiceSettings;
import io.mooring.failover.internal.state.OwnedState;
import io.mooring.failover.internal.state.StateException;
import io.mooring.vfs.service.ServiceJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Takes states from their directories. Immutable.
 *
 * @param node this node's name, for messages of others
 */
public record OwnedStates(String node) implements StateSource {

    /** The host's name, without asking a name server. */
    public static OwnedStates ofThisNode() {
        try {
            return new OwnedStates(
                    Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        } catch (IOException e) {
            return new OwnedStates("a node without a name");
        }
    }

    @Override
    public HeldState take(ServiceSettings service, boolean force) throws StateUnavailable {
        ServiceSettings.State state = service.state();
        try {
            return new Held(
                    OwnedState.take(
                            service.declaration().stateDirectory(),
                            service.name(),
                            new OwnedState.Settings(state.journalBytes(), state.sync(), force, node)),
                    state.journalBytes());
        } catch (StateException e) {
            throw new StateUnavailable(e.kind() != StateException.Kind.REFUSED, e.getMessage(), e);
        }
    }

    /** One that was taken. As thread-safe as what it wraps. */
    private record Held(OwnedState owned, long journalBytes) implements HeldState {

        @Override
        public boolean complete() {
            return owned.complete();
        }

        @Override
        public long epoch() {
            return owned.epoch();
        }

        @Override
        public boolean isStillMine() throws IOException {
            return owned.isStillMine();
        }

        @Override
        public Path directory() {
            return owned.directory();
        }

        @Override
        public ServiceJournal journal(String participant) {
            return owned.journal(participant);
        }

        @Override
        public Stream stream(String name) {
            return new Part(owned.stream(name));
        }

        @Override
        public void onFailure(Consumer<IOException> listener) {
            owned.onFailure(listener);
        }

        @Override
        public void flush() throws IOException {
            owned.flush();
        }

        @Override
        public void settle() {
            owned.settle();
        }

        @Override
        public void markComplete() {
            owned.markComplete();
        }

        @Override
        public void close() {
            owned.close();
        }
    }

    /** One of its streams. As thread-safe as what it wraps. */
    private record Part(io.mooring.failover.internal.journal.Stream stream) implements HeldState.Stream {

        @Override
        public boolean write(byte[] record) {
            return stream.write(record);
        }

        @Override
        public void replay(Consumer<byte[]> reader) {
            stream.replay(reader);
        }

        @Override
        public void append(byte[] record) {
            stream.append(record);
        }

        @Override
        public CompletableFuture<Void> durable() {
            return stream.durable();
        }

        @Override
        public void snapshotBy(Supplier<List<byte[]>> snapshot) {
            stream.snapshotBy(snapshot);
        }
    }
}
