package io.mooring.nfsd.internal.mount;

import io.mooring.nfsd.internal.exports.AccessControl;
import io.mooring.nfsd.internal.scopes.Scopes;
import io.mooring.nfsd.internal.wire.Mount3;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Handler;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import java.util.ArrayList;
import java.util.List;

/** MOUNT as tables: version 3 (RFC 1813 §5) and version 1 (RFC 1094 appendix A). */
public final class MountProgram {
    private static final String NAME = "mountd";

    private MountProgram() {}

    /** Both versions. */
    public static List<RpcProgram> of(Scopes scopes, AccessControl access, Mounts mounts) {
        MountProcedures mount = new MountProcedures(scopes, access, mounts);
        List<Procedure<?, ?>> version1 = new ArrayList<>(common(mount));
        version1.add(row(1, "MNT", DirPath::read, mount::mount1, Item::write));
        version1.add(row(6, "EXPORTALL", r -> null, mount::export, Item::write));
        List<Procedure<?, ?>> version3 = new ArrayList<>(common(mount));
        version3.add(row(1, "MNT", DirPath::read, mount::mount, MountRes3::write));
        return List.of(
                new RpcProgram(Mount3.PROGRAM, Mount3.VERSION1, NAME, version1),
                new RpcProgram(Mount3.PROGRAM, Mount3.VERSION, NAME, version3));
    }

    private static List<Procedure<?, ?>> common(MountProcedures mount) {
        return List.of(
                Procedure.nullProcedure(),
                row(2, "DUMP", r -> null, mount::dump, Item::write),
                row(3, "UMNT", DirPath::read, mount::unmount, (v, w) -> {}),
                row(4, "UMNTALL", r -> null, mount::unmountAll, (v, w) -> {}),
                row(5, "EXPORT", r -> null, mount::export, Item::write));
    }

    private static <A, R> Procedure<A, R> row(
            int number, String name, XdrDecoder<A> decoder, Handler<A, R> handler, XdrEncoder<R> encoder) {
        return new Procedure<>(number, name, decoder, handler, encoder, Replay.IDEMPOTENT, Execution.WORKER);
    }
}
