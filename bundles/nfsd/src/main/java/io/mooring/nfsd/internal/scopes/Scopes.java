package io.mooring.nfsd.internal.scopes;

import io.mooring.nfsd.internal.handle.FileHandles;
import io.mooring.nfsd.internal.handle.FileHandles.FileHandle;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Which scope belongs to the address that a client called, and which one a handle is of. Thread-safe. */
public final class Scopes {
    /**
     * How long after the start a handle may be of a service that nobody has told of yet: failover is started after nfsd, and
     * reads its files first. A client that is told "bad handle" gives its files up; one that is told to wait asks again. Karaf
     * starts all its bundles in less, also on a slow machine.
     */
    private static final Duration UNTOLD = Duration.ofSeconds(30);

    private final Scope files;
    private final MooredServices services;
    private final LongSupplier nanoClock;
    private final long started;

    /**
     * Starts now.
     *
     * @param files for the addresses that belong to no service
     */
    public Scopes(Scope files, MooredServices services, LongSupplier nanoClock) {
        this.files = files;
        this.services = services;
        this.nanoClock = nanoClock;
        this.started = nanoClock.getAsLong();
    }

    /** What a genuine handle says, and whose it is. */
    public record Named(Scope scope, long fsid, FileId id) {}

    /** What is served through an address; empty: nothing for now, but it will be, here or elsewhere. */
    public Optional<Scope> at(InetAddress local) {
        MooredService service = services.at(local);
        return service == null ? Optional.of(files) : Optional.ofNullable(service.scope());
    }

    /**
     * The same.
     *
     * @throws VfsException JUKEBOX where there is nothing for now
     */
    public Scope taken(InetAddress local) throws VfsException {
        return at(local).orElseThrow(() -> new VfsException(Status.JUKEBOX, "the service is not taken yet"));
    }

    /**
     * What a handle names that came through this address.
     *
     * @throws VfsException BADHANDLE where nobody signed it; ACCES where it belongs to other addresses, the message says to
     *     whose; JUKEBOX for later
     */
    public Named find(byte[] handle, InetAddress local) throws VfsException {
        Scope scope = taken(local);
        Optional<FileHandle> genuine = scope.handles().decode(handle);
        if (genuine.isPresent()) {
            return new Named(scope, genuine.get().fsid(), genuine.get().id());
        }
        String owner = files.handles().decode(handle).isPresent() ? files.title() : services.signer(handle);
        if (owner != null) {
            throw new VfsException(
                    Status.ACCES, "the handle is of " + owner + ", and the address is of " + scope.title());
        }
        if (nanoClock.getAsLong() - started < UNTOLD.toNanos() && FileHandles.isWellFormed(handle)) {
            throw new VfsException(Status.JUKEBOX, "a handle of a service that is not known yet, perhaps");
        }
        throw new VfsException(Status.BADHANDLE, "not a handle of this server");
    }
}
