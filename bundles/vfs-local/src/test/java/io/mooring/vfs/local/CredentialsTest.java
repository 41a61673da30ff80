package io.mooring.vfs.local;

import static io.mooring.vfs.local.TestTree.bytes;
import static io.mooring.vfs.local.TestTree.mode;
import static io.mooring.vfs.local.TestTree.size;
import static io.mooring.vfs.local.VfsAssertions.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.posix.Capabilities;
import io.mooring.posix.Credentials;
import io.mooring.posix.Scratch;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel checks every operation with the caller's identity. */
@ParameterizedClass
@EnumSource(TreeKind.class)
class CredentialsTest {
    private static final Caller ALICE = new Caller(4001, 4001, new int[0]);
    private static final Caller BOB = new Caller(4002, 4002, new int[] {4100, 4101});
    private static final int ALL = 0x3f;

    @Parameter
    TreeKind kind;

    private TestTree tree;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(Credentials.effectiveUid() == 0, "only root can take other identities");
        tree = new TestTree(kind);
        tree.chmod(tree.root(), 0777);
    }

    @AfterEach
    void close() throws IOException {
        if (tree != null) {
            assertThat(Credentials.fsUid()).isZero();
            assertThat(Credentials.fsGid()).isZero();
            tree.close();
        }
    }

    @Test
    void newObjectsBelongToTheCaller() throws Exception {
        Attributes file = tree.create(BOB, tree.root(), "file", 0644).attributes();
        assertThat(file.uid()).isEqualTo(4002);
        assertThat(file.gid()).isEqualTo(4002);
        Attributes directory = tree.fs
                .makeDirectory(BOB, tree.root(), bytes("directory"), mode(0777))
                .attributes();
        assertThat(directory.uid()).isEqualTo(4002);
        assertThat(directory.mode()).isEqualTo(0777);
        Attributes link = tree.fs
                .makeSymlink(BOB, tree.root(), bytes("link"), bytes("x"), NewAttributes.NONE)
                .attributes();
        assertThat(link.uid()).isEqualTo(4002);
    }

    @Test
    void aSetgidDirectoryGivesItsGroup() throws Exception {
        FileId directory = tree.directory("directory");
        tree.chown(directory, 0, 4100);
        tree.chmod(directory, 02777);
        assertThat(tree.create(BOB, directory, "file", 0666).attributes().gid()).isEqualTo(4100);
        Attributes inner = tree.fs
                .makeDirectory(BOB, directory, bytes("inner"), mode(0777))
                .attributes();
        assertThat(inner.gid()).isEqualTo(4100);
        assertThat(inner.mode()).isEqualTo(02777);
    }

    @Test
    void aPrivateDirectoryIsClosedToOthers() throws Exception {
        FileId directory = tree.directory("directory");
        FileId file = tree.file(directory, "file", 0666);
        tree.chown(directory, ALICE.uid(), ALICE.gid());
        tree.chmod(directory, 0700);

        assertThat(tree.fs.lookup(ALICE, directory, bytes("file")).id()).isEqualTo(file);
        tree.create(ALICE, directory, "own", 0600);
        assertStatus(Status.ACCES, () -> tree.fs.lookup(BOB, directory, bytes("file")));
        assertStatus(Status.ACCES, () -> tree.fs.lookup(BOB, directory, bytes("nothing")));
        assertStatus(Status.ACCES, () -> tree.fs.list(BOB, directory, 0, 0, (id, name, cookie) -> true));
        assertStatus(Status.ACCES, () -> tree.create(BOB, directory, "x", 0644));
        assertStatus(
                Status.ACCES,
                () -> tree.fs.create(BOB, directory, bytes("file"), new CreateMode.Unchecked(mode(0644))));
        assertStatus(Status.ACCES, () -> tree.fs.create(BOB, directory, bytes("x"), new CreateMode.Exclusive(1)));
        assertStatus(Status.ACCES, () -> tree.fs.makeDirectory(BOB, directory, bytes("x"), mode(0755)));
        assertStatus(
                Status.ACCES, () -> tree.fs.makeSymlink(BOB, directory, bytes("x"), bytes("y"), NewAttributes.NONE));
        assertStatus(Status.ACCES, () -> tree.fs.makeNode(BOB, directory, bytes("x"), FileType.FIFO, 0, 0, mode(0644)));
        assertStatus(Status.ACCES, () -> tree.fs.remove(BOB, directory, bytes("file")));
        assertStatus(Status.ACCES, () -> tree.fs.rename(BOB, directory, bytes("file"), tree.root(), bytes("x")));
        assertStatus(Status.ACCES, () -> tree.fs.link(BOB, file, directory, bytes("x")));
        // The file itself is open to all: its handle is enough.
        tree.write(BOB, file, 0, "bob");
    }

    @Test
    void aReadOnlyDirectoryCannotBeChanged() throws Exception {
        FileId directory = tree.directory("directory");
        tree.file(directory, "file", 0666);
        assertStatus(Status.ACCES, () -> tree.create(BOB, directory, "x", 0644));
        assertStatus(Status.ACCES, () -> tree.fs.remove(BOB, directory, bytes("file")));
        assertStatus(Status.ACCES, () -> tree.fs.rename(BOB, directory, bytes("file"), tree.root(), bytes("x")));
        assertThat(tree.names(directory)).contains("file");
    }

    @Test
    void theStickyBitProtectsNames() throws Exception {
        tree.chmod(tree.root(), 01777);
        tree.create(ALICE, tree.root(), "file", 0666);
        assertStatus(Status.PERM, () -> tree.fs.remove(BOB, tree.root(), bytes("file")));
        tree.fs.remove(ALICE, tree.root(), bytes("file"));
    }

    @Test
    void supplementaryGroupsCount() throws Exception {
        FileId file = tree.file("file");
        tree.chown(file, 0, 4101);
        tree.chmod(file, 0660);
        tree.write(BOB, file, 0, "group");
        assertThat(tree.read(BOB, file, 0, 10)).isEqualTo("group");
        Caller without = new Caller(BOB.uid(), BOB.gid(), new int[] {4100});
        assertStatus(Status.ACCES, () -> tree.read(without, file, 0, 10));
        assertStatus(Status.ACCES, () -> tree.write(without, file, 0, "x"));
        // And again, now that verdicts may be remembered.
        tree.write(BOB, file, 0, "again");
        assertStatus(Status.ACCES, () -> tree.write(without, file, 0, "x"));
    }

    @Test
    void theOwnerMayUseItsFileWhateverItsMode() throws Exception {
        FileId file = tree.create(ALICE, tree.root(), "file", 0444).id();
        tree.write(ALICE, file, 0, "mine");
        tree.chmod(file, 0);
        tree.reopen();
        tree.write(ALICE, file, 0, "MINE");
        assertThat(tree.read(ALICE, file, 0, 10)).isEqualTo("MINE");
        assertThat(tree.fs.setAttributes(ALICE, file, size(2), null).after().size())
                .isEqualTo(2);
        assertStatus(Status.ACCES, () -> tree.read(BOB, file, 0, 10));
        assertStatus(Status.ACCES, () -> tree.write(BOB, file, 0, "x"));
        assertStatus(Status.ACCES, () -> tree.fs.setAttributes(BOB, file, size(0), null));
        // ACCESS tells the truth, without the exception.
        assertThat(tree.fs.access(ALICE, file, ALL).granted()).isZero();
    }

    @Test
    void executeImpliesRead() throws Exception {
        FileId file = tree.file("program");
        tree.write(Caller.ROOT, file, 0, "#!");
        tree.chmod(file, 0711);
        assertThat(tree.read(BOB, file, 0, 10)).isEqualTo("#!");
        assertThat(tree.fs.access(BOB, file, ALL).granted()).isEqualTo(FileSystem.ACCESS_EXECUTE);
        tree.chmod(file, 0700);
        assertStatus(Status.ACCES, () -> tree.read(BOB, file, 0, 10));
    }

    @Test
    void anOpenDescriptorLetsNobodyElseIn() throws Exception {
        FileId file = tree.file("file");
        tree.chmod(file, 0666);
        tree.write(ALICE, file, 0, "secret");
        settle();
        for (int i = 0; i < 3; i++) {
            assertThat(tree.read(BOB, file, 0, 10)).isEqualTo("secret");
        }
        tree.chmod(file, 0600);
        assertStatus(Status.ACCES, () -> tree.read(BOB, file, 0, 10));
        assertStatus(Status.ACCES, () -> tree.write(BOB, file, 0, "x"));
        tree.chmod(file, 0644);
        assertThat(tree.read(BOB, file, 0, 10)).isEqualTo("secret");
        assertStatus(Status.ACCES, () -> tree.write(BOB, file, 0, "x"));
    }

    @Test
    void aRememberedVerdictFallsWithALocalChange() throws Exception {
        FileId directory = tree.directory("directory");
        FileId file = tree.file(directory, "file", 0644);
        settle();
        for (int i = 0; i < 3; i++) {
            tree.fs.lookup(BOB, directory, bytes("file"));
            tree.read(BOB, file, 0, 1);
        }
        Files.setAttribute(tree.path.resolve("directory"), "unix:mode", 0700);
        Files.setAttribute(tree.path.resolve("directory/file"), "unix:mode", 0600);
        assertStatus(Status.ACCES, () -> tree.fs.lookup(BOB, directory, bytes("file")));
        assertStatus(Status.ACCES, () -> tree.read(BOB, file, 0, 1));
        Files.setAttribute(tree.path.resolve("directory"), "unix:mode", 0755);
        tree.fs.lookup(BOB, directory, bytes("file"));
    }

    /** Waits until verdicts about what was just changed may be remembered. */
    private static void settle() {
        long start = System.nanoTime();
        org.awaitility.Awaitility.await()
                .pollInterval(20, TimeUnit.MILLISECONDS)
                .atMost(5, TimeUnit.SECONDS)
                .until(() -> System.nanoTime() - start > 150_000_000);
    }

    @Test
    void accessTellsWhatTheKernelSays() throws Exception {
        FileId file = tree.file("file");
        FileId directory = tree.directory("directory");
        assertThat(granted(BOB, file)).isEqualTo(FileSystem.ACCESS_READ);
        assertThat(granted(BOB, directory)).isEqualTo(FileSystem.ACCESS_READ | FileSystem.ACCESS_LOOKUP);
        assertThat(granted(Caller.ROOT, file))
                .isEqualTo(FileSystem.ACCESS_READ | FileSystem.ACCESS_MODIFY | FileSystem.ACCESS_EXTEND);
        assertThat(granted(Caller.ROOT, directory)).isEqualTo(ALL & ~FileSystem.ACCESS_EXECUTE);
        tree.chmod(directory, 0773);
        assertThat(granted(BOB, directory))
                .isEqualTo(FileSystem.ACCESS_LOOKUP
                        | FileSystem.ACCESS_MODIFY
                        | FileSystem.ACCESS_EXTEND
                        | FileSystem.ACCESS_DELETE);
        tree.chmod(directory, 0772);
        assertThat(granted(BOB, directory)).isZero();
        assertThat(tree.fs.access(BOB, file, FileSystem.ACCESS_MODIFY).granted())
                .isZero();
    }

    private int granted(Caller caller, FileId id) throws VfsException {
        return tree.fs.access(caller, id, ALL).granted();
    }

    @Test
    void onlyOwnersChangeModeAndTimes() throws Exception {
        FileId file = tree.create(ALICE, tree.root(), "file", 0666).id();
        FileTime time = new FileTime(1_000_000_000, 0);
        NewAttributes times = new NewAttributes(null, null, null, null, time, time);
        NewAttributes now = new NewAttributes(null, null, null, null, NewAttributes.NOW, NewAttributes.NOW);
        assertStatus(Status.PERM, () -> tree.fs.setAttributes(BOB, file, mode(0777), null));
        assertStatus(Status.PERM, () -> tree.fs.setAttributes(BOB, file, times, null));
        tree.fs.setAttributes(BOB, file, now, null);
        tree.fs.setAttributes(ALICE, file, times, null);
        NewAttributes give = new NewAttributes(null, BOB.uid(), null, null, null, null);
        assertStatus(Status.PERM, () -> tree.fs.setAttributes(ALICE, file, give, null));
        tree.chmod(file, 0600);
        assertStatus(Status.ACCES, () -> tree.fs.setAttributes(BOB, file, now, null));
    }

    @Test
    void groupsAreChangedOnlyToOnesOwn() throws Exception {
        FileId file = tree.create(BOB, tree.root(), "file", 0644).id();
        NewAttributes own = new NewAttributes(null, null, 4100, null, null, null);
        NewAttributes other = new NewAttributes(null, null, 4200, null, null, null);
        assertThat(tree.fs.setAttributes(BOB, file, own, null).after().gid()).isEqualTo(4100);
        assertStatus(Status.PERM, () -> tree.fs.setAttributes(BOB, file, other, null));
    }

    @Test
    void writingAsAnotherClearsSetuid() throws Exception {
        FileId file = tree.file("file");
        tree.chmod(file, 06777);
        tree.write(BOB, file, 0, "x");
        assertThat(tree.fs.attributes(file).mode()).isEqualTo(0777);
        tree.chmod(file, 06777);
        tree.fs.setAttributes(BOB, file, size(0), null);
        assertThat(tree.fs.attributes(file).mode()).isEqualTo(0777);
    }

    @Test
    void ownerGivenAtCreationIsForRootOnly() throws Exception {
        NewAttributes wanted = new NewAttributes(0644, BOB.uid(), BOB.gid(), null, null, null);
        CreateMode mode = new CreateMode.Guarded(wanted);
        assertThat(tree.fs
                        .create(Caller.ROOT, tree.root(), bytes("a"), mode)
                        .attributes()
                        .uid())
                .isEqualTo(BOB.uid());
        assertThat(tree.fs
                        .create(ALICE, tree.root(), bytes("b"), mode)
                        .attributes()
                        .uid())
                .isEqualTo(ALICE.uid());
    }

    @Test
    void onlyRootMakesDevices() {
        assertStatus(
                Status.PERM,
                () -> tree.fs.makeNode(BOB, tree.root(), bytes("x"), FileType.CHARACTER_DEVICE, 1, 3, mode(0666)));
    }

    @Test
    void anIdentityThatTheKernelHasNotIsRefused() throws Exception {
        FileId file = tree.file("file");
        Caller nobody = new Caller(-1, -1, new int[0]);
        assertStatus(Status.ACCES, () -> tree.read(nobody, file, 0, 1));
        Caller many = new Caller(1, 1, new int[Scratch.MAX_GROUPS + 1]);
        assertStatus(Status.ACCES, () -> tree.write(many, file, 0, "x"));
    }

    @Test
    void quotasAndReservedBlocksHoldForCallers() throws Exception {
        FileId file = tree.create(BOB, tree.root(), "file", 0644).id();
        tree.write(BOB, file, 0, "x");
        assertThat(Capabilities.has(Capabilities.CAP_SYS_RESOURCE)).isFalse();
        assertThat(Capabilities.has(Capabilities.CAP_DAC_OVERRIDE)).isTrue();
    }

    @Test
    void accessControlListsAreHonoured() throws Exception {
        Path setfacl = Path.of("/usr/bin/setfacl");
        assumeTrue(Files.isExecutable(setfacl), "setfacl is not installed");
        FileId directory = tree.directory("directory");
        FileId file = tree.file(directory, "file", 0600);
        assertStatus(Status.ACCES, () -> tree.read(BOB, file, 0, 1));
        int result = setfacl("-m", "u:" + BOB.uid() + ":rw", tree.path.resolve("directory/file"));
        assumeTrue(result == 0, "no ACLs on this file system");
        tree.write(BOB, file, 0, "acl");
        assertThat(tree.read(BOB, file, 0, 3)).isEqualTo("acl");
        assertStatus(Status.ACCES, () -> tree.read(ALICE, file, 0, 1));
        assertThat(setfacl("-b", null, tree.path.resolve("directory/file"))).isZero();
        assertStatus(Status.ACCES, () -> tree.read(BOB, file, 0, 1));
    }

    @Test
    void aDefaultAclLimitsWhatIsMade() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setfacl")), "setfacl is not installed");
        FileId directory = tree.directory("directory");
        int result = setfacl("-m", "d:u::rwx,d:g::r,d:o::-", tree.path.resolve("directory"));
        assumeTrue(result == 0, "no ACLs on this file system");
        assertThat(tree.create(Caller.ROOT, directory, "file", 0666)
                        .attributes()
                        .mode())
                .isEqualTo(0640);
    }

    private static int setfacl(String option, String value, Path path) throws Exception {
        ProcessBuilder builder = value == null
                ? new ProcessBuilder("setfacl", option, path.toString())
                : new ProcessBuilder("setfacl", option, value, path.toString());
        Process process = builder.inheritIO().start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
