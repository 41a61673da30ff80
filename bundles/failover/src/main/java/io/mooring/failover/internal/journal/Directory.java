package io.mooring.failover.internal.journal;

import io.mooring.posix.Dirents;
import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A directory, by descriptor: it stays the same one whatever is mounted or renamed. Not thread-safe. */
public final class Directory implements AutoCloseable {
    private static final int FILE = PosixFiles.O_RDWR
            | PosixFiles.O_NOFOLLOW
            | PosixFiles.O_NONBLOCK
            | PosixFiles.O_NOCTTY
            | PosixFiles.O_CLOEXEC;

    private final int descriptor;

    private Directory(int descriptor) {
        this.descriptor = descriptor;
    }

    public static Directory open(Path path) throws PosixException {
        int flags = PosixFiles.O_RDONLY | PosixFiles.O_DIRECTORY | PosixFiles.O_CLOEXEC;
        long name = Scratch.mine().name(bytes(path.toString()));
        int result = PosixFiles.openat(PosixFiles.AT_FDCWD, name, flags, 0);
        OpenFile.check("openat", result);
        return new Directory(result);
    }

    public Statx stat() throws PosixException {
        Scratch scratch = Scratch.mine();
        OpenFile.check("statx", PosixFiles.statx(descriptor, scratch));
        return scratch.statx();
    }

    public void setMode(int mode) throws PosixException {
        OpenFile.check("fchmod", PosixFiles.fchmod(descriptor, mode));
    }

    /** Without "." and "..". */
    public List<String> names() throws PosixException {
        OpenFile.check("lseek", (int) PosixFiles.lseek(descriptor, 0, PosixFiles.SEEK_SET));
        Dirents entries = Scratch.mine().dirents();
        List<String> names = new ArrayList<>();
        int filled;
        while ((filled = entries.fill(descriptor)) > 0) {
            while (entries.next()) {
                if (!entries.isDot()) {
                    names.add(new String(entries.name(), StandardCharsets.UTF_8));
                }
            }
        }
        OpenFile.check("getdents64", filled);
        return names;
    }

    /** A regular file, for reading and writing; empty where there is none. */
    public Optional<OpenFile> find(String name) throws PosixException {
        try {
            return Optional.of(openFile(name, FILE));
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public OpenFile findOrCreate(String name) throws PosixException {
        return openFile(name, FILE | PosixFiles.O_CREAT);
    }

    /** A new file in the place of whatever has the name. */
    public OpenFile create(String name) throws PosixException {
        remove(name);
        return openFile(name, FILE | PosixFiles.O_CREAT | PosixFiles.O_EXCL);
    }

    private OpenFile openFile(String name, int flags) throws PosixException {
        int result = PosixFiles.openat(descriptor, Scratch.mine().name(bytes(name)), flags, 0600);
        OpenFile.check("openat", result);
        OpenFile file = new OpenFile(result);
        try {
            Statx stat = file.stat();
            if (!stat.isRegular()) {
                throw new PosixException("openat " + name, Errno.EINVAL);
            }
            if ((stat.mode() & 07777) != 0600) {
                file.setMode(0600);
            }
            return file;
        } catch (PosixException e) {
            file.close();
            throw e;
        }
    }

    /** What a small file has, up to a number of bytes; empty where there is none. */
    public Optional<String> read(String name, int most) throws PosixException {
        Optional<OpenFile> found = find(name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (OpenFile file = found.get()) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(most);
            file.read(bytes, 0);
            return Optional.of(StandardCharsets.UTF_8.decode(bytes.flip()).toString());
        }
    }

    /** Gives a small file another content: after a crash it has either all of it, or what it had before. */
    public void replace(String name, String content) throws PosixException {
        String draft = name + ".new";
        try (OpenFile file = create(draft)) {
            file.write(direct(content), 0);
            file.sync();
        } catch (PosixException e) {
            remove(draft);
            throw e;
        }
        rename(draft, name);
    }

    /** On stable storage when it returns. */
    public void rename(String from, String to) throws PosixException {
        Scratch scratch = Scratch.mine();
        int result = PosixFiles.renameat2(
                descriptor, scratch.name(bytes(from)), descriptor, scratch.otherName(bytes(to)), 0);
        OpenFile.check("renameat2", result);
        OpenFile.check("fsync", PosixFiles.fsync(descriptor));
    }

    public void remove(String name) throws PosixException {
        int result = PosixFiles.unlinkat(descriptor, Scratch.mine().name(bytes(name)), 0);
        if (result != -Errno.ENOENT) {
            OpenFile.check("unlinkat", result);
        }
    }

    @Override
    public void close() {
        PosixFiles.close(descriptor);
    }

    /** Text as it is written to files. */
    public static ByteBuffer direct(String text) {
        byte[] bytes = bytes(text);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
