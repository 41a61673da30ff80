package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3.FAttr3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.sunrpc.RpcCall;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** One call under way: its handles resolved, and what is told of them when it fails. Used by the call's worker thread. */
public final class Request {
    /** What a UDP reply can hold beside its headers; Linux's limit as well. */
    private static final int MAX_UDP_TRANSFER = 32 << 10;

    private final Resolver resolver;
    private final RpcCall call;
    private final List<Resolved> resolved = new ArrayList<>(2);

    Request(Resolver resolver, RpcCall call) {
        this.resolver = resolver;
        this.call = call;
    }

    private record Resolved(NfsFh3 handle, Target target) {}

    RpcCall call() {
        return call;
    }

    /** What the handle names, if the caller may have it. */
    public Target target(NfsFh3 handle) throws NfsException {
        Target target = resolver.resolve(call, handle);
        resolved.add(new Resolved(handle, target));
        return target;
    }

    /** The same, for a change. */
    public Target writable(NfsFh3 handle) throws NfsException {
        return target(handle).writable();
    }

    /** The root of what is mounted on a name in a directory, if the caller may have it. */
    Target mountedOn(Target directory, byte[] name) throws NfsException {
        Target target = resolver.mountedOn(call, directory, name);
        resolved.add(new Resolved(target.handle(target.id()), target));
        return target;
    }

    /** The target's file system, for a change of names: what is done to which object is noted where that is of use. */
    FileSystem names(Target target) {
        return noting(target, object -> PostOpAttr.ABSENT);
    }

    /** Likewise, for a change after which the object has attributes that tell of it. */
    FileSystem attributes(Target target) {
        return noting(target, object -> new PostOpAttr(target.of(object).attributesNow()));
    }

    private FileSystem noting(Target target, Function<FileId, PostOpAttr> attributes) {
        FileSystem files = target.fileSystem();
        return call.takesNotes()
                ? files.witnessedBy(
                        object -> call.note(Item::write, new Trace(target.handle(object), attributes.apply(object))))
                : files;
    }

    /** Bytes that one reply, or one WRITE, carries at the most. */
    int maxTransferBytes() {
        int max = resolver.maxTransferBytes().getAsInt();
        return call.transport().isTcp() ? max : Math.min(max, MAX_UDP_TRANSFER);
    }

    /** An unsigned count, bounded by what may be transferred. */
    int bounded(int count) {
        return (int) Math.min(Integer.toUnsignedLong(count), maxTransferBytes());
    }

    /** For a failure: the attributes of an object, if the caller came as far as to it. */
    public PostOpAttr postOp(NfsFh3 handle) {
        return new PostOpAttr(attributesNow(handle));
    }

    /** For a failure: wcc_data; what was before is not known. */
    WccData wcc(NfsFh3 handle) {
        return new WccData(null, attributesNow(handle));
    }

    /**
     * Whether a file system that was used has been replaced meanwhile (a reload may do that), or let go: then its "stale" is
     * not to be told, as the object may still be there.
     */
    boolean cameTooLate() {
        return resolved.stream()
                .map(Resolved::target)
                .anyMatch(used -> used.scope()
                        .exports()
                        .get()
                        .byFsid(used.export().fsid())
                        .filter(current -> current.fileSystem().equals(used.fileSystem()))
                        .isEmpty());
    }

    private FAttr3 attributesNow(NfsFh3 handle) {
        for (Resolved known : resolved) {
            if (known.handle().equals(handle)) {
                return known.target().attributesNow();
            }
        }
        return null;
    }
}
