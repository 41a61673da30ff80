package io.mooring.lockd.internal;

import io.mooring.lockd.internal.journal.LockJournal;
import io.mooring.lockd.internal.journal.Replay;
import io.mooring.lockd.internal.nsm.HostMonitor;
import io.mooring.lockd.internal.table.Change;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceJournal;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of a service that moves. While this node has it, each change is in its journal before anybody is told; when it is
 * released they leave this node, and stay in the journal. Thread-safe by its monitor.
 */
final class MooredLocks implements Mooring {
    private static final Logger LOG = LoggerFactory.getLogger(MooredLocks.class);

    private final ServiceDeclaration service;
    private final Set<InetAddress> addresses;
    private final LockState state;
    private final Supplier<LockTargets> targets;
    private final Consumer<MooredLocks> onClose;
    /** Null while this node does not have the service, and nothing of it. */
    private LockJournal journal;
    /** Addresses that the service does not have any more, while their locks are in the table. */
    private Set<InetAddress> strays = Set.of();
    /** What was read by an attempt to take the service: a journal is read once. */
    private Replay read;

    private boolean closed;

    MooredLocks(
            ServiceDeclaration service, LockState state, Supplier<LockTargets> targets, Consumer<MooredLocks> onClose) {
        this.service = service;
        this.addresses = Set.copyOf(service.addresses());
        this.state = state;
        this.targets = targets;
        this.onClose = onClose;
    }

    @Override
    public synchronized void take(ServiceState taken) throws IOException {
        if (closed || journal != null) {
            throw new IllegalStateException("lockd: " + service.name() + (closed ? " is closed" : " is taken already"));
        }
        LockTargets files = targets.get();
        if (files == null) {
            throw new IOException("lockd cannot find files: the NFS server is not there");
        }
        if (read == null || !read.isOf(taken.journal())) {
            read = Replay.of(taken.journal());
        }
        boolean complete = taken.complete() && !read.inGrace();
        List<HostMonitor> hosts = state.services().recorded(taken.directory().resolve(Lockd.NAME), addresses, complete);
        Map<FileKey, List<Change>> contents = taken.complete() ? read.contents() : Map.of();
        LockJournal writer = new LockJournal(taken.journal(), state.table(), addresses);
        if (!taken.complete()) {
            writer.forget();
        }
        boolean grace = hosts.stream().anyMatch(HostMonitor::hasRecorded);
        if (grace || !complete) {
            writer.grace(grace);
            awaitDurable(taken.journal());
        }
        journal = writer;
        begin(taken.journal(), writer, contents);
        // Not before the table has it all.
        taken.journal().snapshotBy(writer::snapshot);
        new Retaking(state.locks(), files).retake(contents);
        Retaking.resume(state.locks(), contents);
        state.services().take(hosts, () -> graceOver(writer));
        // Not before: what fails on the way is released, and tried again with the same.
        read = null;
        LOG.info("lockd: {} has its locks again: files: {}", service.name(), contents.size());
    }

    /** From here on the locks are held, and what changes is in the journal. */
    private void begin(ServiceJournal records, LockJournal writer, Map<FileKey, List<Change>> contents) {
        strays = services(contents);
        strays.removeAll(addresses);
        addresses.forEach(address -> state.durability().attach(address, records));
        Set<InetAddress> all = new HashSet<>(addresses);
        all.addAll(strays);
        List<Change> changes =
                contents.values().stream().flatMap(Collection::stream).toList();
        state.table().attach(all, writer, changes);
        for (InetAddress stray : strays) {
            LOG.warn(
                    "lockd: {} does not have the address {} any more: locks that came by it are released",
                    service.name(),
                    stray.getHostAddress());
            state.locks().retire(stray);
        }
        var unused = state.table().detach(strays);
        strays = Set.of();
    }

    /** The addresses by which the locks came. */
    private static Set<InetAddress> services(Map<FileKey, List<Change>> contents) {
        Set<InetAddress> found = new HashSet<>();
        contents.values()
                .forEach(changes ->
                        changes.forEach(c -> found.add(c.owner().host().service())));
        return found;
    }

    private static void awaitDurable(ServiceJournal records) throws IOException {
        try {
            records.durable().get();
        } catch (ExecutionException e) {
            throw new IOException(
                    "the journal cannot be written: " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private synchronized void graceOver(LockJournal writer) {
        if (journal == writer) {
            writer.grace(false);
        }
    }

    /** All that is promised is in the journal: failover looks after that. */
    @Override
    public void sync() {}

    @Override
    public synchronized void release() {
        if (journal == null) {
            return;
        }
        state.services().quit(addresses);
        // Nobody is answered any more, and then nothing is written any more: what goes now goes from this node only.
        addresses.forEach(state.durability()::detach);
        journal.detach();
        var unused = state.table().detach(strays);
        addresses.forEach(state.locks()::retire);
        strays.forEach(state.locks()::retire);
        strays = Set.of();
        journal = null;
    }

    @Override
    public void close() {
        end(state.services()::unmoor);
    }

    /** As {@link #close}, when there is no server any more. */
    void abandon() {
        end(state.services()::abandon);
    }

    private synchronized void end(Consumer<Set<InetAddress>> unmoor) {
        if (!closed) {
            release();
            closed = true;
            unmoor.accept(addresses);
            onClose.accept(this);
        }
    }
}
