package io.mooring.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** System calls against what Java's own library says. */
class PosixFilesTest {
    @TempDir
    Path path;

    private final Scratch scratch = Scratch.mine();
    private int directory;

    @BeforeEach
    void open() {
        int flags = PosixFiles.O_RDONLY | PosixFiles.O_DIRECTORY | PosixFiles.O_CLOEXEC;
        directory = PosixFiles.openat(PosixFiles.AT_FDCWD, scratch.name(bytes(path.toString())), flags, 0);
        assertThat(directory).isNotNegative();
    }

    @AfterEach
    void close() {
        assertThat(PosixFiles.close(directory)).isZero();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private int create(String name) {
        int flags = PosixFiles.O_CREAT | PosixFiles.O_EXCL | PosixFiles.O_RDWR | PosixFiles.O_CLOEXEC;
        return PosixFiles.openat(directory, scratch.name(bytes(name)), flags, 0600);
    }

    @Test
    void failuresAreNegativeErrnos() {
        assertThat(PosixFiles.openat(directory, scratch.name(bytes("nothing")), PosixFiles.O_RDONLY, 0))
                .isEqualTo(-Errno.ENOENT);
        assertThat(PosixFiles.close(-1)).isEqualTo(-Errno.EBADF);
        assertThat(PosixFiles.pread(-1, scratch.empty(), 1, 0)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void fallocateReservesAndKeepsWhatIsThere() throws IOException {
        Files.writeString(path.resolve("file"), "content");
        int file = PosixFiles.openat(directory, scratch.name(bytes("file")), PosixFiles.O_RDWR, 0);
        assertThat(PosixFiles.fallocate(file, 0, 1 << 20)).isZero();
        assertThat(PosixFiles.statx(file, scratch)).isZero();
        assertThat(scratch.statx().size()).isEqualTo(1 << 20);
        assertThat(scratch.statx().blocks() * 512).isGreaterThanOrEqualTo(1 << 20);
        assertThat(Files.readString(path.resolve("file"))).startsWith("content\0");
        assertThat(PosixFiles.fallocate(-1, 0, 1)).isEqualTo(-Errno.EBADF);
        PosixFiles.close(file);
    }

    @Test
    void statxAgreesWithJava() throws IOException {
        int file = create("file");
        assertThat(PosixFiles.ftruncate(file, 12345)).isZero();
        assertThat(PosixFiles.fchmod(file, 0741)).isZero();
        assertThat(PosixFiles.utimens(file, 1, 2, 3_000_000_000L, 4, scratch)).isZero();
        assertThat(PosixFiles.statx(file, scratch)).isZero();
        Statx stat = scratch.statx();
        Path java = path.resolve("file");
        assertThat(stat.mode()).isEqualTo(Statx.S_IFREG | 0741).isEqualTo(Files.getAttribute(java, "unix:mode"));
        assertThat(stat.size()).isEqualTo(12345);
        assertThat(stat.inode()).isEqualTo(Files.getAttribute(java, "unix:ino"));
        assertThat(stat.uid()).isEqualTo(Files.getAttribute(java, "unix:uid"));
        assertThat(stat.gid()).isEqualTo(Files.getAttribute(java, "unix:gid"));
        assertThat(stat.nlink()).isEqualTo(Files.getAttribute(java, "unix:nlink"));
        assertThat(stat.atime()).isEqualTo(new Statx.Time(1, 2));
        assertThat(stat.mtime()).isEqualTo(new Statx.Time(3_000_000_000L, 4));
        assertThat(stat.isRegular()).isTrue();
        PosixFiles.close(file);
        assertThat(PosixFiles.statx(directory, scratch)).isZero();
        assertThat(scratch.statx().isDirectory()).isTrue();
    }

    @Test
    void deviceNumbersAreWhole() {
        assumeTrue(Credentials.effectiveUid() == 0, "only root makes devices");
        int result = PosixFiles.mknodat(directory, scratch.name(bytes("device")), Statx.S_IFCHR | 0600, 0xabc, 0x12345);
        assumeTrue(result == 0, "no devices on this file system");
        PosixFiles.statx(directory, scratch.name(bytes("device")), 0, scratch);
        assertThat(scratch.statx().rdev()).isEqualTo(new Statx.Device(0xabc, 0x12345));
    }

    @Test
    void vectorsAreWrittenAndReadInOrder() {
        int file = create("file");
        ByteBuffer one = ByteBuffer.allocateDirect(8).put(bytes("__one")).flip().position(2);
        ByteBuffer two = ByteBuffer.allocateDirect(8).put(bytes("two")).flip();
        Vectors out = new Vectors(scratch);
        out.add(one);
        out.add(two);
        assertThat(PosixFiles.pwritev2(file, out, 5, PosixFiles.RWF_DSYNC)).isEqualTo(6);
        ByteBuffer first = ByteBuffer.allocateDirect(4);
        ByteBuffer second = ByteBuffer.allocateDirect(4);
        Vectors in = new Vectors(scratch);
        in.add(first);
        in.add(second);
        assertThat(PosixFiles.preadv2(file, in, 5, 0)).isEqualTo(6);
        assertThat(StandardCharsets.UTF_8.decode(first).toString()).isEqualTo("onet");
        assertThat(StandardCharsets.UTF_8.decode(second.limit(2)).toString()).isEqualTo("wo");
        assertThat(PosixFiles.pwrite(file, Scratch.address(one), 3, 1L << 32)).isEqualTo(3);
        assertThat(PosixFiles.statx(file, scratch)).isZero();
        assertThat(scratch.statx().size()).isEqualTo((1L << 32) + 3);
        assertThat(PosixFiles.fsync(file)).isZero();
        assertThat(PosixFiles.fdatasync(file)).isZero();
        PosixFiles.close(file);
    }

    @Test
    void namesAndLinks() {
        assertThat(PosixFiles.mkdirat(directory, scratch.name(bytes("a")), 0755))
                .isZero();
        assertThat(PosixFiles.symlinkat(scratch.otherName(bytes("to")), directory, scratch.name(bytes("link"))))
                .isZero();
        int length = PosixFiles.readlinkat(directory, scratch.name(bytes("link")), scratch);
        assertThat(scratch.linkTarget(length)).isEqualTo(bytes("to"));
        PosixFiles.close(create("file"));
        assertThat(PosixFiles.linkat(
                        directory, scratch.name(bytes("file")), directory, scratch.otherName(bytes("hard")), 0))
                .isZero();
        assertThat(PosixFiles.renameat2(
                        directory, scratch.name(bytes("file")), directory, scratch.otherName(bytes("a/moved")), 0))
                .isZero();
        assertThat(PosixFiles.unlinkat(directory, scratch.name(bytes("a")), PosixFiles.AT_REMOVEDIR))
                .isEqualTo(-Errno.ENOTEMPTY);
        assertThat(path.resolve("a/moved")).exists();
        assertThat(path.resolve("hard")).exists();
    }

    @Test
    void entriesComeFromTheirOffsets() {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            PosixFiles.close(create("file" + i));
            made.add("file" + i);
        }
        Dirents entries = scratch.dirents();
        assertThat(entries.fill(directory)).isPositive();
        Set<String> seen = new HashSet<>();
        long middle = 0;
        while (entries.next()) {
            if (!entries.isDot()) {
                assertThat(entries.mayBeDirectory()).isFalse();
                seen.add(new String(entries.name(), StandardCharsets.UTF_8));
            }
            if (seen.size() == 50 && middle == 0) {
                middle = entries.offset();
                seen.clear();
            }
        }
        Set<String> rest = new HashSet<>();
        assertThat(PosixFiles.lseek(directory, middle, PosixFiles.SEEK_SET)).isEqualTo(middle);
        while (entries.fill(directory) > 0) {
            while (entries.next()) {
                if (!entries.isDot()) {
                    rest.add(new String(entries.name(), StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(rest).isEqualTo(seen);
        assertThat(made).containsAll(seen);
    }

    @Test
    void handlesNameTheSameObject() {
        int file = create("file");
        int mount = FileHandles.nameToHandle(file, scratch.empty(), PosixFiles.AT_EMPTY_PATH, scratch);
        assumeTrue(mount != -Errno.EOPNOTSUPP, "no file handles on this file system");
        int type = scratch.handleType();
        byte[] handle = scratch.handle();
        assertThat(FileHandles.nameToHandle(directory, scratch.name(bytes("file")), 0, scratch))
                .isEqualTo(mount);
        assertThat(scratch.handle()).isEqualTo(handle);
        PosixFiles.statx(file, scratch);
        long inode = scratch.statx().inode();
        int opened = FileHandles.openByHandle(directory, type, handle, 0, PosixFiles.O_PATH, scratch);
        assumeTrue(opened != -Errno.EPERM, "open_by_handle_at needs CAP_DAC_READ_SEARCH");
        PosixFiles.statx(opened, scratch);
        assertThat(scratch.statx().inode()).isEqualTo(inode);
        PosixFiles.close(opened);
        PosixFiles.close(file);
        assertThat(FileHandles.openByHandle(directory, type, new byte[200], 0, PosixFiles.O_PATH, scratch))
                .isEqualTo(-Errno.EINVAL);
    }

    @Test
    void fileSystemsAreDescribed() throws IOException {
        assertThat(PosixFiles.fstatfs(directory, scratch)).isZero();
        Statfs statfs = scratch.statfs();
        assertThat(statfs.blocks() * statfs.blockSize())
                .isEqualTo(Files.getFileStore(path).getTotalSpace());
        assertThat(statfs.nameMax()).isEqualTo(255);
        assertThat(PosixFiles.linkMax(directory)).isPositive();
        assertThat(PosixFiles.descriptorLimit()).isGreaterThan(10);
    }

    @Test
    void tooLongAPathIsNotStored() {
        assertThatThrownBy(() -> scratch.name(new byte[Scratch.PATH_MAX])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void extendedAttributes() {
        assertThat(PosixFiles.close(create("file"))).isZero();
        long file = scratch.otherName(bytes(path.resolve("file").toString()));
        long name = scratch.name(bytes("user.mooring"));
        assertThat(PosixFiles.getxattr(file, name, scratch)).isIn(-Errno.ENODATA, -Errno.EOPNOTSUPP);
        scratch.setValue(bytes("value"));
        int set = PosixFiles.setxattr(file, name, 5, scratch);
        assumeTrue(set != -Errno.EOPNOTSUPP, "no extended attributes on this file system");
        assertThat(set).isZero();
        scratch.setValue(bytes("other"));
        assertThat(PosixFiles.getxattr(file, name, scratch)).isEqualTo(5);
        assertThat(scratch.value(5)).isEqualTo(bytes("value"));
        assertThat(PosixFiles.removexattr(file, name)).isZero();
        assertThat(PosixFiles.removexattr(file, name)).isEqualTo(-Errno.ENODATA);
        assertThatThrownBy(() -> scratch.setValue(new byte[Scratch.VALUE_MAX + 1]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
