package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Commit3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Read3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.StableHow;
import io.mooring.nfsd.internal.wire.Nfs3Args.Write3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Commit3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.FileData;
import io.mooring.nfsd.internal.wire.Nfs3Results.Read3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Write3ResOk;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.vfs.CommitResult;
import io.mooring.vfs.ReadResult;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.WriteResult;
import java.nio.ByteBuffer;

/** READ, WRITE and COMMIT. Data go from the message to the file system and back without a copy in between. */
final class DataProcedures {

    private DataProcedures() {}

    static Read3ResOk read(Request request, Read3Args args) throws NfsException, VfsException {
        Target file = request.target(args.file());
        int count = request.bounded(args.count());
        // No file reaches beyond 2^63: what asks for more is at the end.
        long last = Long.MAX_VALUE - count;
        long offset = args.offset() < 0 ? last : Math.min(args.offset(), last);
        if (count == 0) {
            ReadResult nothing = file.fileSystem().read(file.caller(), file.id(), offset, ByteBuffer.allocateDirect(0));
            return new Read3ResOk(file.postOp(nothing.attributes()), 0, nothing.eof(), new FileData.Bytes(new byte[0]));
        }
        RpcBuffer buffer = request.call().allocate(count);
        ReadResult read = file.fileSystem().read(file.caller(), file.id(), offset, buffer.nio());
        return new Read3ResOk(
                file.postOp(read.attributes()), read.count(), read.eof(), new FileData.Pooled(buffer, read.count()));
    }

    static Write3ResOk write(Request request, Write3Args args) throws NfsException, VfsException {
        Target file = request.writable(args.file());
        if (Integer.toUnsignedLong(args.count()) != args.length()) {
            throw new NfsException(NfsStat3.NFS3ERR_INVAL);
        }
        if (args.offset() < 0 || args.offset() + args.length() < 0) {
            throw new NfsException(NfsStat3.NFS3ERR_FBIG);
        }
        Stability wanted = switch (args.stable()) {
            case UNSTABLE -> Stability.UNSTABLE;
            case DATA_SYNC -> Stability.DATA_SYNC;
            case FILE_SYNC -> Stability.FILE_SYNC;
        };
        WriteResult written = file.fileSystem().write(file.caller(), file.id(), args.offset(), args.data(), wanted);
        StableHow committed = switch (written.committed()) {
            case UNSTABLE -> StableHow.UNSTABLE;
            case DATA_SYNC -> StableHow.DATA_SYNC;
            case FILE_SYNC -> StableHow.FILE_SYNC;
        };
        return new Write3ResOk(file.wcc(written.change()), written.count(), committed, written.verifier());
    }

    static Commit3ResOk commit(Request request, Commit3Args args) throws NfsException, VfsException {
        Target file = request.writable(args.file());
        if (args.offset() < 0) {
            throw new NfsException(NfsStat3.NFS3ERR_INVAL);
        }
        CommitResult done = file.fileSystem().commit(file.caller(), file.id(), args.offset(), args.count());
        return new Commit3ResOk(file.wcc(done.change()), done.verifier());
    }
}
