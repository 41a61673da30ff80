package io.mooring.itests.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mooring.itests.crash.CallSocket.Target;
import io.mooring.nfsd.internal.wire.Mount3;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Nfs3;
import io.mooring.nfsd.internal.wire.Nfs3.FType3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsTime3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.DirOpArgs3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Link3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNod3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNodData3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Rename3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetAttr3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetTime;
import io.mooring.nfsd.internal.wire.Nfs3Args.Symlink3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.GetAttr3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Lookup3ResOk;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The calls that must not be done twice, one of each kind. Used by one thread. */
final class Changes {
    private static final int GETATTR = 1;
    private static final int SETATTR = 2;
    private static final int LOOKUP = 3;
    private static final SAttr3 PLAIN = mode(0700);
    private static final SAttr3 EMPTY =
            new SAttr3(0600, null, null, 0L, new SetTime.DontChange(), new SetTime.DontChange());

    private final CallSocket socket;
    private final NfsFh3 root;
    private final List<Change> all = new ArrayList<>();
    private int nextXid = 1000;

    /**
     * A call.
     *
     * @param again what it is answered where it was carried out before and nobody knows
     */
    record Change(String name, int xid, byte[] call, NfsStat3 again) {}

    private Changes(CallSocket socket, NfsFh3 root) {
        this.socket = socket;
        this.root = root;
    }

    /** In a directory that has the files "removed", "from", "file" and "attributes", and the directory "emptied". */
    static Changes in(CallSocket socket, Path export) throws Exception {
        Changes bare = new Changes(socket, null);
        byte[] path = export.toString().getBytes(US_ASCII);
        XdrReader mounted = bare.ask(new Target(Mount3.PROGRAM, Mount3.VERSION, 1), new DirPath(path));
        Changes changes = new Changes(socket, ((MountRes3.Ok) MountRes3.read(mounted)).fhandle());
        changes.nextXid = bare.nextXid;
        changes.prepare();
        return changes;
    }

    List<Change> all() {
        return all;
    }

    private static SAttr3 mode(int mode) {
        return new SAttr3(mode, null, null, null, new SetTime.DontChange(), new SetTime.DontChange());
    }

    private static Target nfs(int procedure) {
        return new Target(Nfs3.PROGRAM, Nfs3.VERSION, procedure);
    }

    private static byte[] encoded(Item item) {
        XdrWriter writer = XdrWriter.create();
        item.write(writer);
        return writer.toByteArray();
    }

    private XdrReader ask(Target target, Item arguments) throws Exception {
        int xid = nextXid++;
        socket.send(CallSocket.call(xid, target, encoded(arguments)));
        return socket.result(xid);
    }

    private XdrReader askNfs(int procedure, Item arguments) throws Exception {
        XdrReader result = ask(nfs(procedure), arguments);
        NfsStat3 status = NfsStat3.read(result);
        if (status != NfsStat3.NFS3_OK) {
            throw new IOException(procedure + ": " + status);
        }
        return result;
    }

    private DirOpArgs3 at(String name) {
        return new DirOpArgs3(root, name.getBytes(US_ASCII));
    }

    NfsFh3 handle(String name) throws Exception {
        return Lookup3ResOk.read(askNfs(LOOKUP, at(name))).object();
    }

    private NfsTime3 ctime(NfsFh3 file) throws Exception {
        return GetAttr3ResOk.read(askNfs(GETATTR, file)).objAttributes().ctime();
    }

    private void prepare() throws Exception {
        NfsFh3 guarded = handle("attributes");
        NfsStat3 exist = NfsStat3.NFS3ERR_EXIST;
        NfsStat3 gone = NfsStat3.NFS3ERR_NOENT;
        NfsStat3 ok = NfsStat3.NFS3_OK;
        add("SETATTR", SETATTR, new SetAttr3Args(guarded, mode(0604), ctime(guarded)), NfsStat3.NFS3ERR_NOT_SYNC);
        add("CREATE exclusive", 8, new Create3Args(at("exclusive"), new CreateHow3.Exclusive(77)), ok);
        add("CREATE guarded", 8, new Create3Args(at("guarded"), new CreateHow3.Guarded(EMPTY)), exist);
        add("CREATE unchecked", 8, new Create3Args(at("unchecked"), new CreateHow3.Unchecked(EMPTY)), ok);
        add("MKDIR", 9, new MkDir3Args(at("made"), PLAIN), exist);
        add("SYMLINK", 10, new Symlink3Args(at("symlink"), PLAIN, "to".getBytes(US_ASCII)), exist);
        add("MKNOD", 11, new MkNod3Args(at("fifo"), new MkNodData3(FType3.NF3FIFO, PLAIN, null)), exist);
        add("REMOVE", 12, at("removed"), gone);
        add("RMDIR", 13, at("emptied"), gone);
        add("RENAME", 14, new Rename3Args(at("from"), at("to")), gone);
        add("LINK", 15, new Link3Args(handle("file"), at("linked")), exist);
    }

    private void add(String name, int procedure, Item arguments, NfsStat3 again) throws IOException {
        int xid = nextXid++;
        all.add(new Change(name, xid, CallSocket.call(xid, nfs(procedure), encoded(arguments)), again));
    }
}
