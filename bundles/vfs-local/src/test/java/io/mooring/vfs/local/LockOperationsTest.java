package io.mooring.vfs.local;

import static io.mooring.vfs.local.VfsAssertions.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.Scratch;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileLocks;
import io.mooring.vfs.FileLocks.ForeignLock;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Locks are the kernel's: other open file descriptions, and classical locks of processes, are in each other's way. */
@ParameterizedClass
@EnumSource(TreeKind.class)
class LockOperationsTest {
    private static final long EOF = Long.MAX_VALUE;

    @Parameter
    TreeKind kind;

    private TestTree files;
    private Tree tree;
    private LockOperations locks;
    private FileId file;
    private Path path;

    @BeforeEach
    void open() throws Exception {
        files = new TestTree(kind);
        file = files.file("f");
        path = files.path.resolve("f");
        LocalSettings settings = new LocalSettings(1000, 60, kind.index(), 100_000, 1_000_000);
        tree = new TreeOpener(new DescriptorBudget(1000)).open(files.path, new FileSystemOptions(true), settings);
        learn();
        locks = new LockOperations(tree);
    }

    /** An index learns names by looking up. */
    private void learn() throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject root = tree.open(tree.root(), scratch);
                OpenObject found = tree.openNamed(root, TestTree.bytes("f"), scratch)) {
            assertThat(found.id()).isEqualTo(file);
        }
    }

    @AfterEach
    void close() throws Exception {
        if (files != null) {
            tree.close();
            files.close();
        }
    }

    @Test
    void descriptionsAreInEachOthersWay() throws VfsException {
        try (FileLocks one = locks.open(file);
                FileLocks two = locks.open(file)) {
            assertThat(one.lock(10, 19, true)).isTrue();
            assertThat(two.lock(19, EOF, false)).isFalse();
            assertThat(two.lock(20, EOF, true)).isTrue();
            assertThat(two.test(0, EOF, false)).contains(new ForeignLock(0, 10, 19, true));
            assertThat(one.test(5, 30, true)).contains(new ForeignLock(0, 20, EOF, true));
            assertThat(one.test(0, 19, true)).isEmpty();
            one.unlock(10, 14);
            assertThat(two.lock(0, 14, false)).isTrue();
        }
    }

    @Test
    void aLockChangesItsKindAtOnce() throws VfsException {
        try (FileLocks one = locks.open(file);
                FileLocks two = locks.open(file)) {
            one.lock(0, EOF, true);
            assertThat(one.lock(0, 4, false)).isTrue();
            assertThat(two.lock(0, 4, false)).isTrue();
            assertThat(one.lock(0, 4, true)).isFalse();
            assertThat(two.lock(5, 5, false)).isFalse();
        }
    }

    @Test
    void processesSeeThemAndAreSeen() throws Exception {
        try (FileLocks one = locks.open(file);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            one.lock(0, 9, true);
            assertThat(channel.tryLock(9, 1, false)).isNull();
            try (FileLock local = channel.tryLock(10, 5, false)) {
                assertThat(local).isNotNull();
                assertThat(one.lock(14, 20, false)).isFalse();
                assertThat(one.test(14, 20, false))
                        .contains(new ForeignLock((int) ProcessHandle.current().pid(), 10, 14, true));
            }
            assertThat(one.lock(14, 20, false)).isTrue();
        }
    }

    @Test
    void theyStayWhenTheTreeIsClosedAndGoWithTheirDescription() throws Exception {
        FileLocks one = locks.open(file);
        one.lock(0, EOF, true);
        tree.close();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(channel.tryLock()).isNull();
            one.close();
            assertThat(channel.tryLock()).isNotNull();
        } finally {
            LocalSettings settings = new LocalSettings(1000, 60, kind.index(), 100_000, 1_000_000);
            tree = new TreeOpener(new DescriptorBudget(1000)).open(files.path, new FileSystemOptions(true), settings);
        }
    }

    @Test
    void filesAreNamedByTheirPathNow() throws Exception {
        assertThat(locks.path(file)).isEqualTo(path.toRealPath().toString());
        Files.move(path, path.resolveSibling("g"));
        if (!kind.index()) {
            assertThat(locks.path(file)).endsWith("/g");
        }
    }

    @Test
    void onlyFilesThatAreThereAreLocked() throws Exception {
        assertStatus(Status.INVAL, () -> locks.open(tree.root()));
        Files.delete(path);
        assertStatus(Status.STALE, () -> locks.open(file));
    }
}
