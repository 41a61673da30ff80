package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.Nothing;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.nfsd.internal.wire.Nfs3Args.Access3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Commit3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.DirOpArgs3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Link3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNod3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Read3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.ReadDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.ReadDirPlus3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Rename3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetAttr3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Symlink3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Write3Args;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.Procedure.Execution;
import io.mooring.sunrpc.Procedure.Replay;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.vfs.VfsException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** NFS version 3 as a table: for each procedure its arguments, its work, and what it tells when it fails. Immutable. */
public final class NfsProgram {
    private static final Logger LOG = LoggerFactory.getLogger(NfsProgram.class);

    private final Resolver resolver;

    /** Makes rows of a table whose objects are those of NFS: NFS_ACL's, too. */
    public NfsProgram(Resolver resolver) {
        this.resolver = resolver;
    }

    /** RFC 1813 §3.3. Everything but NULL touches the file system, which may block: it runs on workers. */
    public static RpcProgram of(Resolver resolver) {
        NfsProgram nfs = new NfsProgram(resolver);
        return new RpcProgram(
                Nfs3.PROGRAM,
                Nfs3.VERSION,
                "nfs",
                List.of(
                        Procedure.nullProcedure(),
                        nfs.looks(1, "GETATTR", NfsFh3::read, AttributeProcedures::getAttr, (q, a) -> new Nothing()),
                        nfs.changes(
                                2,
                                "SETATTR",
                                SetAttr3Args::read,
                                AttributeProcedures::setAttr,
                                (q, a) -> q.wcc(a.object()),
                                Aftermath::attributesSet),
                        nfs.looks(3, "LOOKUP", DirOpArgs3::read, NameProcedures::lookup, (q, a) -> q.postOp(a.dir())),
                        nfs.looks(
                                4,
                                "ACCESS",
                                Access3Args::read,
                                AttributeProcedures::access,
                                (q, a) -> q.postOp(a.object())),
                        nfs.looks(5, "READLINK", NfsFh3::read, NameProcedures::readLink, Request::postOp),
                        nfs.looks(6, "READ", Read3Args::read, DataProcedures::read, (q, a) -> q.postOp(a.file())),
                        replayed(
                                Replay.CACHED,
                                nfs.looks(
                                        7,
                                        "WRITE",
                                        Write3Args::read,
                                        DataProcedures::write,
                                        (q, a) -> q.wcc(a.file()))),
                        nfs.changes(
                                8,
                                "CREATE",
                                Create3Args::read,
                                NameProcedures::create,
                                (q, a) -> q.wcc(a.where().dir()),
                                (aftermath, a) -> aftermath.created(a.where())),
                        nfs.changes(
                                9,
                                "MKDIR",
                                MkDir3Args::read,
                                NameProcedures::mkDir,
                                (q, a) -> q.wcc(a.where().dir()),
                                (aftermath, a) -> aftermath.created(a.where())),
                        nfs.changes(
                                10,
                                "SYMLINK",
                                Symlink3Args::read,
                                NameProcedures::symlink,
                                (q, a) -> q.wcc(a.where().dir()),
                                (aftermath, a) -> aftermath.created(a.where())),
                        nfs.changes(
                                11,
                                "MKNOD",
                                MkNod3Args::read,
                                NameProcedures::mkNod,
                                (q, a) -> q.wcc(a.where().dir()),
                                (aftermath, a) -> aftermath.created(a.where())),
                        nfs.changes(
                                12,
                                "REMOVE",
                                DirOpArgs3::read,
                                NameProcedures::remove,
                                (q, a) -> q.wcc(a.dir()),
                                Aftermath::removed),
                        nfs.changes(
                                13,
                                "RMDIR",
                                DirOpArgs3::read,
                                NameProcedures::rmDir,
                                (q, a) -> q.wcc(a.dir()),
                                Aftermath::removed),
                        nfs.changes(
                                14,
                                "RENAME",
                                Rename3Args::read,
                                NameProcedures::rename,
                                NameProcedures::renameFailed,
                                Aftermath::renamed),
                        nfs.changes(
                                15,
                                "LINK",
                                Link3Args::read,
                                NameProcedures::link,
                                NameProcedures::linkFailed,
                                Aftermath::linked),
                        nfs.looks(
                                16,
                                "READDIR",
                                ReadDir3Args::read,
                                DirectoryProcedures::readDir,
                                (q, a) -> q.postOp(a.dir())),
                        nfs.looks(
                                17,
                                "READDIRPLUS",
                                ReadDirPlus3Args::read,
                                DirectoryProcedures::readDirPlus,
                                (q, a) -> q.postOp(a.dir())),
                        nfs.looks(18, "FSSTAT", NfsFh3::read, AttributeProcedures::fsStat, Request::postOp),
                        nfs.looks(19, "FSINFO", NfsFh3::read, AttributeProcedures::fsInfo, Request::postOp),
                        nfs.looks(20, "PATHCONF", NfsFh3::read, AttributeProcedures::pathConf, Request::postOp),
                        nfs.looks(21, "COMMIT", Commit3Args::read, DataProcedures::commit, (q, a) -> q.wcc(a.file()))));
    }

    /** What a procedure does. */
    @FunctionalInterface
    public interface Work<A, T> {
        T run(Request request, A arguments) throws NfsException, VfsException;
    }

    /** What a procedure tells when it failed. */
    @FunctionalInterface
    public interface Failure<A, F> {
        F describe(Request request, A arguments);
    }

    /** Finds what a procedure did, and gives its result; null where that is not to be found. */
    @FunctionalInterface
    interface Finding<A, T> {
        T find(Aftermath aftermath, A arguments) throws NfsException, VfsException;
    }

    /** A procedure that may be repeated. */
    public <A, T extends Item, F extends Item> Procedure<A, Result<T, F>> looks(
            int number, String name, XdrDecoder<A> decoder, Work<A, T> work, Failure<A, F> failure) {
        return new Procedure<>(
                number,
                name,
                decoder,
                (call, arguments) -> handle(call, arguments, work, failure),
                Result::write,
                Replay.IDEMPOTENT,
                Execution.WORKER);
    }

    /** A procedure whose repetition would fail: a retransmission gets the first answer, also from the next node. */
    public <A, T extends Item, F extends Item> Procedure<A, Result<T, F>> changes(
            int number, String name, XdrDecoder<A> decoder, Work<A, T> work, Failure<A, F> failure) {
        return replayed(Replay.KEPT, looks(number, name, decoder, work, failure));
    }

    /** Likewise; where the server is killed before it answered, the next node looks for what the procedure did. */
    private <A, T extends Item, F extends Item> Procedure<A, Result<T, F>> changes(
            int number,
            String name,
            XdrDecoder<A> decoder,
            Work<A, T> work,
            Failure<A, F> failure,
            Finding<A, T> finding) {
        Procedure<A, Result<T, F>> row = changes(number, name, decoder, work, failure);
        return new Procedure<>(
                number,
                name,
                decoder,
                row.handler(),
                row.encoder(),
                row.replay(),
                row.execution(),
                (local, arguments, note) -> find(new Aftermath(resolver, local, Trace.read(note)), arguments, finding));
    }

    private static <A, T extends Item, F extends Item> Result<T, F> find(
            Aftermath aftermath, A arguments, Finding<A, T> finding) {
        try {
            T result = finding.find(aftermath, arguments);
            return result == null ? null : new Result.Ok<>(result);
        } catch (NfsException | VfsException e) {
            LOG.debug("nfsd: what became of a call cannot be found out", e);
            return null;
        }
    }

    /**
     * WRITE is cached, since a second copy could put old data over newer ones that the client wrote after the first answer. It is
     * not kept for the next node, which gets only copies of what had no answer: newer data were not written yet.
     */
    private static <A, R> Procedure<A, R> replayed(Replay replay, Procedure<A, R> row) {
        return new Procedure<>(
                row.number(), row.name(), row.decoder(), row.handler(), row.encoder(), replay, row.execution());
    }

    private <A, T extends Item, F extends Item> Result<T, F> handle(
            RpcCall call, A arguments, Work<A, T> work, Failure<A, F> failure) {
        Request request = new Request(resolver, call);
        Result<T, F> result = handle(request, arguments, work, failure);
        if (result instanceof Result.Fail<T, F> fail
                && fail.status() == NfsStat3.NFS3ERR_STALE
                && request.cameTooLate()) {
            return handle(new Request(resolver, call), arguments, work, failure);
        }
        return result;
    }

    private <A, T extends Item, F extends Item> Result<T, F> handle(
            Request request, A arguments, Work<A, T> work, Failure<A, F> failure) {
        NfsStat3 status;
        try {
            return new Result.Ok<>(work.run(request, arguments));
        } catch (NfsException e) {
            status = e.status();
        } catch (VfsException e) {
            status = NfsException.statusOf(e);
            if (status == NfsStat3.NFS3ERR_IO || status == NfsStat3.NFS3ERR_SERVERFAULT) {
                resolver.troubles().warn("nfsd: the file system failed: " + e.getMessage());
            }
        }
        return new Result.Fail<>(status, failure.describe(request, arguments));
    }
}
