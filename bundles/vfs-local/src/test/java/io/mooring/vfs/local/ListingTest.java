package io.mooring.vfs.local;

import static io.mooring.vfs.local.VfsAssertions.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.Caller;
import io.mooring.vfs.DirectoryResult;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Directories are listed in pieces, with cookies that hold whatever happens in between. */
@ParameterizedClass
@EnumSource(TreeKind.class)
class ListingTest {
    private static final int MANY = 5_000;

    @Parameter
    TreeKind kind;

    private TestTree tree;
    private FileId directory;
    private Path path;

    @BeforeEach
    void open() throws Exception {
        tree = new TestTree(kind);
        directory = tree.directory("directory");
        path = tree.path.resolve("directory");
    }

    @AfterEach
    void close() throws IOException {
        if (tree != null) {
            tree.close();
        }
    }

    private record Entry(long fileid, String name, long cookie) {}

    private record Piece(List<Entry> entries, boolean eof) {}

    private Piece piece(long cookie, int count) throws VfsException {
        List<Entry> entries = new ArrayList<>();
        DirectoryResult result = tree.fs.list(Caller.ROOT, directory, cookie, 0, (fileid, name, next) -> {
            if (entries.size() == count) {
                return false;
            }
            return entries.add(new Entry(fileid, new String(name, StandardCharsets.ISO_8859_1), next));
        });
        return new Piece(entries, result.eof());
    }

    private void make(int files) throws IOException {
        for (int i = 0; i < files; i++) {
            Files.createFile(path.resolve("file" + i));
        }
    }

    @Test
    void everyNameComesOnceInPieces() throws Exception {
        make(MANY);
        Map<String, Integer> seen = new HashMap<>();
        long cookie = 0;
        int pieces = 0;
        Piece piece;
        do {
            piece = piece(cookie, 97);
            assertThat(piece.entries.size()).isLessThanOrEqualTo(97);
            for (Entry entry : piece.entries) {
                seen.merge(entry.name, 1, Integer::sum);
                cookie = entry.cookie;
            }
            pieces++;
        } while (!piece.eof);

        assertThat(seen)
                .hasSize(MANY + 2)
                .allSatisfy((name, times) -> assertThat(times).isOne());
        assertThat(pieces).isGreaterThan(MANY / 97);
    }

    @Test
    void aVisitorThatStopsGetsTheSameEntryFirstNextTime() throws Exception {
        make(10);
        Piece all = piece(0, 100);
        Piece first = piece(0, 4);
        assertThat(first.eof).isFalse();
        Piece rest = piece(first.entries.get(3).cookie, 100);
        assertThat(rest.eof).isTrue();
        assertThat(rest.entries).isEqualTo(all.entries.subList(4, 12));
        assertThat(piece(0, 0).eof).isFalse();
        assertThat(piece(all.entries.get(11).cookie, 100)).isEqualTo(new Piece(List.of(), true));
    }

    @Test
    void removalInBetweenLosesNothingElse() throws Exception {
        make(1_000);
        Set<String> seen = new HashSet<>();
        long cookie = 0;
        Piece piece;
        do {
            piece = piece(cookie, 50);
            for (Entry entry : piece.entries) {
                seen.add(entry.name);
                cookie = entry.cookie;
                if (entry.name.startsWith("file")) {
                    Files.delete(path.resolve(entry.name));
                }
            }
        } while (!piece.eof);
        assertThat(seen).hasSize(1_002);
        assertThat(tree.names(directory)).containsExactlyInAnyOrder(".", "..");
    }

    @Test
    void cookiesSurviveARestart() throws Exception {
        make(500);
        Piece all = piece(0, 1000);
        long cookie = all.entries.get(200).cookie;
        tree.reopen();
        assertThat(piece(cookie, 1000).entries).isEqualTo(all.entries.subList(201, 502));
    }

    @Test
    void theParentOfTheRootIsTheRoot() throws Exception {
        Map<String, Long> ids = new HashMap<>();
        tree.fs.list(Caller.ROOT, tree.root(), 0, 0, (fileid, name, cookie) -> {
            ids.put(new String(name, StandardCharsets.US_ASCII), fileid);
            return true;
        });
        long root = tree.fs.attributes(tree.root()).fileid();
        assertThat(ids).containsEntry(".", root).containsEntry("..", root);
        assertThat(ids).containsEntry("directory", tree.fs.attributes(directory).fileid());
    }

    @Test
    void aVisitorMayAskForAttributes() throws Exception {
        make(300);
        List<String> found = new ArrayList<>();
        tree.fs.list(Caller.ROOT, directory, 0, 0, (fileid, name, cookie) -> {
            try {
                assertThat(tree.fs.lookup(Caller.ROOT, directory, name).attributes())
                        .isNotNull();
                return found.add(new String(name, StandardCharsets.US_ASCII));
            } catch (VfsException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(found).hasSize(302).doesNotHaveDuplicates();
    }

    @Test
    void refusesWhatIsNoCookieAndNoDirectory() throws Exception {
        FileId file = tree.file("file");
        assertStatus(Status.NOTDIR, () -> tree.names(file));
        assertStatus(
                Status.BAD_COOKIE, () -> tree.fs.list(Caller.ROOT, directory, -5, 0, (fileid, name, cookie) -> true));
        assertStatus(
                Status.BAD_COOKIE, () -> tree.fs.list(Caller.ROOT, directory, 1, 7, (fileid, name, cookie) -> true));
    }
}
