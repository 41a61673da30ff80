package io.mooring.nfsd.internal.nfs3;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static io.mooring.nfsd.internal.testing.NfsKit.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.testing.FakeCall;
import io.mooring.nfsd.internal.testing.MemoryFileSystem;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.testing.ProcedureKit;
import io.mooring.nfsd.internal.wire.Nfs3.FType3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsTime3;
import io.mooring.nfsd.internal.wire.Nfs3.Result;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Link3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNod3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNodData3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Rename3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetAttr3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetTime;
import io.mooring.nfsd.internal.wire.Nfs3Args.Symlink3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.GetAttr3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Link3Wcc;
import io.mooring.nfsd.internal.wire.Nfs3Results.Rename3Wcc;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is found out of calls that were carried out and not answered, when the change is there and when it is not. */
class AftermathTest {
    private static final InetAddress LOCAL = NfsKit.address("10.0.0.9");

    private final NfsKit kit = new NfsKit("/a *(rw)");
    private final NfsFh3 root = kit.root("/a");
    private final MemoryFileSystem files = kit.fileSystem("/a");
    private final FileId directory = files.root();

    /** A call that takes notes, as one to a moored address. */
    private static final class NotingCall implements RpcCall {
        private final FakeCall ordinary = FakeCall.ordinary();
        byte[] note;

        @Override
        public boolean takesNotes() {
            return true;
        }

        @Override
        public <N> void note(XdrEncoder<N> encoder, N value) {
            XdrWriter writer = XdrWriter.create();
            encoder.write(value, writer);
            note = writer.toByteArray();
        }

        @Override
        public int xid() {
            return ordinary.xid();
        }

        @Override
        public RpcCredential credential() {
            return ordinary.credential();
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return ordinary.remoteAddress();
        }

        @Override
        public InetSocketAddress localAddress() {
            return ordinary.localAddress();
        }

        @Override
        public Netid transport() {
            return ordinary.transport();
        }

        @Override
        public RpcBuffer allocate(int size) {
            return ordinary.allocate(size);
        }
    }

    private static byte[] encoded(Item item) {
        XdrWriter writer = XdrWriter.create();
        item.write(writer);
        return writer.toByteArray();
    }

    /** Calls a procedure that must succeed; gives what it noted. */
    private byte[] noted(String procedure, Item arguments) {
        NotingCall call = new NotingCall();
        byte[] reply = ProcedureKit.call(ProcedureKit.row(kit.nfs(), procedure), call, encoded(arguments));
        assertThat(reply).startsWith(0, 0, 0, NfsStat3.NFS3_OK.value());
        assertThat(call.note).as("note of " + procedure).isNotNull();
        return call.note;
    }

    /** The result that is found; null: none. */
    private <T extends Item> T found(String procedure, Item arguments, byte[] note, XdrDecoder<T> resok) {
        return found(ProcedureKit.row(kit.nfs(), procedure), encoded(arguments), note, resok);
    }

    private static <A, R, T extends Item> T found(
            Procedure<A, R> row, byte[] arguments, byte[] note, XdrDecoder<T> resok) {
        try {
            R result = row.recovery().recover(LOCAL, row.decoder().read(XdrReader.of(arguments)), XdrReader.of(note));
            if (result == null) {
                return null;
            }
            XdrWriter writer = XdrWriter.create();
            row.encoder().write(result, writer);
            Result<T, Item> read = ProcedureKit.decode(writer.toByteArray(), r -> Result.read(r, resok, f -> w -> {}));
            return ((Result.Ok<T, Item>) read).resok();
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
    }

    private FileId id(String name) throws Exception {
        return files.lookup(Caller.ROOT, directory, bytes(name)).id();
    }

    private NfsFh3 create(String name) {
        Create3Args args = new Create3Args(at(root, name), new CreateHow3.Guarded(SAttr3.NONE));
        return kit.ok("CREATE", args, Create3ResOk::read).obj().handle();
    }

    private static Map<String, Item> creations(NfsFh3 root) {
        Map<String, Item> creations = new LinkedHashMap<>();
        creations.put("CREATE", new Create3Args(at(root, "x"), new CreateHow3.Guarded(SAttr3.NONE)));
        creations.put("MKDIR", new MkDir3Args(at(root, "x"), SAttr3.NONE));
        creations.put("SYMLINK", new Symlink3Args(at(root, "x"), SAttr3.NONE, bytes("to")));
        creations.put("MKNOD", new MkNod3Args(at(root, "x"), new MkNodData3(FType3.NF3FIFO, SAttr3.NONE, null)));
        return creations;
    }

    @Test
    void whatWasCreatedIsThereUnderWhateverName() throws Exception {
        for (Map.Entry<String, Item> creation : creations(root).entrySet()) {
            String procedure = creation.getKey();
            byte[] note = noted(procedure, creation.getValue());
            FileId made = id("x");
            files.synced.clear();
            Create3ResOk ok = found(procedure, creation.getValue(), note, Create3ResOk::read);
            assertThat(ok.obj().handle().data()).isEqualTo(kit.handles.encode(fsid(), made));
            assertThat(ok.objAttributes().attributes()).isNotNull();
            assertThat(ok.dirWcc().after()).isNotNull();
            assertThat(files.synced).containsExactly(made, directory);
            files.rename(Caller.ROOT, directory, bytes("x"), directory, bytes("y"));
            assertThat(found(procedure, creation.getValue(), note, Create3ResOk::read))
                    .as(procedure + ", then renamed by somebody")
                    .isNotNull();
            files.remove(Caller.ROOT, directory, bytes("y"));
        }
    }

    private long fsid() {
        return kit.exports.get().exports().get(0).fsid();
    }

    @Test
    void whatWasCreatedAndIsLostIsNotFound() throws Exception {
        for (Map.Entry<String, Item> creation : creations(root).entrySet()) {
            byte[] note = noted(creation.getKey(), creation.getValue());
            files.remove(Caller.ROOT, directory, bytes("x"));
            files.synced.clear();
            assertThat(found(creation.getKey(), creation.getValue(), note, Create3ResOk::read))
                    .isNull();
            // Another one of that name is no proof.
            noted(creation.getKey(), creation.getValue());
            assertThat(found(creation.getKey(), creation.getValue(), note, Create3ResOk::read))
                    .isNull();
            assertThat(files.synced).isEmpty();
            files.remove(Caller.ROOT, directory, bytes("x"));
        }
    }

    @Test
    void whatWasCreatedWithoutItsAttributesIsNotFound() throws Exception {
        MkDir3Args args = new MkDir3Args(at(root, "x"), SAttr3.NONE);
        byte[] note = noted("MKDIR", args);
        files.lose(id("x"), 0, 0);
        assertThat(found("MKDIR", args, note, Create3ResOk::read)).isNull();
        files.lose(id("x"), 0755, 1);
        assertThat(found("MKDIR", args, note, Create3ResOk::read)).isNull();
        files.lose(id("x"), 0, -2);
        assertThat(found("MKDIR", args, note, Create3ResOk::read))
                .as("changed later")
                .isNotNull();
    }

    @Test
    void aRemovedNameIsNotTheObjectsAnyMore() throws Exception {
        NfsFh3 file = create("f");
        kit.ok("LINK", new Link3Args(file, at(root, "other")), Link3Wcc::read);
        byte[] note = noted("REMOVE", at(root, "f"));
        files.synced.clear();
        assertThat(found("REMOVE", at(root, "f"), note, WccData::read)).isNotNull();
        assertThat(files.synced).containsExactly(directory);
        create("f");
        assertThat(found("REMOVE", at(root, "f"), note, WccData::read))
                .as("somebody's new file of that name must not be removed")
                .isNotNull();
        files.remove(Caller.ROOT, directory, bytes("f"));
        files.link(Caller.ROOT, id("other"), directory, bytes("f"));
        assertThat(found("REMOVE", at(root, "f"), note, WccData::read))
                .as("it was lost")
                .isNull();
    }

    @Test
    void aRemovedDirectoryLikewise() throws Exception {
        kit.ok("MKDIR", new MkDir3Args(at(root, "d"), SAttr3.NONE), Create3ResOk::read);
        FileId made = id("d");
        byte[] note = noted("RMDIR", at(root, "d"));
        assertThat(found("RMDIR", at(root, "d"), note, WccData::read)).isNotNull();
        assertThat(files.synced).containsExactly(directory);
        assertThat(made).isNotNull();
    }

    @Test
    void aRenamedObjectHasTheNewNameAndNotTheOldOne() throws Exception {
        create("f");
        Rename3Args args = new Rename3Args(at(root, "f"), at(root, "g"));
        byte[] note = noted("RENAME", args);
        files.synced.clear();
        assertThat(found("RENAME", args, note, Rename3Wcc::read)).isNotNull();
        assertThat(files.synced).containsExactly(directory, directory);
        create("f");
        assertThat(found("RENAME", args, note, Rename3Wcc::read))
                .as("somebody's new file must not replace the one that was renamed")
                .isNotNull();
        files.rename(Caller.ROOT, directory, bytes("g"), directory, bytes("f"));
        assertThat(found("RENAME", args, note, Rename3Wcc::read))
                .as("it was lost")
                .isNull();
        files.link(Caller.ROOT, id("f"), directory, bytes("g"));
        assertThat(found("RENAME", args, note, Rename3Wcc::read))
                .as("it has both")
                .isNull();
        files.remove(Caller.ROOT, directory, bytes("f"));
        files.remove(Caller.ROOT, directory, bytes("g"));
        assertThat(found("RENAME", args, note, Rename3Wcc::read))
                .as("it has neither")
                .isNull();
    }

    @Test
    void aLinkedFileHasTheName() throws Exception {
        Link3Args args = new Link3Args(create("f"), at(root, "g"));
        byte[] note = noted("LINK", args);
        files.synced.clear();
        Link3Wcc ok = found("LINK", args, note, Link3Wcc::read);
        assertThat(ok.fileAttributes().attributes().nlink()).isEqualTo(2);
        assertThat(files.synced).containsExactly(id("f"), directory);
        files.remove(Caller.ROOT, directory, bytes("g"));
        assertThat(found("LINK", args, note, Link3Wcc::read)).isNull();
        create("g");
        assertThat(found("LINK", args, note, Link3Wcc::read)).as("another file").isNull();
    }

    private NfsTime3 ctime(NfsFh3 file) {
        return kit.ok("GETATTR", file, GetAttr3ResOk::read).objAttributes().ctime();
    }

    private static SAttr3 mode(int mode) {
        return new SAttr3(mode, null, null, null, new SetTime.DontChange(), new SetTime.DontChange());
    }

    @Test
    void attributesThatWereSetAreThereOrLaterOnes() throws Exception {
        NfsFh3 file = create("f");
        SetAttr3Args args = new SetAttr3Args(file, mode(0600), ctime(file));
        byte[] note = noted("SETATTR", args);
        files.synced.clear();
        assertThat(found("SETATTR", args, note, WccData::read).after().mode()).isEqualTo(0600);
        assertThat(files.synced).containsExactly(id("f"));
        kit.ok("SETATTR", new SetAttr3Args(file, mode(0640), null), WccData::read);
        assertThat(found("SETATTR", args, note, WccData::read)).as("later ones").isNotNull();
    }

    @Test
    void attributesThatAreLostAreNotFound() throws Exception {
        NfsFh3 file = create("f");
        SetAttr3Args args = new SetAttr3Args(file, mode(0600), ctime(file));
        byte[] note = noted("SETATTR", args);
        files.lose(id("f"), 0755, 0);
        assertThat(found("SETATTR", args, note, WccData::read))
                .as("of the same moment")
                .isNull();
        files.lose(id("f"), 0600, 1);
        assertThat(found("SETATTR", args, note, WccData::read)).as("earlier").isNull();
        files.lose(id("f"), 0600, -1);
        NfsTime3 guard = new NfsTime3(args.guard().seconds() + 1000, 0);
        assertThat(found("SETATTR", new SetAttr3Args(file, mode(0600), guard), note, WccData::read))
                .as("the clock went back, and times prove nothing")
                .isNull();
        files.remove(Caller.ROOT, directory, bytes("f"));
        assertThat(found("SETATTR", args, note, WccData::read)).isNull();
    }

    @Test
    void whatCannotBeLookedForIsNotFound() {
        byte[] note = noted("MKDIR", new MkDir3Args(at(root, "x"), SAttr3.NONE));
        NfsFh3 foreign = new NfsFh3(new byte[32]);
        assertThat(found("MKDIR", new MkDir3Args(at(foreign, "x"), SAttr3.NONE), note, Create3ResOk::read))
                .isNull();
        files.closed = true;
        assertThat(found("REMOVE", at(root, "x"), note, WccData::read)).isNull();
        assertThatThrownBy(() -> found("REMOVE", at(root, "x"), new byte[3], WccData::read))
                .hasCauseInstanceOf(XdrException.class);
    }
}
