package io.mooring.nfsd.internal.nfs3;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3Args.Create3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.CreateHow3;
import io.mooring.nfsd.internal.wire.Nfs3Args.ReadDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.ReadDirPlus3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Results.Create3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.Entry3;
import io.mooring.nfsd.internal.wire.Nfs3Results.EntryPlus3;
import io.mooring.nfsd.internal.wire.Nfs3Results.ReadDir3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.ReadDirPlus3ResOk;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.vfs.VfsException.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DirectoryProceduresTest {
    private static final int FILES = 20;

    /** READDIR3resok without entries. */
    private static final int FRAME = 88 + 8 + 8;

    private final NfsKit kit = filled();
    private final NfsFh3 root = kit.root("/a");

    private static NfsKit filled() {
        NfsKit kit = new NfsKit("/a *(rw)");
        for (int i = 0; i < FILES; i++) {
            Create3Args args = new Create3Args(at(kit.root("/a"), name(i)), new CreateHow3.Unchecked(SAttr3.NONE));
            kit.ok("CREATE", args, Create3ResOk::read);
        }
        return kit;
    }

    private static String name(int i) {
        return "f" + "x".repeat(i) + i;
    }

    private static List<String> all() {
        List<String> all = new ArrayList<>(List.of(".", ".."));
        IntStream.range(0, FILES).mapToObj(DirectoryProceduresTest::name).forEach(all::add);
        return all;
    }

    private static String text(Entry3 entry) {
        return new String(entry.name(), StandardCharsets.ISO_8859_1);
    }

    private static int size(io.mooring.nfsd.internal.wire.Nfs3.Item item) {
        XdrWriter writer = XdrWriter.create();
        item.write(writer);
        return writer.size();
    }

    @Property(tries = 200)
    void pagesOfAnySizeGiveEveryEntryOnce(@ForAll @IntRange(min = FRAME + 52, max = 1500) int count) {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        boolean eof = false;
        while (!eof) {
            ReadDir3ResOk page = kit.ok("READDIR", new ReadDir3Args(root, cookie, 0x1234, count), ReadDir3ResOk::read);
            assertThat(size(page)).isLessThanOrEqualTo(count);
            assertThat(page.cookieverf()).isEqualTo(0x1234);
            page.entries().forEach(e -> names.add(text(e)));
            eof = page.eof();
            cookie = eof ? 0 : page.entries().get(page.entries().size() - 1).cookie();
        }
        assertThat(names).isEqualTo(all());
    }

    @Property(tries = 200)
    void pagesPlusOfAnySizeGiveEveryEntryOnce(
            @ForAll @IntRange(min = FRAME + 52 + 130, max = 3000) int maxcount,
            @ForAll @IntRange(max = 400) int dircount) {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        boolean eof = false;
        while (!eof) {
            ReadDirPlus3Args args = new ReadDirPlus3Args(root, cookie, 0x1234, dircount, maxcount);
            ReadDirPlus3ResOk page = kit.ok("READDIRPLUS", args, ReadDirPlus3ResOk::read);
            assertThat(size(page)).isLessThanOrEqualTo(maxcount);
            int information = page.entries().stream()
                    .mapToInt(e -> Entry3.bytes(e.entry().name()))
                    .sum();
            assertThat(page.entries().size() == 1 || information <= dircount).isTrue();
            page.entries().forEach(e -> names.add(text(e.entry())));
            eof = page.eof();
            cookie = eof
                    ? 0
                    : page.entries().get(page.entries().size() - 1).entry().cookie();
        }
        assertThat(names).isEqualTo(all());
    }

    @Test
    void thePageIsFilledToTheByte() {
        int two = FRAME + 28 + 28;
        assertThat(kit.ok("READDIR", new ReadDir3Args(root, 0, 0, two), ReadDir3ResOk::read)
                        .entries())
                .hasSize(2);
        assertThat(kit.ok("READDIR", new ReadDir3Args(root, 0, 0, two - 1), ReadDir3ResOk::read)
                        .entries())
                .hasSize(1);
    }

    @Test
    void thePagePlusIsFilledToTheByte() {
        int entry = 28 + 4 + 84 + 4 + 4 + 28;
        ReadDirPlus3Args two = new ReadDirPlus3Args(root, 0, 0, 10_000, FRAME + 2 * entry);
        assertThat(kit.ok("READDIRPLUS", two, ReadDirPlus3ResOk::read).entries())
                .hasSize(2);
        ReadDirPlus3Args less = new ReadDirPlus3Args(root, 0, 0, 10_000, FRAME + 2 * entry - 1);
        assertThat(kit.ok("READDIRPLUS", less, ReadDirPlus3ResOk::read).entries())
                .hasSize(1);
    }

    @Test
    void notOneEntryFits() {
        for (int count : new int[] {0, 1, FRAME + 27}) {
            assertThat(kit.fails(
                                    "READDIR",
                                    new ReadDir3Args(root, 0, 0, count),
                                    NfsStat3.NFS3ERR_TOOSMALL,
                                    PostOpAttr::read)
                            .attributes())
                    .isNotNull();
            ReadDirPlus3Args plus = new ReadDirPlus3Args(root, 0, 0, 10_000, count);
            kit.fails("READDIRPLUS", plus, NfsStat3.NFS3ERR_TOOSMALL, PostOpAttr::read);
        }
        ReadDirPlus3Args almost = new ReadDirPlus3Args(root, 0, 0, 10_000, FRAME + 28 + 4 + 84 + 4 + 4 + 27);
        kit.fails("READDIRPLUS", almost, NfsStat3.NFS3ERR_TOOSMALL, PostOpAttr::read);
    }

    @Test
    void theEndIsNoError() {
        ReadDir3ResOk end = kit.ok("READDIR", new ReadDir3Args(root, FILES + 2, 0, 200), ReadDir3ResOk::read);
        assertThat(end.entries()).isEmpty();
        assertThat(end.eof()).isTrue();
        kit.fails("READDIR", new ReadDir3Args(root, 999, 0, 200), NfsStat3.NFS3ERR_BAD_COOKIE, PostOpAttr::read);
    }

    @Test
    void plusTellsHandlesAndAttributes() {
        ReadDirPlus3ResOk page =
                kit.ok("READDIRPLUS", new ReadDirPlus3Args(root, 0, 0, 4096, 8192), ReadDirPlus3ResOk::read);
        assertThat(page.eof()).isTrue();
        for (EntryPlus3 entry : page.entries()) {
            assertThat(entry.nameAttributes().attributes().fileid())
                    .isEqualTo(entry.entry().fileid());
        }
        assertThat(page.entries().get(0).nameHandle().handle().data()).isEqualTo(root.data());
        assertThat(page.entries().get(1).nameHandle().handle().data()).isEqualTo(root.data());
    }

    @Test
    void whatCannotBeLookedUpHasNoAttributes() {
        kit.fileSystem("/a").failLookupOf = name(3);
        ReadDirPlus3ResOk page =
                kit.ok("READDIRPLUS", new ReadDirPlus3Args(root, 0, 0, 4096, 8192), ReadDirPlus3ResOk::read);
        assertThat(page.entries()).hasSize(FILES + 2);
        EntryPlus3 gone = page.entries().get(5);
        assertThat(text(gone.entry())).isEqualTo(name(3));
        assertThat(gone.nameAttributes().attributes()).isNull();
        assertThat(gone.nameHandle().handle()).isNull();
    }

    @Test
    void failuresTellAttributes() {
        kit.fileSystem("/a").failWith = Status.ACCES;
        assertThat(kit.fails("READDIR", new ReadDir3Args(root, 0, 0, 999), NfsStat3.NFS3ERR_ACCES, PostOpAttr::read)
                        .attributes())
                .isNotNull();
        kit.fileSystem("/a").failWith = Status.ACCES;
        ReadDirPlus3Args plus = new ReadDirPlus3Args(root, 0, 0, 999, 999);
        assertThat(kit.fails("READDIRPLUS", plus, NfsStat3.NFS3ERR_ACCES, PostOpAttr::read)
                        .attributes())
                .isNotNull();
    }
}
