package io.mooring.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Open-file-description locks against each other, and against the process locks that Java's channels take. */
class FileLockTest {
    @TempDir
    Path directory;

    private final Scratch scratch = Scratch.mine();
    private Path file;
    private int one;
    private int two;

    @BeforeEach
    void open() throws IOException {
        file = Files.createFile(directory.resolve("file"));
        one = openFile(PosixFiles.O_RDWR);
        two = openFile(PosixFiles.O_RDWR);
    }

    @AfterEach
    void close() {
        PosixFiles.close(one);
        PosixFiles.close(two);
    }

    private int openFile(int flags) {
        byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
        int descriptor = PosixFiles.openat(PosixFiles.AT_FDCWD, scratch.name(path), flags | PosixFiles.O_CLOEXEC, 0);
        assertThat(descriptor).isNotNegative();
        return descriptor;
    }

    private int exclusive(int descriptor, long start, long length) {
        return FileLock.set(descriptor, FileLock.F_WRLCK, start, length, scratch);
    }

    private int shared(int descriptor, long start, long length) {
        return FileLock.set(descriptor, FileLock.F_RDLCK, start, length, scratch);
    }

    private FileLock find(int descriptor, int type) {
        assertThat(FileLock.find(descriptor, type, 0, 0, scratch)).isZero();
        return FileLock.found(scratch);
    }

    @Test
    void anExclusiveLockKeepsOthersOutOfItsRange() {
        assertThat(exclusive(one, 10, 10)).isZero();
        assertThat(shared(two, 19, 12)).isEqualTo(-Errno.EAGAIN);
        assertThat(shared(two, 20, 0)).isZero();
        assertThat(find(two, FileLock.F_RDLCK)).isEqualTo(new FileLock(FileLock.F_WRLCK, 10, 10, -1));
        assertThat(find(one, FileLock.F_WRLCK)).isEqualTo(new FileLock(FileLock.F_RDLCK, 20, 0, -1));
        assertThat(FileLock.set(one, FileLock.F_UNLCK, 10, 10, scratch)).isZero();
        assertThat(find(two, FileLock.F_WRLCK).type()).isEqualTo(FileLock.F_UNLCK);
    }

    @Test
    void theLastByteCanBeLocked() {
        assertThat(exclusive(one, Long.MAX_VALUE - 1, 1)).isZero();
        assertThat(exclusive(two, Long.MAX_VALUE, 0)).isZero();
        assertThat(exclusive(two, 0, 0)).isEqualTo(-Errno.EAGAIN);
    }

    @Test
    void processLocksConflictToo() throws IOException {
        assertThat(exclusive(one, 0, 10)).isZero();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(channel.tryLock(5, 1, false)).isNull();
            assertThat(channel.tryLock(10, 1, false)).isNotNull();
            int pid = (int) ProcessHandle.current().pid();
            assertThat(find(one, FileLock.F_RDLCK)).isEqualTo(new FileLock(FileLock.F_WRLCK, 10, 1, pid));
        }
    }

    @Test
    void anExclusiveLockWantsADescriptorThatMayWrite() {
        int reader = openFile(PosixFiles.O_RDONLY);
        assertThat(shared(reader, 0, 0)).isZero();
        assertThat(exclusive(reader, 0, 0)).isEqualTo(-Errno.EBADF);
        PosixFiles.close(reader);
        assertThat(exclusive(one, 0, 0)).isZero();
    }
}
