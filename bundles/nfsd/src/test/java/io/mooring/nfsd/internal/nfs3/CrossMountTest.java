package io.mooring.nfsd.internal.nfs3;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static io.mooring.nfsd.internal.testing.NfsKit.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.testing.FakeCall;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.testing.ProcedureKit;
import io.mooring.nfsd.internal.wire.Mount3.DirPath;
import io.mooring.nfsd.internal.wire.Mount3.MountRes3;
import io.mooring.nfsd.internal.wire.Mount3.MountStat3;
import io.mooring.nfsd.internal.wire.Nfs3.FAttr3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Link3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.ReadDirPlus3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Rename3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.EntryPlus3;
import io.mooring.nfsd.internal.wire.Nfs3Results.GetAttr3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Link3Wcc;
import io.mooring.nfsd.internal.wire.Nfs3Results.Lookup3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.ReadDirPlus3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Rename3Wcc;
import io.mooring.vfs.VfsException.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The option crossmnt: file systems that are mounted below an export. */
class CrossMountTest {
    private final NfsKit kit = new NfsKit("/srv *(rw,crossmnt,fsid=7)\n/plain *(rw)\n");
    private final NfsFh3 root = kit.root("/srv");

    private NfsFh3 lookup(NfsFh3 directory, String name) {
        return kit.ok("LOOKUP", at(directory, name), Lookup3ResOk::read).object();
    }

    private FAttr3 attributes(NfsFh3 handle) {
        return kit.ok("GETATTR", handle, GetAttr3ResOk::read).objAttributes();
    }

    private NfsFh3 create(NfsFh3 directory, String name) {
        Create3Args args = new Create3Args(at(directory, name), new CreateHow3.Unchecked(SAttr3.NONE));
        return kit.ok("CREATE", args, Create3ResOk::read).obj().handle();
    }

    private void lookupFails(NfsFh3 directory, String name, NfsStat3 status) {
        kit.fails("LOOKUP", at(directory, name), status, PostOpAttr::read);
    }

    private void getAttrFails(NfsFh3 handle, NfsStat3 status) {
        kit.fails("GETATTR", handle, status, r -> w -> {});
    }

    private MountRes3 mnt(String path) {
        return ProcedureKit.call(kit.mount(3), "MNT", kit.call, new DirPath(bytes(path)), MountRes3::read);
    }

    @Test
    void withoutTheOptionNobodyCrosses() {
        kit.mount(50, "/plain", "m");
        lookupFails(kit.root("/plain"), "m", NfsStat3.NFS3ERR_ACCES);
        assertThat(mnt("/plain/m")).isEqualTo(new MountRes3.Fail(MountStat3.MNT3ERR_ACCES));
        assertThat(kit.exports.get().implied()).isEmpty();
    }

    @Test
    void aMountIsAFileSystemOfItsOwn() {
        kit.mount(50, "/srv", "m");
        Lookup3ResOk found = kit.ok("LOOKUP", at(root, "m"), Lookup3ResOk::read);
        long fsid = found.objAttributes().attributes().fsid();
        assertThat(fsid).isNotEqualTo(7);
        assertThat(found.dirAttributes().attributes().fsid()).isEqualTo(7);
        assertThat(attributes(found.object()).fsid()).isEqualTo(fsid);
        assertThat(attributes(create(found.object(), "f")).fsid()).isEqualTo(fsid);
        assertThat(kit.fileSystem("/srv/m").lastCreateMode).isNotNull();
        assertThat(lookup(found.object(), "..").data()).isEqualTo(found.object().data());
        assertThat(((MountRes3.Ok) mnt("/srv/m")).fhandle().data())
                .isEqualTo(found.object().data());
    }

    @Test
    void aListingTellsTheNameAndTheClientLooksUp() {
        NfsFh3 directory = kit.ok("MKDIR", new MkDir3Args(at(root, "m"), SAttr3.NONE), Create3ResOk::read)
                .obj()
                .handle();
        assertThat(directory.data()).isNotEmpty();
        kit.mount(50, "/srv", "m");
        ReadDirPlus3ResOk list =
                kit.ok("READDIRPLUS", new ReadDirPlus3Args(root, 0, 0, 4096, 8192), ReadDirPlus3ResOk::read);
        EntryPlus3 entry = list.entries().stream()
                .filter(each -> new String(each.entry().name(), StandardCharsets.UTF_8).equals("m"))
                .findFirst()
                .orElseThrow();
        assertThat(entry.nameHandle().handle()).isNull();
        assertThat(entry.nameAttributes().attributes()).isNull();
    }

    @Test
    void nothingMovesAcross() {
        kit.mount(50, "/srv", "m");
        NfsFh3 mounted = lookup(root, "m");
        NfsFh3 file = create(root, "f");
        kit.fails("RENAME", new Rename3Args(at(root, "f"), at(mounted, "f")), NfsStat3.NFS3ERR_XDEV, Rename3Wcc::read);
        kit.fails("LINK", new Link3Args(file, at(mounted, "f")), NfsStat3.NFS3ERR_XDEV, Link3Wcc::read);
    }

    /** The fsid is part of handles that clients hold: it may never be made in another way. */
    @Test
    void handlesHoldOverRestarts() {
        kit.mount(50, "/srv", "m");
        NfsFh3 mounted = lookup(root, "m");
        NfsKit restarted = new NfsKit("/srv *(rw,crossmnt,fsid=7)\n");
        restarted.mount(99, "/srv", "m");
        FAttr3 attributes =
                restarted.ok("GETATTR", mounted, GetAttr3ResOk::read).objAttributes();
        assertThat(attributes.fsid()).isEqualTo(0x6019255ec81d2dc6L);
        assertThat(restarted.exports.get().implied()).hasSize(1);
    }

    @Test
    void mountsInMounts() {
        kit.mount(50, "/srv", "m");
        NfsFh3 outer = lookup(root, "m");
        kit.mount(51, "/srv/m", "n");
        NfsFh3 inner = lookup(outer, "n");
        assertThat(attributes(inner).fsid()).isNotEqualTo(attributes(outer).fsid());
        assertThat(((MountRes3.Ok) mnt("/srv/m/n")).fhandle().data()).isEqualTo(inner.data());
        // The inner one is found by its handle alone.
        kit.later = Duration.ofMinutes(2);
        kit.exports.refresh();
        assertThat(kit.exports.get().implied()).isEmpty();
        attributes(inner);
        assertThat(kit.exports.get().implied())
                .extracting(e -> e.definition().path().toString())
                .containsExactly("/srv/m/n");
    }

    @Test
    void theOptionsAreThoseOfTheExportAround() {
        kit.export("/srv 10.0.0.1(ro,crossmnt) 10.0.0.2(rw) 10.0.0.3(rw,crossmnt)\n");
        NfsFh3 top = kit.root("/srv");
        kit.mount(50, "/srv", "m");
        NfsFh3 mounted = lookup(top, "m");
        Create3Args create = new Create3Args(at(mounted, "f"), new CreateHow3.Unchecked(SAttr3.NONE));
        kit.fails("CREATE", create, NfsStat3.NFS3ERR_ROFS, WccData::read);
        kit.call = FakeCall.ordinary().from("10.0.0.2", 700);
        lookupFails(top, "m", NfsStat3.NFS3ERR_ACCES);
        getAttrFails(mounted, NfsStat3.NFS3ERR_ACCES);
        kit.call = FakeCall.ordinary().from("10.0.0.3", 700);
        create(lookup(top, "m"), "f");
        kit.call = FakeCall.ordinary().from("10.0.0.3", 7000);
        getAttrFails(mounted, NfsStat3.NFS3ERR_ACCES);
    }

    @Test
    void anExportOfItsOwnDecides() {
        kit.export("/srv *(rw,crossmnt,fsid=7)\n/srv/m 10.0.0.1(ro,fsid=8)\n");
        kit.mount(50, "/srv", "m");
        NfsFh3 mounted = lookup(root, "m");
        assertThat(attributes(mounted).fsid()).isEqualTo(8);
        kit.mount(51, "/srv/m", "n");
        lookupFails(mounted, "n", NfsStat3.NFS3ERR_ACCES);
        kit.call = FakeCall.ordinary().from("10.0.0.2", 700);
        lookupFails(root, "m", NfsStat3.NFS3ERR_ACCES);
        assertThat(kit.exports.get().implied()).isEmpty();
    }

    @Test
    void anExportOfItsOwnThatComesLaterTakesOver() {
        kit.mount(50, "/srv", "m");
        NfsFh3 implied = lookup(root, "m");
        kit.export("/srv *(rw,crossmnt,fsid=7)\n/srv/m *(ro)\n");
        getAttrFails(implied, NfsStat3.NFS3ERR_STALE);
        assertThat(lookup(root, "m").data()).isEqualTo(kit.root("/srv/m").data());
        kit.export("/srv *(rw,crossmnt,fsid=7)\n");
        attributes(implied);
    }

    @Test
    void anExportOfItsOwnThatIsNotServedIsNotPassedBy() {
        kit.export("/srv *(rw,crossmnt,fsid=7)\n/srv/missing *(ro)\n");
        kit.mount(50, "/srv", "missing");
        lookupFails(root, "missing", NfsStat3.NFS3ERR_JUKEBOX);
        kit.export("/srv *(rw,crossmnt,fsid=7)\n/srv/m *(wr)\n");
        kit.mount(51, "/srv", "m");
        lookupFails(root, "m", NfsStat3.NFS3ERR_ACCES);
        assertThat(kit.exports.get().implied()).isEmpty();
    }

    @Test
    void aReloadAppliesTheNewOptionsToTheSameFileSystem() {
        kit.mount(50, "/srv", "m");
        NfsFh3 mounted = lookup(root, "m");
        create(mounted, "f");
        kit.export("/srv *(ro,crossmnt,fsid=7)\n");
        lookup(mounted, "f");
        Create3Args create = new Create3Args(at(mounted, "g"), new CreateHow3.Unchecked(SAttr3.NONE));
        kit.fails("CREATE", create, NfsStat3.NFS3ERR_ROFS, WccData::read);
        kit.export("/srv *(rw,fsid=7)\n");
        getAttrFails(mounted, NfsStat3.NFS3ERR_STALE);
        lookupFails(root, "m", NfsStat3.NFS3ERR_ACCES);
    }

    @Test
    void whatIsUnmountedIsLetGoAndStale() {
        kit.mount(50, "/srv", "m");
        NfsFh3 mounted = lookup(root, "m");
        kit.unmount(50);
        kit.exports.refresh();
        assertThat(kit.fileSystem("/srv/m").closed).isTrue();
        getAttrFails(mounted, NfsStat3.NFS3ERR_STALE);
        lookupFails(root, "m", NfsStat3.NFS3ERR_NOENT);
        attributes(root);
        kit.mount(51, "/srv", "m");
        attributes(mounted);
    }

    /** An open file system could not be unmounted. */
    @Test
    void whatNobodyUsesIsLetGo() {
        kit.mount(50, "/srv", "m");
        kit.mount(51, "/srv", "used");
        NfsFh3 mounted = lookup(root, "m");
        NfsFh3 used = lookup(root, "used");
        kit.later = Duration.ofSeconds(50);
        attributes(used);
        kit.exports.refresh();
        assertThat(kit.fileSystem("/srv/m").closed).isFalse();
        kit.later = Duration.ofSeconds(70);
        kit.exports.refresh();
        assertThat(kit.fileSystem("/srv/m").closed).isTrue();
        assertThat(kit.fileSystem("/srv/used").closed).isFalse();
        attributes(mounted);
        assertThat(kit.fileSystem("/srv/m").closed).isFalse();
    }

    @Test
    void aCallThatComesTooLateIsDoneAgain() {
        kit.mount(50, "/srv", "m");
        NfsFh3 mounted = lookup(root, "m");
        kit.fileSystem("/srv/m").beforeNext = () -> {
            kit.later = kit.later.plus(Duration.ofMinutes(2));
            kit.exports.refresh();
        };
        create(mounted, "f");
    }

    @Test
    void anotherMountOnTheSameDirectoryReplacesIt() {
        kit.mount(50, "/srv", "m");
        create(lookup(root, "m"), "old");
        var before = kit.fileSystem("/srv/m");
        kit.mount(51, "/srv", "m");
        lookupFails(lookup(root, "m"), "old", NfsStat3.NFS3ERR_NOENT);
        assertThat(before.closed).isTrue();
        assertThat(kit.exports.get().implied()).hasSize(1);
    }

    @Test
    void whatCannotBeOpenedHurtsNobody() {
        kit.mount(50, "/srv", "missing");
        lookupFails(root, "missing", NfsStat3.NFS3ERR_ACCES);
        kit.mount(51, "/srv", "hidden");
        lookupFails(root, "hidden", NfsStat3.NFS3ERR_ACCES);
        assertThat(mnt("/srv/hidden")).isEqualTo(new MountRes3.Fail(MountStat3.MNT3ERR_NOENT));
        kit.mount(52, "/srv", "m");
        kit.fileSystem("/srv").mounts.put("gone", 53L);
        lookupFails(root, "gone", NfsStat3.NFS3ERR_ACCES);
        attributes(lookup(root, "m"));
        kit.fileSystem("/srv").failWith = Status.IO;
        lookupFails(root, "m", NfsStat3.NFS3ERR_IO);
    }

    @Test
    void whileTheExportAroundIsAwaitedSoAreItsMounts() {
        kit.mount(50, "/srv", "m");
        NfsFh3 mounted = lookup(root, "m");
        NfsKit restarted = new NfsKit("/missing *(rw,crossmnt,fsid=7)\n");
        restarted.fails("GETATTR", mounted, NfsStat3.NFS3ERR_JUKEBOX, r -> w -> {});
        restarted.export("/missing *(rw,fsid=7)\n");
        restarted.fails("GETATTR", mounted, NfsStat3.NFS3ERR_STALE, r -> w -> {});
    }

    @Test
    void closingClosesThemToo() {
        kit.mount(50, "/srv", "m");
        NfsFh3 mounted = lookup(root, "m");
        kit.exports.close();
        assertThat(kit.fileSystem("/srv/m").closed).isTrue();
        getAttrFails(mounted, NfsStat3.NFS3ERR_STALE);
    }
}
