package io.mooring.vfs.local;

import static io.mooring.vfs.local.VfsAssertions.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import io.mooring.vfs.VfsException.Status;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects are found again through the index, within its bounds. */
class IndexHandlesTest {
    private static final TreeKind KIND = TreeKind.DISK_BY_INDEX;

    private static LocalSettings settings(int indexEntries, int walkEntries) {
        return new LocalSettings(100, 60, true, indexEntries, walkEntries);
    }

    @Test
    void aFullIndexStillFindsAll() throws Exception {
        try (TestTree tree = new TestTree(KIND, settings(10, 1000))) {
            List<FileId> files = new ArrayList<>();
            FileId directory = tree.directory("directory");
            for (int i = 0; i < 50; i++) {
                files.add(tree.file(directory, "file" + i, 0644));
            }
            tree.reopen();
            // The search sees more than the index keeps: what is asked for is found by name after a lookup.
            assertThat(tree.lookup(tree.lookup(tree.root(), "directory"), "file7"))
                    .isEqualTo(files.get(7));
            assertThat(tree.fs.attributes(files.get(7)).nlink()).isOne();
        }
    }

    @Test
    void aSearchIsBounded() throws Exception {
        try (TestTree tree = new TestTree(KIND, settings(1000, 20))) {
            FileId a = tree.directory("a");
            for (int i = 0; i < 50; i++) {
                tree.file(a, "file" + i, 0644);
            }
            FileId deep = tree.directory(tree.directory(tree.directory("b"), "c", 0755), "d", 0755);
            tree.reopen();
            assertStatus(Status.STALE, () -> tree.fs.attributes(deep));
        }
    }

    @Test
    void aLinkIsFoundUnderItsOtherName() throws Exception {
        try (TestTree tree = new TestTree(KIND)) {
            FileId file = tree.file("file");
            tree.write(Caller.ROOT, file, 0, "content");
            Files.createLink(tree.path.resolve("other"), tree.path.resolve("file"));
            Files.delete(tree.path.resolve("file"));
            tree.reopen();
            assertThat(tree.read(Caller.ROOT, file, 0, 20)).isEqualTo("content");
        }
    }

    @Test
    void aSymlinkInTheWayIsNotFollowed() throws Exception {
        try (TestTree tree = new TestTree(KIND)) {
            FileId a = tree.directory("a");
            FileId file = tree.file(a, "file", 0644);
            Files.move(tree.path.resolve("a"), tree.path.resolve("b"));
            Files.createSymbolicLink(tree.path.resolve("a"), tree.path.resolve("b"));
            tree.fs.closeIdle(0);
            assertThat(tree.lookup(tree.lookup(tree.root(), "b"), "file")).isEqualTo(file);
            assertThat(tree.fs.attributes(file).nlink()).isOne();
        }
    }
}
