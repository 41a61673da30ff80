package io.mooring.lockd.internal;

import io.mooring.vfs.LockTargets;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Lets services move, with their locks. Thread-safe. */
final class LockdParticipant implements ServiceParticipant, AutoCloseable {
    private final LockState state;
    private final Supplier<LockTargets> targets;
    private final Set<MooredLocks> moorings = ConcurrentHashMap.newKeySet();

    /**
     * Without any service.
     *
     * @param targets finds files; gives null while nobody can
     */
    LockdParticipant(LockState state, Supplier<LockTargets> targets) {
        this.state = state;
        this.targets = targets;
    }

    @Override
    public String name() {
        return Lockd.NAME;
    }

    /** Behind the NFS server, which finds the files. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public Mooring moor(ServiceDeclaration service) {
        state.services().moor(Set.copyOf(service.addresses()));
        MooredLocks mooring = new MooredLocks(service, state, targets, moorings::remove);
        moorings.add(mooring);
        return mooring;
    }

    /** There is no server any more: what is still taken is released. */
    @Override
    public void close() {
        Set.copyOf(moorings).forEach(MooredLocks::abandon);
    }
}
