package io.mooring.nfsd.internal.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.acl.NfsAcl3.AclEnt;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3Args;
import io.mooring.nfsd.internal.acl.NfsAcl3.GetAcl3ResOk;
import io.mooring.nfsd.internal.acl.NfsAcl3.SecAttr;
import io.mooring.nfsd.internal.acl.NfsAcl3.SetAcl3Args;
import io.mooring.nfsd.internal.nfs3.NfsException;
import io.mooring.nfsd.internal.testing.ProcedureKit;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.PosixAcl;
import io.mooring.vfs.PosixAcl.Entry;
import io.mooring.vfs.PosixAcl.Tag;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AclWireTest {
    private static final FileTime TIME = new FileTime(1, 2);
    private static final Attributes OWNER =
            new Attributes(FileType.REGULAR, 0640, 1, 10, 20, 0, 0, 0, 0, 1, TIME, TIME, TIME);

    private static final Entry USER = new Entry(Tag.USER_OBJ, 0, 6);
    private static final Entry GROUP = new Entry(Tag.GROUP_OBJ, 0, 4);
    private static final Entry MASK = new Entry(Tag.MASK, 0, 4);
    private static final Entry OTHER = new Entry(Tag.OTHER, 0, 0);

    @Provide
    Arbitrary<AclEnt> aclEnts() {
        Arbitrary<Integer> types =
                Arbitraries.of(Tag.class).map(Tag::value).flatMap(tag -> Arbitraries.of(tag, tag | 0x1000));
        return Combinators.combine(types, Arbitraries.integers(), Arbitraries.integers())
                .as(AclEnt::new);
    }

    @Provide
    Arbitrary<SecAttr> secAttrs() {
        Arbitrary<List<AclEnt>> lists = aclEnts().list().ofMaxSize(20);
        return Combinators.combine(Arbitraries.integers(), Arbitraries.integers(), lists, Arbitraries.integers(), lists)
                .as(SecAttr::new);
    }

    @Property
    void whatIsWrittenIsReadAgain(@ForAll("secAttrs") SecAttr acl, @ForAll byte[] any) {
        NfsFh3 handle = new NfsFh3(Arrays.copyOf(any, Math.min(any.length, 64)));
        returns(acl, SecAttr::read);
        returns(new SetAcl3Args(handle, acl), SetAcl3Args::read);
        returns(new GetAcl3Args(handle, acl.mask()), GetAcl3Args::read);
        returns(new GetAcl3ResOk(PostOpAttr.ABSENT, acl), GetAcl3ResOk::read);
    }

    @Property
    void truncatedOnesAreRefused(@ForAll("secAttrs") SecAttr acl) {
        byte[] bytes = written(acl);
        for (int length = 0; length < bytes.length; length += 4) {
            XdrReader reader = XdrReader.of(Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> SecAttr.read(reader)).isInstanceOf(XdrException.class);
        }
    }

    /** As a Linux client sends "setfacl -m u:1000:rw" for a file of mode 0640 of uid 10 and gid 20. */
    @Test
    void bytesOfLinux() throws Exception {
        String hex = "00000001"
                + "00000005" + "00000005"
                + "00000001" + "0000000a" + "00000006"
                + "00000002" + "000003e8" + "00000006"
                + "00000004" + "00000014" + "00000004"
                + "00000010" + "00000000" + "00000006"
                + "00000020" + "00000000" + "00000000"
                + "00000000" + "00000000";
        SecAttr acl = ProcedureKit.decode(HexFormat.of().parseHex(hex), SecAttr::read);
        PosixAcl posix = AclEntries.fromWire(acl.aclcnt(), acl.aclent());
        assertThat(posix.entries())
                .containsExactly(USER, new Entry(Tag.USER, 1000, 6), GROUP, new Entry(Tag.MASK, 0, 6), OTHER);
        List<AclEnt> again = AclEntries.toWire(posix, OWNER, 0);
        assertThat(HexFormat.of().formatHex(written(new SecAttr(1, again.size(), again, 0, List.of()))))
                .isEqualTo(hex);
    }

    @Test
    void tooManyEntriesAndUnknownTypesAreRefused() {
        AclEnt other = new AclEnt(0x20, 0, 0);
        SecAttr most = new SecAttr(1, 1024, Collections.nCopies(1024, other), 0, List.of());
        returns(most, SecAttr::read);
        SecAttr tooMany = new SecAttr(1, 1025, Collections.nCopies(1025, other), 0, List.of());
        assertRefused(written(tooMany));
        assertRefused(written(new SecAttr(1, 1, List.of(new AclEnt(0x40, 0, 0)), 0, List.of())));
        assertRefused(written(new SecAttr(1, 1, List.of(new AclEnt(0x3, 0, 0)), 0, List.of())));
    }

    @Test
    void minimalListsHaveAMaskOnTheWireOnly() throws Exception {
        List<AclEnt> wire = AclEntries.toWire(AclEntries.minimal(0640), OWNER, 0);
        assertThat(wire)
                .containsExactly(
                        new AclEnt(0x01, 10, 6),
                        new AclEnt(0x04, 20, 4),
                        new AclEnt(0x10, 0, 4),
                        new AclEnt(0x20, 0, 0));
        assertThat(AclEntries.fromWire(4, wire).entries()).containsExactly(USER, GROUP, OTHER);
    }

    /** One that differs from the owning group's permissions means something. */
    @Test
    void realMasksStay() throws Exception {
        List<AclEnt> wire = List.of(
                new AclEnt(0x01, 10, 6), new AclEnt(0x04, 20, 6), new AclEnt(0x10, 0, 4), new AclEnt(0x20, 0, 0));
        assertThat(AclEntries.fromWire(4, wire).entries())
                .containsExactly(USER, new Entry(Tag.GROUP_OBJ, 0, 6), MASK, OTHER);
    }

    @Test
    void entriesOfSolarisAreSortedAndTheirMaskCut() throws Exception {
        List<AclEnt> wire = List.of(
                new AclEnt(0x1020, 0, 0),
                new AclEnt(0x1010, 5, 0xf4),
                new AclEnt(0x1002, -2, 4),
                new AclEnt(0x1002, 7, 4),
                new AclEnt(0x1004, 20, 4),
                new AclEnt(0x1001, 10, 6));
        PosixAcl acl = AclEntries.fromWire(6, wire);
        assertThat(acl.entries())
                .containsExactly(USER, new Entry(Tag.USER, 7, 4), new Entry(Tag.USER, -2, 4), GROUP, MASK, OTHER);
        assertThat(AclEntries.toWire(acl, OWNER, NfsAcl3.NFS_ACL_DEFAULT))
                .extracting(AclEnt::type)
                .containsExactly(0x1001, 0x1002, 0x1002, 0x1004, 0x1010, 0x1020);
    }

    @Test
    void nonsenseIsInvalid() {
        assertThatThrownBy(() -> AclEntries.fromWire(2, List.of(new AclEnt(0x20, 0, 0))))
                .isInstanceOf(NfsException.class)
                .hasMessage("NFS3ERR_INVAL");
        assertThatThrownBy(() -> AclEntries.fromWire(1, List.of(new AclEnt(0x20, 0, 8))))
                .isInstanceOf(NfsException.class)
                .hasMessage("NFS3ERR_INVAL");
    }

    private static <T extends Item> void returns(T item, XdrDecoder<T> decoder) {
        byte[] bytes = written(item);
        T read = ProcedureKit.decode(bytes, decoder);
        assertThat(read).usingRecursiveComparison().isEqualTo(item);
        assertThat(written(read)).isEqualTo(bytes);
    }

    private static void assertRefused(byte[] bytes) {
        assertThatThrownBy(() -> SecAttr.read(XdrReader.of(bytes))).isInstanceOf(XdrException.class);
    }

    private static byte[] written(Item item) {
        XdrWriter writer = XdrWriter.create();
        item.write(writer);
        return writer.toByteArray();
    }
}
