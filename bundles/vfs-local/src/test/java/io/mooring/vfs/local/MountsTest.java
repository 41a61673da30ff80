package io.mooring.vfs.local;

import static io.mooring.vfs.local.TestTree.bytes;
import static io.mooring.vfs.local.VfsAssertions.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.Caller;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.MountPoint;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** File systems that are mounted inside a tree. */
class MountsTest {
    private static final FileSystemOptions SYNC = new FileSystemOptions(true);

    private final LocalFileSystems others = new LocalFileSystems(new LocalSettings(1000, 60, false, 1000, 1000));
    private TestTree tree;

    private Path prepare(TreeKind kind) throws Exception {
        tree = new TestTree(kind);
        tree.directory("m");
        return tree.path.toRealPath().resolve("m");
    }

    @AfterEach
    void close() throws Exception {
        others.close();
        if (tree != null) {
            tree.close();
        }
    }

    private static List<MountPoint> at(Path point) throws VfsException {
        return MountTable.read().stream()
                .filter(mount -> mount.path().equals(point))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(TreeKind.class)
    void aMountIsNotOfTheTreeAndIsFoundByItsId(TreeKind kind) throws Exception {
        Path point = prepare(kind);
        FileId below = tree.lookup(tree.root(), "m");
        try (TestMount mount = new TestMount(point)) {
            Files.createFile(point.resolve("in"));
            assertStatus(Status.XDEV, () -> tree.lookup(tree.root(), "m"));
            assertThat(tree.names(tree.root())).contains("m");
            MountPoint found = at(point).get(0);
            assertThat(tree.fs.mountedOn(tree.root(), bytes("m"))).isEqualTo(found.id());
            try (FileSystem inside = others.open(found, SYNC)) {
                FileId root = inside.root();
                assertThat(inside.lookup(Caller.ROOT, root, bytes("in")).id()).isNotNull();
                assertThat(inside.lookup(Caller.ROOT, root, bytes("..")).id()).isEqualTo(root);
                assertThat(mount.unmount()).as("an open tree is in use").isFalse();
            }
            assertThat(mount.unmount()).as("a closed one is not").isTrue();
            assertThat(tree.lookup(tree.root(), "m")).isEqualTo(below);
            assertStatus(Status.NOENT, () -> tree.fs.mountedOn(tree.root(), bytes("m")));
            assertStatus(Status.NOENT, () -> others.open(found, SYNC));
        }
    }

    @ParameterizedTest
    @EnumSource(TreeKind.class)
    void theNameOfAMountStays(TreeKind kind) throws Exception {
        Path point = prepare(kind);
        tree.file("f");
        try (TestMount mount = new TestMount(point)) {
            assertThat(mount).isNotNull();
            byte[] name = bytes("m");
            assertStatus(
                    Status.ACCES, () -> tree.fs.rename(Caller.ROOT, tree.root(), name, tree.root(), bytes("other")));
            assertStatus(Status.ACCES, () -> tree.fs.removeDirectory(Caller.ROOT, tree.root(), name));
            assertStatus(
                    Status.EXIST, () -> tree.fs.makeDirectory(Caller.ROOT, tree.root(), name, TestTree.mode(0755)));
            CreateMode unchecked = new CreateMode.Unchecked(TestTree.mode(0644));
            assertStatus(Status.EXIST, () -> tree.fs.create(Caller.ROOT, tree.root(), name, unchecked));
        }
    }

    @ParameterizedTest
    @EnumSource(TreeKind.class)
    void ofTwoOnOneDirectoryTheUpperOneIsFoundAndTheOtherCannotBeOpened(TreeKind kind) throws Exception {
        Path point = prepare(kind);
        try (TestMount lower = new TestMount(point)) {
            MountPoint hidden = at(point).get(0);
            try (TestMount upper = new TestMount(point)) {
                assertThat(List.of(lower, upper)).hasSize(2);
                assertThat(at(point)).hasSize(2).contains(hidden);
                assertThat(tree.fs.mountedOn(tree.root(), bytes("m"))).isNotEqualTo(hidden.id());
                assertStatus(Status.NOENT, () -> others.open(hidden, SYNC));
            }
        }
    }

    /** Another one may be mounted there as soon as the first is gone from the names, but not with its id. */
    @ParameterizedTest
    @EnumSource(TreeKind.class)
    void theIdOfAnOpenTreeIsNotGivenAgain(TreeKind kind) throws Exception {
        Path point = prepare(kind);
        try (TestMount first = new TestMount(point)) {
            MountPoint before = at(point).get(0);
            try (FileSystem inside = others.open(before, SYNC)) {
                first.detach();
                try (TestMount second = new TestMount(point)) {
                    assertThat(second).isNotNull();
                    assertThat(at(point)).hasSize(1).doesNotContain(before);
                    assertThat(inside.attributes(inside.root())).isNotNull();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TreeKind.class)
    void nobodyLeavesATreeUpwards(TreeKind kind) throws Exception {
        prepare(kind);
        assertStatus(Status.ACCES, () -> tree.fs.mountedOn(tree.root(), bytes("..")));
    }
}
