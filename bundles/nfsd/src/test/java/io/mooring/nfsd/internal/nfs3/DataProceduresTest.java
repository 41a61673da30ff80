package io.mooring.nfsd.internal.nfs3;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static io.mooring.nfsd.internal.testing.NfsKit.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.nfsd.internal.wire.Nfs3Args.Commit3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.Read3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Args.StableHow;
import io.mooring.nfsd.internal.wire.Nfs3Args.Write3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Commit3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.FileData;
import io.mooring.nfsd.internal.wire.Nfs3Results.Read3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Write3ResOk;
import io.mooring.sunrpc.Netid;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException.Status;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DataProceduresTest {
    private final NfsKit kit = new NfsKit("/a *(rw)\n/ro *(ro)");
    private final NfsFh3 file = kit.ok(
                    "CREATE",
                    new Create3Args(at(kit.root("/a"), "f"), new CreateHow3.Unchecked(SAttr3.NONE)),
                    Create3ResOk::read)
            .obj()
            .handle();

    private Write3Args writing(long offset, String data) {
        return writing(offset, data, StableHow.FILE_SYNC);
    }

    private Write3Args writing(long offset, String data, StableHow stable) {
        ByteBuffer[] buffers = {ByteBuffer.wrap(bytes(data))};
        return new Write3Args(file, offset, data.length(), stable, buffers);
    }

    private String read(long offset, int count) {
        Read3ResOk ok = kit.ok("READ", new Read3Args(file, offset, count), Read3ResOk::read);
        byte[] data = ((FileData.Bytes) ok.data()).bytes();
        assertThat(ok.count()).isEqualTo(data.length);
        assertThat(ok.fileAttributes().attributes()).isNotNull();
        return new String(data, java.nio.charset.StandardCharsets.ISO_8859_1) + (ok.eof() ? "|" : "");
    }

    @Test
    void whatWasWrittenIsRead() {
        Write3ResOk written = kit.ok("WRITE", writing(2, "hello"), Write3ResOk::read);
        assertThat(written.count()).isEqualTo(5);
        assertThat(written.verf()).isEqualTo(kit.fileSystem("/a").writeVerifier());
        assertThat(written.fileWcc().before().size()).isZero();
        assertThat(written.fileWcc().after().size()).isEqualTo(7);
        assertThat(read(0, 100)).isEqualTo("\0\0hello|");
        assertThat(read(2, 4)).isEqualTo("hell");
        assertThat(read(6, 1)).isEqualTo("o|");
        assertThat(read(7, 1)).isEqualTo("|");
        assertThat(read(0, 0)).isEqualTo("");
    }

    @Test
    void nothingIsBeyond63Bits() {
        kit.ok("WRITE", writing(0, "hello"), Write3ResOk::read);
        assertThat(read(-1, 10)).isEqualTo("|");
        assertThat(read(Long.MAX_VALUE, 10)).isEqualTo("|");
        kit.fails("WRITE", writing(-1, "x"), NfsStat3.NFS3ERR_FBIG, WccData::read);
        kit.fails("WRITE", writing(Long.MAX_VALUE, "x"), NfsStat3.NFS3ERR_FBIG, WccData::read);
        kit.fails("COMMIT", new Commit3Args(file, -1, 0), NfsStat3.NFS3ERR_INVAL, WccData::read);
    }

    @ParameterizedTest
    @EnumSource(StableHow.class)
    void stabilityGoesDownAndComesBack(StableHow stable) {
        Write3ResOk written = kit.ok("WRITE", writing(0, "x", stable), Write3ResOk::read);
        assertThat(kit.fileSystem("/a").lastStability).isEqualTo(Stability.valueOf(stable.name()));
        assertThat(written.committed()).isEqualTo(stable);
    }

    @Test
    void aReadIsBoundedByTheTransfersMaximum() {
        kit.ok("WRITE", writing(0, "x".repeat(40_000)), Write3ResOk::read);
        assertThat(read(0, -1)).hasSize(40_001);
        kit.call = kit.call.by(Netid.UDP);
        assertThat(read(0, -1)).hasSize(32_768);
    }

    @Test
    void aCountThatIsNotTheDatasIsInvalid() {
        for (int count : new int[] {0, 2, 4, -1}) {
            ByteBuffer[] data = {ByteBuffer.wrap(new byte[3])};
            Write3Args args = new Write3Args(file, 0, count, StableHow.UNSTABLE, data);
            WccData wcc = kit.fails("WRITE", args, NfsStat3.NFS3ERR_INVAL, WccData::read);
            assertThat(wcc.after().size()).isZero();
        }
        Write3Args nothing = new Write3Args(file, 0, 0, StableHow.UNSTABLE, new ByteBuffer[0]);
        assertThat(kit.ok("WRITE", nothing, Write3ResOk::read).count()).isZero();
    }

    @Test
    void commitTellsTheVerifier() {
        Commit3ResOk ok = kit.ok("COMMIT", new Commit3Args(file, 0, 0), Commit3ResOk::read);
        assertThat(ok.verf()).isEqualTo(kit.fileSystem("/a").writeVerifier());
        assertThat(ok.fileWcc().after()).isNotNull();
    }

    @Test
    void failuresTellAttributes() {
        kit.fileSystem("/a").failWith = Status.NOSPC;
        assertThat(kit.fails("WRITE", writing(0, "x"), NfsStat3.NFS3ERR_NOSPC, WccData::read)
                        .after())
                .isNotNull();
        kit.fileSystem("/a").failWith = Status.IO;
        assertThat(kit.fails("COMMIT", new Commit3Args(file, 0, 0), NfsStat3.NFS3ERR_IO, WccData::read)
                        .after())
                .isNotNull();
        kit.fileSystem("/a").failWith = Status.ACCES;
        assertThat(kit.fails("READ", new Read3Args(file, 0, 1), NfsStat3.NFS3ERR_ACCES, PostOpAttr::read)
                        .attributes())
                .isNotNull();
    }

    @Test
    void aReadOnlyExportIsNotWritten() {
        NfsFh3 readOnly = kit.root("/ro");
        Write3Args args = new Write3Args(readOnly, 0, 0, StableHow.UNSTABLE, new ByteBuffer[0]);
        kit.fails("WRITE", args, NfsStat3.NFS3ERR_ROFS, WccData::read);
        kit.fails("COMMIT", new Commit3Args(readOnly, 0, 0), NfsStat3.NFS3ERR_ROFS, WccData::read);
    }
}
