package io.mooring.nfsd.internal.scopes;

import io.mooring.nfsd.internal.exports.ExportPaths;
import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.nfsd.internal.handle.FileHandles;
import io.mooring.nfsd.internal.handle.HandleKey;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.service.ServiceParticipant;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A service that this node may have: its exports are open while it is taken, and no descriptor is when it is not. Thread-safe:
 * one change at a time; readers take the current scope.
 */
final class MooredService implements ServiceParticipant.Mooring {
    /**
     * How long its addresses stay its own when nobody looks after it any more: failover may be updated, which takes seconds,
     * and meanwhile no client may be told that its files are gone.
     */
    private static final Duration FAREWELL = Duration.ofSeconds(60);

    private final DeclaredService declared;
    private final ExportPaths paths;
    private final Supplier<Exports> freshExports;
    private final LongSupplier nanoClock;
    private final SecureRandom random = new SecureRandom();

    /** Null while it is not taken. */
    private volatile Scope scope;

    /** Those of the last take, to know strayed ones; null before. */
    private volatile FileHandles known;

    private volatile boolean closed;
    private volatile long closedNanos;

    MooredService(DeclaredService declared, ExportPaths paths, Supplier<Exports> freshExports, LongSupplier nanoClock) {
        this.declared = declared;
        this.paths = paths;
        this.freshExports = freshExports;
        this.nanoClock = nanoClock;
    }

    DeclaredService declared() {
        return declared;
    }

    Scope scope() {
        return scope;
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether its addresses are anybody's again. */
    boolean isGone() {
        return closed && nanoClock.getAsLong() - closedNanos >= FAREWELL.toNanos();
    }

    boolean signed(byte[] handle) {
        FileHandles handles = known;
        return handles != null && handles.decode(handle).isPresent();
    }

    @Override
    public synchronized void take(ServiceState state) throws IOException {
        if (closed) {
            throw new IOException("service " + declared.name() + " is not declared any more");
        }
        if (scope != null) {
            throw new IllegalStateException("service " + declared.name() + " is taken already");
        }
        // Only now that its file systems are there it shows where symbolic links lead.
        String refusal = declared.givesAwayState(paths::real);
        if (refusal != null) {
            throw new IOException(refusal);
        }
        Path own = OwnDirectory.in(state.directory());
        FileHandles handles = new FileHandles(HandleKey.readOrCreate(own.resolve("handle.key"), random));
        scope = new Scope(declared.name(), opened(new ExportRoots(own)), handles);
        known = handles;
    }

    /** New file systems, and so a new write verifier: what another node did not commit is written again. */
    private Exports opened(ExportRoots roots) throws IOException {
        Exports exports = freshExports.get();
        boolean open = false;
        try {
            exports.openAll(declared.exports());
            roots.require(declared.name(), exports.get().exports());
            open = true;
            return exports;
        } catch (VfsException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            if (!open) {
                exports.close();
            }
        }
    }

    @Override
    public void sync() throws IOException {
        Scope taken = scope;
        if (taken == null) {
            return;
        }
        try {
            taken.exports().sync();
        } catch (VfsException e) {
            throw new IOException("service " + declared.name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void release() {
        Scope taken = scope;
        if (taken == null) {
            return;
        }
        scope = null;
        taken.exports().close();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            release();
            closedNanos = nanoClock.getAsLong();
            closed = true;
        }
    }

    /** Lets go of what is mounted below its exports and not used. */
    void tidy() {
        Scope taken = scope;
        if (taken != null) {
            taken.exports().tidy();
        }
    }
}
