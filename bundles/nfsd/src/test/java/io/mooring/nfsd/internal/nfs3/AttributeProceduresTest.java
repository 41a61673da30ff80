package io.mooring.nfsd.internal.nfs3;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.wire.Nfs3.FAttr3;
import io.mooring.nfsd.internal.wire.Nfs3.FType3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsTime3;
import io.mooring.nfsd.internal.wire.Nfs3.Nothing;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.Access3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetAttr3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SetTime;
import io.mooring.nfsd.internal.wire.Nfs3Results.Access3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.FsInfo3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.FsStat3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.GetAttr3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Lookup3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.PathConf3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Transfer;
import io.mooring.sunrpc.Netid;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.VfsException.Status;
import org.junit.jupiter.api.Test;

class AttributeProceduresTest {
    private final NfsKit kit = new NfsKit("/a *(rw,fsid=7)\n/ro *(ro)");
    private final NfsFh3 root = kit.root("/a");

    @Test
    void getAttrTellsTheExportsFsid() {
        FAttr3 attributes = kit.ok("GETATTR", root, GetAttr3ResOk::read).objAttributes();
        assertThat(attributes.type()).isEqualTo(FType3.NF3DIR);
        assertThat(attributes.fsid()).isEqualTo(7);
        assertThat(attributes.fileid()).isEqualTo(1);
        assertThat(attributes.mode()).isEqualTo(0755);
        assertThat(attributes.mtime().nseconds()).isEqualTo(7);
        assertThat(attributes.ctime().nseconds()).isEqualTo(9);
    }

    private static SAttr3 mode(int mode) {
        return new SAttr3(mode, null, null, null, new SetTime.DontChange(), new SetTime.DontChange());
    }

    @Test
    void setAttrTellsBeforeAndAfter() {
        WccData wcc = kit.ok("SETATTR", new SetAttr3Args(root, mode(0100700), null), WccData::read);
        assertThat(wcc.before()).isNotNull();
        assertThat(wcc.after().mode()).isEqualTo(0700);
    }

    @Test
    void setAttrIsGuardedByCtime() {
        NfsTime3 ctime =
                kit.ok("GETATTR", root, GetAttr3ResOk::read).objAttributes().ctime();
        kit.ok("SETATTR", new SetAttr3Args(root, mode(0700), ctime), WccData::read);
        WccData wcc =
                kit.fails("SETATTR", new SetAttr3Args(root, mode(0), ctime), NfsStat3.NFS3ERR_NOT_SYNC, WccData::read);
        assertThat(wcc.after().mode()).isEqualTo(0700);
    }

    @Test
    void setAttrTimes() {
        SAttr3 times = new SAttr3(
                null,
                null,
                null,
                null,
                new SetTime.SetToServerTime(),
                new SetTime.SetToClientTime(new NfsTime3(0xf0000000, 999_999_999)));
        kit.ok("SETATTR", new SetAttr3Args(root, times, null), WccData::read);
        NewAttributes set = kit.fileSystem("/a").lastAttributes;
        assertThat(set.atime()).isSameAs(NewAttributes.NOW);
        assertThat(set.mtime()).isEqualTo(new FileTime(0xf0000000L, 999_999_999));
        SAttr3 epoch = new SAttr3(
                null, null, null, null, new SetTime.DontChange(), new SetTime.SetToClientTime(new NfsTime3(0, 0)));
        kit.ok("SETATTR", new SetAttr3Args(root, epoch, null), WccData::read);
        assertThat(kit.fileSystem("/a").lastAttributes.mtime()).isNotSameAs(NewAttributes.NOW);
        assertThat(kit.fileSystem("/a").lastAttributes.atime()).isNull();
        SAttr3 bad = new SAttr3(
                null,
                null,
                null,
                null,
                new SetTime.DontChange(),
                new SetTime.SetToClientTime(new NfsTime3(0, 1_000_000_000)));
        kit.fails("SETATTR", new SetAttr3Args(root, bad, null), NfsStat3.NFS3ERR_INVAL, WccData::read);
    }

    @Test
    void aSizeBeyond63BitsIsTooBig() {
        SAttr3 size = new SAttr3(null, null, null, -1L, new SetTime.DontChange(), new SetTime.DontChange());
        kit.fails("SETATTR", new SetAttr3Args(root, size, null), NfsStat3.NFS3ERR_FBIG, WccData::read);
    }

    @Test
    void accessOfAReadOnlyExportHasNoChanges() {
        assertThat(kit.ok("ACCESS", new Access3Args(root, 0x3f), Access3ResOk::read)
                        .access())
                .isEqualTo(0x3f);
        Access3ResOk readOnly = kit.ok("ACCESS", new Access3Args(kit.root("/ro"), 0x3f), Access3ResOk::read);
        assertThat(readOnly.access()).isEqualTo(0x23);
        assertThat(readOnly.objAttributes().attributes()).isNotNull();
    }

    @Test
    void fsStatIsTheFileSystems() {
        FsStat3ResOk stat = kit.ok("FSSTAT", root, FsStat3ResOk::read);
        assertThat(stat.tbytes()).isEqualTo(1000);
        assertThat(stat.fbytes()).isEqualTo(900);
        assertThat(stat.abytes()).isEqualTo(800);
        assertThat(stat.tfiles()).isEqualTo(100);
        assertThat(stat.ffiles()).isEqualTo(90);
        assertThat(stat.afiles()).isEqualTo(80);
    }

    @Test
    void fsInfoOffersLessOverUdp() {
        FsInfo3ResOk info = kit.ok("FSINFO", root, FsInfo3ResOk::read);
        assertThat(info.read()).isEqualTo(new Transfer(1 << 20, 1 << 20, 4096));
        assertThat(info.write()).isEqualTo(info.read());
        assertThat(info.dtpref()).isEqualTo(1 << 20);
        assertThat(info.maxfilesize()).isEqualTo(1L << 44);
        assertThat(info.timeDelta()).isEqualTo(new NfsTime3(0, 1));
        assertThat(info.properties()).isEqualTo(0x1b);
        kit.call = kit.call.by(Netid.UDP);
        assertThat(kit.ok("FSINFO", root, FsInfo3ResOk::read).read().max()).isEqualTo(32768);
    }

    @Test
    void pathConfIsTheFileSystems() {
        PathConf3ResOk conf = kit.ok("PATHCONF", root, PathConf3ResOk::read);
        assertThat(conf).isEqualTo(new PathConf3ResOk(conf.objAttributes(), 65000, 255, true, true, false, true));
        assertThat(conf.objAttributes().attributes()).isNotNull();
    }

    @Test
    void failuresTellAttributes() {
        for (String procedure : new String[] {"FSSTAT", "FSINFO", "PATHCONF", "READLINK"}) {
            kit.fileSystem("/a").failWith = Status.IO;
            PostOpAttr attributes = kit.fails(procedure, root, NfsStat3.NFS3ERR_IO, PostOpAttr::read);
            assertThat(attributes.attributes()).as(procedure).isNotNull();
        }
        kit.fileSystem("/a").failWith = Status.ACCES;
        assertThat(kit.fails("ACCESS", new Access3Args(root, 1), NfsStat3.NFS3ERR_ACCES, PostOpAttr::read)
                        .attributes())
                .isNotNull();
    }

    @Test
    void everyStatusOfTheFileSystemHasItsProtocolNumber() {
        for (Status status : Status.values()) {
            kit.fileSystem("/a").failWith = status;
            NfsStat3 number = NfsStat3.valueOf("NFS3ERR_" + status.name());
            kit.fails("ACCESS", new Access3Args(root, 1), number, PostOpAttr::read);
        }
        assertThat(kit.run("LOOKUP", at(root, "."), Lookup3ResOk::read, PostOpAttr::read))
                .isNotNull();
    }

    @Test
    void aStaleHandleHasNoAttributes() {
        NfsFh3 gone = new NfsFh3(kit.handles.encode(7, new io.mooring.vfs.FileId(new byte[8])));
        kit.fails("GETATTR", gone, NfsStat3.NFS3ERR_STALE, Nothing::read);
        assertThat(kit.fails("ACCESS", new Access3Args(gone, 1), NfsStat3.NFS3ERR_STALE, PostOpAttr::read))
                .isEqualTo(PostOpAttr.ABSENT);
    }
}
