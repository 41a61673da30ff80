package io.mooring.nfsd.internal.nfs3;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static io.mooring.nfsd.internal.testing.NfsKit.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.wire.Nfs3.FType3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.SpecData3;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.DirOpArgs3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Link3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNod3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNodData3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Rename3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Symlink3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Link3Wcc;
import io.mooring.nfsd.internal.wire.Nfs3Results.Lookup3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.ReadLink3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Rename3Wcc;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.NewAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameProceduresTest {
    private final NfsKit kit = new NfsKit("/a *(rw)\n/b *(rw)\n/ro *(ro)");
    private final NfsFh3 root = kit.root("/a");

    private static Create3Args unchecked(NfsFh3 directory, String name) {
        return new Create3Args(at(directory, name), new CreateHow3.Unchecked(SAttr3.NONE));
    }

    private NfsFh3 create(String name) {
        return kit.ok("CREATE", unchecked(root, name), Create3ResOk::read).obj().handle();
    }

    @Test
    void lookupFindsWhatWasMade() {
        NfsFh3 file = create("f");
        Lookup3ResOk found = kit.ok("LOOKUP", at(root, "f"), Lookup3ResOk::read);
        assertThat(found.object().data()).isEqualTo(file.data());
        assertThat(found.objAttributes().attributes().type()).isEqualTo(FType3.NF3REG);
        assertThat(found.dirAttributes().attributes().type()).isEqualTo(FType3.NF3DIR);
        assertThat(kit.fails("LOOKUP", at(root, "g"), NfsStat3.NFS3ERR_NOENT, PostOpAttr::read)
                        .attributes())
                .isNotNull();
        kit.fails("LOOKUP", at(file, "g"), NfsStat3.NFS3ERR_NOTDIR, PostOpAttr::read);
    }

    @Test
    void dotDotOfTheRootIsTheRoot() {
        for (String name : new String[] {".", ".."}) {
            assertThat(kit.ok("LOOKUP", at(root, name), Lookup3ResOk::read)
                            .object()
                            .data())
                    .isEqualTo(root.data());
        }
    }

    @Test
    void createHow() {
        kit.ok("CREATE", unchecked(root, "f"), Create3ResOk::read);
        Create3ResOk again = kit.ok("CREATE", unchecked(root, "f"), Create3ResOk::read);
        assertThat(again.objAttributes().attributes()).isNotNull();
        assertThat(again.dirWcc().before()).isNotNull();
        assertThat(again.dirWcc().after()).isNotNull();
        WccData wcc = kit.fails(
                "CREATE",
                new Create3Args(at(root, "f"), new CreateHow3.Guarded(SAttr3.NONE)),
                NfsStat3.NFS3ERR_EXIST,
                WccData::read);
        assertThat(wcc.after()).isNotNull();
        assertThat(kit.fileSystem("/a").lastCreateMode).isEqualTo(new CreateMode.Guarded(NewAttributes.NONE));
        kit.ok("CREATE", new Create3Args(at(root, "g"), new CreateHow3.Exclusive(77)), Create3ResOk::read);
        assertThat(kit.fileSystem("/a").lastCreateMode).isEqualTo(new CreateMode.Exclusive(77));
    }

    @Test
    void symlinksAreOpaqueBytes() {
        byte[] target = bytes("../\u00ff/x");
        NfsFh3 link = kit.ok("SYMLINK", new Symlink3Args(at(root, "l"), SAttr3.NONE, target), Create3ResOk::read)
                .obj()
                .handle();
        ReadLink3ResOk read = kit.ok("READLINK", link, ReadLink3ResOk::read);
        assertThat(read.data()).isEqualTo(target);
        assertThat(read.symlinkAttributes().attributes().type()).isEqualTo(FType3.NF3LNK);
        kit.fails("READLINK", root, NfsStat3.NFS3ERR_INVAL, PostOpAttr::read);
        for (String bad : new String[] {"", "a\0b"}) {
            Symlink3Args args = new Symlink3Args(at(root, "m"), SAttr3.NONE, bytes(bad));
            kit.fails("SYMLINK", args, NfsStat3.NFS3ERR_INVAL, WccData::read);
        }
    }

    @ParameterizedTest
    @CsvSource({"NF3FIFO,NF3FIFO", "NF3SOCK,NF3SOCK", "NF3CHR,NF3CHR", "NF3BLK,NF3BLK"})
    void mkNodMakesSpecialFiles(FType3 wanted, FType3 made) {
        boolean device = wanted == FType3.NF3CHR || wanted == FType3.NF3BLK;
        MkNodData3 what = new MkNodData3(wanted, SAttr3.NONE, device ? new SpecData3(1, 3) : null);
        Create3ResOk ok = kit.ok("MKNOD", new MkNod3Args(at(root, "n"), what), Create3ResOk::read);
        assertThat(ok.objAttributes().attributes().type()).isEqualTo(made);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NF3REG", "NF3DIR", "NF3LNK"})
    void mkNodMakesNothingElse(FType3 type) {
        MkNod3Args args = new MkNod3Args(at(root, "n"), new MkNodData3(type, null, null));
        kit.fails("MKNOD", args, NfsStat3.NFS3ERR_BADTYPE, WccData::read);
    }

    @Test
    void removeAndRmDir() {
        create("f");
        kit.ok("MKDIR", new MkDir3Args(at(root, "d"), SAttr3.NONE), Create3ResOk::read);
        WccData removed = kit.ok("REMOVE", at(root, "f"), WccData::read);
        assertThat(removed.before()).isNotNull();
        assertThat(removed.after()).isNotNull();
        kit.ok("RMDIR", at(root, "d"), WccData::read);
        assertThat(kit.fails("REMOVE", at(root, "f"), NfsStat3.NFS3ERR_NOENT, WccData::read)
                        .after())
                .isNotNull();
        assertThat(kit.fails("RMDIR", at(root, "d"), NfsStat3.NFS3ERR_NOENT, WccData::read)
                        .after())
                .isNotNull();
    }

    @Test
    void renameTellsOfBothDirectories() {
        create("f");
        NfsFh3 directory = kit.ok("MKDIR", new MkDir3Args(at(root, "d"), SAttr3.NONE), Create3ResOk::read)
                .obj()
                .handle();
        Rename3Wcc ok = kit.ok("RENAME", new Rename3Args(at(root, "f"), at(directory, "g")), Rename3Wcc::read);
        assertThat(ok.fromdirWcc().before()).isNotNull();
        assertThat(ok.todirWcc().after()).isNotNull();
        kit.ok("LOOKUP", at(directory, "g"), Lookup3ResOk::read);
        Rename3Wcc failed = kit.fails(
                "RENAME", new Rename3Args(at(root, "f"), at(directory, "h")), NfsStat3.NFS3ERR_NOENT, Rename3Wcc::read);
        assertThat(failed.fromdirWcc().after()).isNotNull();
        assertThat(failed.todirWcc().after().fileid())
                .isNotEqualTo(failed.fromdirWcc().after().fileid());
    }

    @Test
    void nothingMovesBetweenExports() {
        NfsFh3 file = create("f");
        NfsFh3 other = kit.root("/b");
        Rename3Wcc rename = kit.fails(
                "RENAME", new Rename3Args(at(root, "f"), at(other, "f")), NfsStat3.NFS3ERR_XDEV, Rename3Wcc::read);
        assertThat(rename.todirWcc().after()).isNotNull();
        Link3Wcc link = kit.fails("LINK", new Link3Args(file, at(other, "f")), NfsStat3.NFS3ERR_XDEV, Link3Wcc::read);
        assertThat(link.fileAttributes().attributes()).isNotNull();
        assertThat(link.linkdirWcc().after()).isNotNull();
    }

    @Test
    void linkTellsOfFileAndDirectory() {
        NfsFh3 file = create("f");
        Link3Wcc ok = kit.ok("LINK", new Link3Args(file, at(root, "g")), Link3Wcc::read);
        assertThat(ok.fileAttributes().attributes().nlink()).isEqualTo(2);
        assertThat(ok.linkdirWcc().before()).isNotNull();
    }

    /** What is done to a name in a directory, and the arguments for it. */
    private Map<String, Item> making(DirOpArgs3 where) {
        Map<String, Item> calls = new LinkedHashMap<>();
        calls.put("CREATE", new Create3Args(where, new CreateHow3.Unchecked(SAttr3.NONE)));
        calls.put("MKDIR", new MkDir3Args(where, SAttr3.NONE));
        calls.put("SYMLINK", new Symlink3Args(where, SAttr3.NONE, bytes("x")));
        calls.put("MKNOD", new MkNod3Args(where, new MkNodData3(FType3.NF3FIFO, SAttr3.NONE, null)));
        return calls;
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void dotsExist(String dots) {
        making(at(root, dots))
                .forEach((name, args) -> assertThat(kit.fails(name, args, NfsStat3.NFS3ERR_EXIST, WccData::read)
                                .after())
                        .isNotNull());
        kit.fails("LINK", new Link3Args(create("f"), at(root, dots)), NfsStat3.NFS3ERR_EXIST, Link3Wcc::read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "/", "a\0", "\0"})
    void impossibleNames(String name) {
        NfsFh3 file = create("f");
        making(at(root, name)).forEach((call, args) -> kit.fails(call, args, NfsStat3.NFS3ERR_INVAL, WccData::read));
        kit.fails("LINK", new Link3Args(file, at(root, name)), NfsStat3.NFS3ERR_INVAL, Link3Wcc::read);
        kit.fails("REMOVE", at(root, name), NfsStat3.NFS3ERR_INVAL, WccData::read);
        kit.fails("RMDIR", at(root, name), NfsStat3.NFS3ERR_INVAL, WccData::read);
        kit.fails("LOOKUP", at(root, name), NfsStat3.NFS3ERR_ACCES, PostOpAttr::read);
        Rename3Args to = new Rename3Args(at(root, "f"), at(root, name));
        kit.fails("RENAME", to, NfsStat3.NFS3ERR_INVAL, Rename3Wcc::read);
        Rename3Args from = new Rename3Args(at(root, name), at(root, "f"));
        kit.fails("RENAME", from, NfsStat3.NFS3ERR_INVAL, Rename3Wcc::read);
    }

    @Test
    void dotsCannotBeRemovedOrMoved() {
        create("f");
        kit.fails("REMOVE", at(root, "."), NfsStat3.NFS3ERR_INVAL, WccData::read);
        kit.fails("REMOVE", at(root, ".."), NfsStat3.NFS3ERR_INVAL, WccData::read);
        kit.fails("RMDIR", at(root, "."), NfsStat3.NFS3ERR_INVAL, WccData::read);
        kit.fails("RMDIR", at(root, ".."), NfsStat3.NFS3ERR_EXIST, WccData::read);
        for (String dots : new String[] {".", ".."}) {
            Rename3Args to = new Rename3Args(at(root, "f"), at(root, dots));
            kit.fails("RENAME", to, NfsStat3.NFS3ERR_INVAL, Rename3Wcc::read);
            Rename3Args from = new Rename3Args(at(root, dots), at(root, "f"));
            kit.fails("RENAME", from, NfsStat3.NFS3ERR_INVAL, Rename3Wcc::read);
        }
    }

    @Test
    void namesOf255BytesAndNoMore() {
        String longest = "\u00fe".repeat(255);
        create(longest);
        kit.ok("LOOKUP", at(root, longest), Lookup3ResOk::read);
        String longer = longest + "x";
        making(at(root, longer))
                .forEach((call, args) -> kit.fails(call, args, NfsStat3.NFS3ERR_NAMETOOLONG, WccData::read));
        kit.fails("LOOKUP", at(root, longer), NfsStat3.NFS3ERR_NAMETOOLONG, PostOpAttr::read);
        kit.fails("REMOVE", at(root, longer), NfsStat3.NFS3ERR_NAMETOOLONG, WccData::read);
    }

    @Test
    void aReadOnlyExportIsNotChanged() {
        NfsFh3 readOnly = kit.root("/ro");
        making(at(readOnly, "x"))
                .forEach((call, args) -> assertThat(kit.fails(call, args, NfsStat3.NFS3ERR_ROFS, WccData::read)
                                .after())
                        .isNotNull());
        kit.fails("REMOVE", at(readOnly, "x"), NfsStat3.NFS3ERR_ROFS, WccData::read);
        kit.fails("RMDIR", at(readOnly, "x"), NfsStat3.NFS3ERR_ROFS, WccData::read);
        Rename3Args rename = new Rename3Args(at(readOnly, "x"), at(readOnly, "y"));
        kit.fails("RENAME", rename, NfsStat3.NFS3ERR_ROFS, Rename3Wcc::read);
        kit.fails("LINK", new Link3Args(readOnly, at(readOnly, "y")), NfsStat3.NFS3ERR_ROFS, Link3Wcc::read);
    }
}
