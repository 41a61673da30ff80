package io.mooring.vfs.local;

import static io.mooring.vfs.local.TestTree.bytes;
import static io.mooring.vfs.local.TestTree.direct;
import static io.mooring.vfs.local.TestTree.mode;
import static io.mooring.vfs.local.TestTree.size;
import static io.mooring.vfs.local.VfsAssertions.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.Credentials;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.Change;
import io.mooring.vfs.CommitResult;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.Created;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.Found;
import io.mooring.vfs.Limits;
import io.mooring.vfs.Linked;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.ReadResult;
import io.mooring.vfs.Renamed;
import io.mooring.vfs.Space;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import io.mooring.vfs.WriteResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation, on a real directory tree, on each kind of tree. */
@ParameterizedClass
@EnumSource(TreeKind.class)
class OperationsTest {
    private static final Caller ME = Caller.ROOT;

    @Parameter
    TreeKind kind;

    private TestTree tree;

    @BeforeEach
    void open() throws Exception {
        tree = new TestTree(kind);
    }

    @AfterEach
    void close() throws IOException {
        if (tree != null) {
            tree.close();
        }
    }

    @Test
    void createsAndFindsAFile() throws Exception {
        Created created = tree.create(ME, tree.root(), "file", 0640);
        Found found = tree.fs.lookup(ME, tree.root(), bytes("file"));

        assertThat(found.id()).isEqualTo(created.id());
        assertThat(found.attributes()).isEqualTo(created.attributes());
        assertThat(created.attributes().type()).isEqualTo(FileType.REGULAR);
        assertThat(created.attributes().mode()).isEqualTo(0640);
        assertThat(created.directory().before().mtime()).isNotNull();
        assertThat(tree.fs.attributes(tree.root()))
                .isEqualTo(created.directory().after());
        assertThat(tree.path.resolve("file")).isRegularFile();
        assertThat(created.attributes().fileid()).isEqualTo(Files.getAttribute(tree.path.resolve("file"), "unix:ino"));
    }

    @Test
    void theModeIsNotMaskedByTheServersUmask() throws Exception {
        assertThat(tree.create(ME, tree.root(), "file", 0666).attributes().mode())
                .isEqualTo(0666);
        Created directory = tree.fs.makeDirectory(ME, tree.root(), bytes("directory"), mode(01777));
        assertThat(directory.attributes().mode()).isEqualTo(01777);
        Created fifo = tree.fs.makeNode(ME, tree.root(), bytes("fifo"), FileType.FIFO, 0, 0, mode(0622));
        assertThat(fifo.attributes().mode()).isEqualTo(0622);
    }

    @Test
    void writesAndReadsBack() throws Exception {
        FileId file = tree.file("file");
        ByteBuffer[] source = {direct("one "), ByteBuffer.wrap(bytes("two ")), direct("three")};
        WriteResult written = tree.fs.write(ME, file, 3, source, Stability.UNSTABLE);

        assertThat(written.count()).isEqualTo(13);
        assertThat(written.change().before().size()).isZero();
        assertThat(written.change().after().size()).isEqualTo(16);
        assertThat(source[0].remaining()).isEqualTo(4);
        assertThat(tree.read(ME, file, 3, 100)).isEqualTo("one two three");
        assertThat(tree.read(ME, file, 0, 4)).isEqualTo("\0\0\0o");
    }

    @Test
    void readsIntoTheBufferFromItsPosition() throws Exception {
        FileId file = tree.file("file");
        tree.write(ME, file, 0, "0123456789");
        ByteBuffer target = ByteBuffer.allocateDirect(20).position(5).limit(9);
        ReadResult result = tree.fs.read(ME, file, 1, target);

        assertThat(result.count()).isEqualTo(4);
        assertThat(result.eof()).isFalse();
        assertThat(target.position()).isEqualTo(5);
        assertThat(target.get(5)).isEqualTo((byte) '1');
        assertThat(target.get(4)).isZero();
        ByteBuffer heap = ByteBuffer.allocate(4);
        tree.fs.read(ME, file, 6, heap);
        assertThat(new String(heap.array(), StandardCharsets.US_ASCII)).isEqualTo("6789");
    }

    @Test
    void tellsTheEndOfAFile() throws Exception {
        FileId file = tree.file("file");
        tree.write(ME, file, 0, "12345");
        assertThat(eof(file, 0, 4)).isFalse();
        assertThat(eof(file, 0, 5)).isTrue();
        assertThat(eof(file, 3, 10)).isTrue();
        assertThat(eof(file, 5, 1)).isTrue();
        assertThat(eof(file, 100, 1)).isTrue();
        assertThat(eof(file, -1, 1)).isTrue();
        assertThat(eof(file, 0, 0)).isFalse();
    }

    private boolean eof(FileId file, long offset, int count) throws VfsException {
        return tree.fs.read(ME, file, offset, ByteBuffer.allocateDirect(count)).eof();
    }

    @Test
    void offsetsBeyondFourGigabytes() throws Exception {
        FileId file = tree.file("sparse");
        long far = (5L << 30) + 7;
        tree.write(ME, file, far, "far");

        assertThat(tree.read(ME, file, far, 10)).isEqualTo("far");
        assertThat(tree.read(ME, file, 1L << 32, 2)).isEqualTo("\0\0");
        assertThat(tree.fs.attributes(file).size()).isEqualTo(far + 3);
        assertThat(tree.fs.attributes(file).used()).isLessThan(1 << 20);
        assertStatus(Status.FBIG, () -> tree.write(ME, file, Long.MAX_VALUE - 1, "far"));
        assertStatus(Status.FBIG, () -> tree.write(ME, file, -1, "far"));
    }

    @Test
    void stableWritesSaySoAndCommitKeepsTheVerifier() throws Exception {
        FileId file = tree.file("file");
        for (Stability stability : Stability.values()) {
            WriteResult written = tree.fs.write(ME, file, 0, new ByteBuffer[] {direct("x")}, stability);
            assertThat(written.committed()).isEqualTo(stability);
            assertThat(written.verifier()).isEqualTo(tree.fs.writeVerifier());
        }
        CommitResult committed = tree.fs.commit(ME, file, 0, 0);
        assertThat(committed.verifier()).isEqualTo(tree.fs.writeVerifier());
        assertThat(committed.change().after().size()).isEqualTo(1);
    }

    @Test
    void theWriteVerifierIsNewAfterARestart() throws Exception {
        long old = tree.fs.writeVerifier();
        tree.reopen();
        assertThat(tree.fs.writeVerifier()).isNotEqualTo(old);
    }

    @Test
    void onlyRegularFilesAreReadAndWritten() throws Exception {
        FileId directory = tree.directory("directory");
        FileId fifo = tree.fs
                .makeNode(ME, tree.root(), bytes("fifo"), FileType.FIFO, 0, 0, mode(0600))
                .id();
        assertStatus(Status.ISDIR, () -> tree.read(ME, directory, 0, 1));
        assertStatus(Status.ISDIR, () -> tree.write(ME, directory, 0, "x"));
        assertStatus(Status.INVAL, () -> tree.read(ME, fifo, 0, 1));
        assertStatus(Status.INVAL, () -> tree.write(ME, fifo, 0, "x"));
        assertStatus(Status.ISDIR, () -> tree.fs.commit(ME, directory, 0, 0));
    }

    @Test
    void guardedCreateRefusesAnExistingName() throws Exception {
        tree.file("file");
        assertStatus(Status.EXIST, () -> tree.create(ME, tree.root(), "file", 0644));
        assertStatus(Status.EXIST, () -> tree.create(ME, tree.root(), ".", 0644));
        assertStatus(Status.EXIST, () -> tree.create(ME, tree.root(), "..", 0644));
    }

    @Test
    void uncheckedCreateOpensAnExistingFileAndTruncatesOnlyWhenAsked() throws Exception {
        FileId file = tree.file("file");
        tree.write(ME, file, 0, "content");
        NewAttributes keep = mode(0600);
        Created opened = tree.fs.create(ME, tree.root(), bytes("file"), new CreateMode.Unchecked(keep));

        assertThat(opened.id()).isEqualTo(file);
        assertThat(opened.attributes().size()).isEqualTo(7);
        assertThat(opened.attributes().mode()).isEqualTo(0644);

        NewAttributes truncate = new NewAttributes(0600, null, null, 0L, null, null);
        opened = tree.fs.create(ME, tree.root(), bytes("file"), new CreateMode.Unchecked(truncate));
        assertThat(opened.attributes().size()).isZero();
        assertThat(opened.attributes().mode()).isEqualTo(0644);

        tree.directory("directory");
        assertStatus(
                Status.EXIST,
                () -> tree.fs.create(ME, tree.root(), bytes("directory"), new CreateMode.Unchecked(keep)));
    }

    @Test
    void createHonoursSizeAndTimes() throws Exception {
        FileTime time = new FileTime(1_000_000_000, 5000);
        NewAttributes wanted = new NewAttributes(0600, null, null, 4096L, time, time);
        Created created = tree.fs.create(ME, tree.root(), bytes("file"), new CreateMode.Guarded(wanted));
        assertThat(created.attributes().size()).isEqualTo(4096);
        assertThat(created.attributes().mtime()).isEqualTo(time);
        assertThat(created.attributes().atime()).isEqualTo(time);
    }

    @Test
    void exclusiveCreateRecognisesItsRetryAfterARestart() throws Exception {
        CreateMode mode = new CreateMode.Exclusive(0xfedcba9876543210L);
        Created created = tree.fs.create(ME, tree.root(), bytes("file"), mode);
        tree.reopen();
        Created again = tree.fs.create(ME, tree.root(), bytes("file"), mode);

        assertThat(again.id()).isEqualTo(created.id());
        assertStatus(
                Status.EXIST,
                () -> tree.fs.create(ME, tree.root(), bytes("file"), new CreateMode.Exclusive(0xfedcba9876543211L)));
        tree.fs.setAttributes(
                ME,
                created.id(),
                new NewAttributes(0644, null, null, null, NewAttributes.NOW, NewAttributes.NOW),
                null);
        assertStatus(Status.EXIST, () -> tree.fs.create(ME, tree.root(), bytes("file"), mode));
    }

    @Test
    void makesDirectoriesLinksAndNodes() throws Exception {
        Created directory = tree.fs.makeDirectory(ME, tree.root(), bytes("directory"), mode(0750));
        assertThat(directory.attributes().type()).isEqualTo(FileType.DIRECTORY);
        assertThat(directory.attributes().mode()).isEqualTo(0750);
        assertStatus(Status.EXIST, () -> tree.directory("directory"));

        byte[] target = {'a', '/', (byte) 0xff, '.', '.'};
        Created symlink = tree.fs.makeSymlink(ME, directory.id(), bytes("symlink"), target, NewAttributes.NONE);
        assertThat(symlink.attributes().type()).isEqualTo(FileType.SYMLINK);
        assertThat(tree.fs.readLink(ME, symlink.id()).path()).isEqualTo(target);
        assertStatus(Status.INVAL, () -> tree.fs.readLink(ME, directory.id()));

        Created socket = tree.fs.makeNode(ME, directory.id(), bytes("socket"), FileType.SOCKET, 0, 0, mode(0600));
        assertThat(socket.attributes().type()).isEqualTo(FileType.SOCKET);
        assertStatus(
                Status.BADTYPE,
                () -> tree.fs.makeNode(ME, directory.id(), bytes("x"), FileType.REGULAR, 0, 0, mode(0600)));
        assertThat(tree.names(directory.id())).containsExactlyInAnyOrder(".", "..", "symlink", "socket");
    }

    @Test
    void rootMakesDevices() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(Credentials.effectiveUid() == 0, "devices need root");
        Created device =
                tree.fs.makeNode(ME, tree.root(), bytes("null"), FileType.CHARACTER_DEVICE, 1, 300, mode(0666));
        assertThat(device.attributes().type()).isEqualTo(FileType.CHARACTER_DEVICE);
        assertThat(device.attributes().rdevMajor()).isEqualTo(1);
        assertThat(device.attributes().rdevMinor()).isEqualTo(300);
        assertStatus(
                Status.INVAL,
                () -> tree.fs.makeNode(ME, tree.root(), bytes("x"), FileType.BLOCK_DEVICE, 4096, 0, mode(0600)));
    }

    @Test
    void looksUpItselfAndItsParentButNothingAboveTheRoot() throws Exception {
        FileId a = tree.directory("a");
        FileId b = tree.directory(a, "b", 0755);
        assertThat(tree.lookup(b, ".")).isEqualTo(b);
        assertThat(tree.lookup(b, "..")).isEqualTo(a);
        assertThat(tree.lookup(a, "..")).isEqualTo(tree.root());
        assertThat(tree.lookup(tree.root(), "..")).isEqualTo(tree.root());
    }

    @Test
    void lookupErrors() throws Exception {
        FileId file = tree.file("file");
        assertStatus(Status.NOENT, () -> tree.lookup(tree.root(), "nothing"));
        assertStatus(Status.NOTDIR, () -> tree.lookup(file, "x"));
        assertStatus(Status.INVAL, () -> tree.lookup(tree.root(), "a/b"));
        assertStatus(Status.INVAL, () -> tree.lookup(tree.root(), "a\0b"));
        assertStatus(Status.INVAL, () -> tree.lookup(tree.root(), ""));
        assertStatus(Status.NAMETOOLONG, () -> tree.lookup(tree.root(), "x".repeat(256)));
    }

    @Test
    void namesOfAnyBytes() throws Exception {
        byte[] longest = new byte[255];
        for (int i = 0; i < longest.length; i++) {
            byte b = (byte) (i + 1);
            longest[i] = b == '/' ? (byte) '_' : b;
        }
        Created created = tree.fs.create(ME, tree.root(), longest, new CreateMode.Guarded(mode(0644)));
        assertThat(tree.fs.lookup(ME, tree.root(), longest).id()).isEqualTo(created.id());
        assertThat(tree.names(tree.root())).contains(new String(longest, StandardCharsets.ISO_8859_1));
        byte[] other = {(byte) 0xc3, (byte) 0x28, (byte) 0xff};
        tree.fs.rename(ME, tree.root(), longest, tree.root(), other);
        assertThat(tree.fs.lookup(ME, tree.root(), other).id()).isEqualTo(created.id());
        tree.fs.remove(ME, tree.root(), other);
        assertThat(tree.names(tree.root())).containsExactlyInAnyOrder(".", "..");
    }

    @Test
    void removes() throws Exception {
        FileId file = tree.file("file");
        FileId directory = tree.directory("directory");
        tree.file(directory, "inner", 0644);

        assertStatus(Status.NOTDIR, () -> tree.fs.removeDirectory(ME, tree.root(), bytes("file")));
        assertStatus(Status.ISDIR, () -> tree.fs.remove(ME, tree.root(), bytes("directory")));
        assertStatus(Status.NOTEMPTY, () -> tree.fs.removeDirectory(ME, tree.root(), bytes("directory")));
        assertStatus(Status.NOENT, () -> tree.fs.remove(ME, tree.root(), bytes("nothing")));
        assertStatus(Status.INVAL, () -> tree.fs.removeDirectory(ME, directory, bytes(".")));

        Change change = tree.fs.remove(ME, tree.root(), bytes("file"));
        assertThat(change.before()).isNotEqualTo(change.after());
        tree.fs.remove(ME, directory, bytes("inner"));
        tree.fs.removeDirectory(ME, tree.root(), bytes("directory"));
        assertThat(tree.names(tree.root())).containsExactlyInAnyOrder(".", "..");
        assertStatus(Status.STALE, () -> tree.fs.attributes(file));
        assertStatus(Status.STALE, () -> tree.fs.attributes(directory));
    }

    @Test
    void renames() throws Exception {
        FileId a = tree.directory("a");
        FileId b = tree.directory("b");
        FileId file = tree.file(a, "file", 0644);
        FileId victim = tree.file(b, "victim", 0644);
        tree.write(ME, file, 0, "moved");

        Renamed renamed = tree.fs.rename(ME, a, bytes("file"), b, bytes("victim"));

        assertThat(renamed.from().before()).isNotEqualTo(renamed.from().after());
        assertThat(renamed.to().after()).isEqualTo(tree.fs.attributes(b));
        assertThat(tree.lookup(b, "victim")).isEqualTo(file);
        assertThat(tree.read(ME, file, 0, 10)).isEqualTo("moved");
        assertStatus(Status.NOENT, () -> tree.lookup(a, "file"));
        assertStatus(Status.STALE, () -> tree.fs.attributes(victim));
        assertStatus(Status.INVAL, () -> tree.fs.rename(ME, tree.root(), bytes("a"), a, bytes("self")));
        assertStatus(Status.NOENT, () -> tree.fs.rename(ME, a, bytes("nothing"), b, bytes("x")));
        tree.fs.rename(ME, b, bytes("victim"), b, bytes("victim"));
        assertThat(tree.fs.attributes(file).nlink()).isEqualTo(1);
    }

    @Test
    void links() throws Exception {
        FileId file = tree.file("file");
        FileId directory = tree.directory("directory");
        Linked linked = tree.fs.link(ME, file, directory, bytes("link"));

        assertThat(linked.file().nlink()).isEqualTo(2);
        assertThat(tree.lookup(directory, "link")).isEqualTo(file);
        assertStatus(Status.EXIST, () -> tree.fs.link(ME, file, directory, bytes("link")));
        assertStatus(Status.INVAL, () -> tree.fs.link(ME, directory, tree.root(), bytes("x")));
        tree.fs.remove(ME, tree.root(), bytes("file"));
        assertThat(tree.fs.attributes(file).nlink()).isEqualTo(1);
        tree.write(ME, file, 0, "still there");
        assertThat(tree.read(ME, file, 0, 20)).isEqualTo("still there");

        FileId symlink = tree.fs
                .makeSymlink(ME, tree.root(), bytes("symlink"), bytes("nowhere"), NewAttributes.NONE)
                .id();
        tree.fs.link(ME, symlink, tree.root(), bytes("symlink2"));
        assertThat(tree.fs.attributes(symlink).nlink()).isEqualTo(2);
    }

    @Test
    void setsAttributes() throws Exception {
        FileId file = tree.file("file");
        tree.write(ME, file, 0, "0123456789");
        FileTime time = new FileTime(1_234_567_890, 123_456_789);
        NewAttributes wanted = new NewAttributes(02750, null, null, 5L, time, null);
        Change change = tree.fs.setAttributes(ME, file, wanted, null);

        assertThat(change.before().size()).isEqualTo(10);
        Attributes after = change.after();
        assertThat(after.mode()).isEqualTo(02750);
        assertThat(after.size()).isEqualTo(5);
        assertThat(after.atime()).isEqualTo(time);
        assertThat(after.mtime()).isNotEqualTo(time);
        assertThat(tree.read(ME, file, 0, 10)).isEqualTo("01234");

        tree.fs.setAttributes(ME, file, size(8), null);
        assertThat(tree.read(ME, file, 0, 10)).isEqualTo("01234\0\0\0");
        NewAttributes now = new NewAttributes(null, null, null, null, NewAttributes.NOW, NewAttributes.NOW);
        assertThat(tree.fs.setAttributes(ME, file, now, null).after().atime().seconds())
                .isGreaterThan(time.seconds() + 1);
    }

    @Test
    void setAttributesKeepsTheGuard() throws Exception {
        FileId file = tree.file("file");
        FileTime ctime = tree.fs.attributes(file).ctime();
        tree.fs.setAttributes(ME, file, mode(0600), ctime);
        FileTime old = new FileTime(ctime.seconds() - 1, ctime.nanos());
        assertStatus(Status.NOT_SYNC, () -> tree.fs.setAttributes(ME, file, mode(0644), old));
        assertThat(tree.fs.attributes(file).mode()).isEqualTo(0600);
    }

    @Test
    void attributesOfOtherTypes() throws Exception {
        FileId directory = tree.directory("directory");
        FileId symlink = tree.fs
                .makeSymlink(ME, tree.root(), bytes("symlink"), bytes("nowhere"), NewAttributes.NONE)
                .id();
        FileTime time = new FileTime(1_000_000_000, 0);
        NewAttributes wanted = new NewAttributes(0700, null, null, null, time, time);
        assertThat(tree.fs.setAttributes(ME, symlink, wanted, null).after().mtime())
                .isEqualTo(time);
        Attributes after = tree.fs.setAttributes(ME, directory, wanted, null).after();
        assertThat(after.mtime()).isEqualTo(time);
        assertThat(after.mode()).isEqualTo(0700);
        assertStatus(Status.ISDIR, () -> tree.fs.setAttributes(ME, directory, size(0), null));
        assertStatus(Status.INVAL, () -> tree.fs.setAttributes(ME, symlink, size(0), null));
        FileId fifo = tree.fs
                .makeNode(ME, tree.root(), bytes("fifo"), FileType.FIFO, 0, 0, mode(0600))
                .id();
        assertThat(tree.fs.setAttributes(ME, fifo, mode(0640), null).after().mode())
                .isEqualTo(0640);
    }

    @Test
    void handlesSurviveRenameAndRestart() throws Exception {
        FileId a = tree.directory("a");
        FileId file = tree.file(a, "file", 0644);
        FileId rootId = tree.root();
        tree.write(ME, file, 0, "content");
        tree.fs.rename(ME, tree.root(), bytes("a"), tree.root(), bytes("b"));
        tree.fs.rename(ME, a, bytes("file"), tree.root(), bytes("other"));
        assertThat(tree.read(ME, file, 0, 10)).isEqualTo("content");

        tree.reopen();

        assertThat(tree.root()).isEqualTo(rootId);
        assertThat(tree.read(ME, file, 0, 10)).isEqualTo("content");
        assertThat(tree.lookup(a, "..")).isEqualTo(rootId);
        Files.move(tree.path.resolve("other"), tree.path.resolve("b").resolve("local"));
        tree.reopen();
        assertThat(tree.read(ME, file, 0, 10)).isEqualTo("content");
    }

    @Test
    void aRecreatedNameIsAnotherObject() throws Exception {
        FileId file = tree.file("file");
        Files.delete(tree.path.resolve("file"));
        FileId other = tree.file("file");
        assertThat(other).isNotEqualTo(file);
        assertStatus(Status.STALE, () -> tree.fs.attributes(file));
        assertStatus(Status.STALE, () -> tree.read(ME, file, 0, 1));
        assertThat(tree.fs.attributes(other).size()).isZero();
    }

    @Test
    void forgedBytesNameNothing() {
        assertStatus(Status.BADHANDLE, () -> tree.fs.attributes(new FileId(new byte[0])));
        assertThat(VfsAssertions.status(() -> tree.fs.attributes(new FileId(new byte[] {1, 2, 3}))))
                .isIn(Status.BADHANDLE, Status.STALE);
        assertThat(VfsAssertions.status(() -> tree.fs.attributes(new FileId(new byte[44]))))
                .isIn(Status.BADHANDLE, Status.STALE);
    }

    @Test
    void symlinksAreNeverFollowed() throws Exception {
        FileId directory = tree.directory("directory");
        tree.file(directory, "inner", 0644);
        FileId there = tree.lookup(tree.root(), "directory");
        Files.move(tree.path.resolve("directory"), tree.path.resolve("moved"));
        Files.createSymbolicLink(tree.path.resolve("directory"), Path.of("/etc"));

        FileId link = tree.lookup(tree.root(), "directory");
        assertThat(tree.fs.attributes(link).type()).isEqualTo(FileType.SYMLINK);
        assertStatus(Status.NOTDIR, () -> tree.lookup(link, "passwd"));
        assertStatus(Status.NOTDIR, () -> tree.create(ME, link, "mooring-must-not-be-here", 0644));
        assertStatus(Status.NOTDIR, () -> tree.names(link));
        assertStatus(Status.INVAL, () -> tree.read(ME, link, 0, 1));
        assertThat(tree.names(there)).contains("inner");
        assertStatus(Status.EXIST, () -> tree.create(ME, tree.root(), "directory", 0644));
        tree.fs.remove(ME, tree.root(), bytes("directory"));
        assertThat(Files.exists(tree.path.resolve("directory"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void spaceAndLimits() throws Exception {
        Space space = tree.fs.space(tree.root());
        assertThat(space.totalBytes()).isPositive();
        assertThat(space.freeBytes()).isBetween(0L, space.totalBytes());
        Limits limits = tree.fs.limits(tree.root());
        assertThat(limits.nameMax()).isEqualTo(255);
        assertThat(limits.maxFileSize()).isGreaterThan(1L << 40);
        FileId file = tree.file("largest");
        long largest = limits.maxFileSize();
        assertThat(tree.fs.setAttributes(ME, file, size(largest), null).after().size())
                .isEqualTo(largest);
        if (largest < Long.MAX_VALUE) {
            assertStatus(Status.FBIG, () -> tree.fs.setAttributes(ME, file, size(largest + 1), null));
        }
    }

    @Test
    void afterCloseEverythingIsStale() throws Exception {
        FileId root = tree.root();
        FileId file = tree.file("file");
        tree.fs.close();
        assertStatus(Status.STALE, () -> tree.fs.attributes(root));
        assertStatus(Status.STALE, () -> tree.write(ME, file, 0, "x"));
        tree.fs.close();
    }

    @Test
    void syncsAllWhileItIsOpen() throws Exception {
        tree.write(ME, tree.file("file"), 0, "data");
        long verifier = tree.fs.writeVerifier();
        tree.fs.sync();
        assertThat(tree.fs.writeVerifier()).as("nothing was lost").isEqualTo(verifier);
        tree.fs.close();
        assertStatus(Status.STALE, () -> tree.fs.sync());
    }
}
