package io.mooring.vfs.local;

import io.mooring.vfs.Caller;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.PosixAcl;
import io.mooring.vfs.PosixAcls;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Run by {@link UnprivilegedServerTest} in a JVM whose classes only root can read: does everything for the first time as
 * another caller. A class loaded while the thread has that identity would not be found.
 */
final class FirstCalls {
    private static final Caller CALLER = new Caller(1234, 1234, new int[] {77});

    private FirstCalls() {}

    public static void main(String[] arguments) throws Exception {
        LocalSettings settings = new LocalSettings(100, 60, arguments.length > 1, 1000, 1000);
        try (LocalFileSystems systems = new LocalFileSystems(settings)) {
            LocalFileSystem fs = systems.open(Path.of(arguments[0]), new FileSystemOptions(true));
            refused(fs);
            granted(fs);
        }
        System.out.println("all done");
    }

    private static void refused(FileSystem fs) throws VfsException {
        NewAttributes mode = TestTree.mode(0600);
        FileId closed = fs.makeDirectory(Caller.ROOT, fs.root(), bytes("closed"), TestTree.mode(0700))
                .id();
        FileId file = fs.create(Caller.ROOT, closed, bytes("file"), new CreateMode.Guarded(mode))
                .id();
        deny(() -> fs.lookup(CALLER, closed, bytes("file")));
        deny(() -> fs.create(CALLER, closed, bytes("x"), new CreateMode.Guarded(mode)));
        deny(() -> fs.makeDirectory(CALLER, closed, bytes("x"), mode));
        deny(() -> fs.makeSymlink(CALLER, closed, bytes("x"), bytes("y"), mode));
        deny(() -> fs.makeNode(CALLER, closed, bytes("x"), FileType.FIFO, 0, 0, mode));
        deny(() -> fs.remove(CALLER, closed, bytes("file")));
        deny(() -> fs.rename(CALLER, closed, bytes("file"), fs.root(), bytes("y")));
        deny(() -> fs.link(CALLER, file, closed, bytes("y")));
        deny(() -> fs.read(CALLER, file, 0, ByteBuffer.allocateDirect(1)));
        deny(() -> fs.write(CALLER, file, 0, new ByteBuffer[] {TestTree.direct("x")}, Stability.UNSTABLE));
        deny(() -> fs.setAttributes(CALLER, file, TestTree.size(0), null));
        deny(() -> fs.list(CALLER, closed, 0, 0, (id, name, cookie) -> true));
    }

    private static void granted(FileSystem fs) throws VfsException {
        FileId directory = fs.makeDirectory(CALLER, fs.root(), bytes("directory"), TestTree.mode(0777))
                .id();
        FileId file = fs.create(CALLER, directory, bytes("file"), new CreateMode.Exclusive(5))
                .id();
        FileTime time = new FileTime(5, 5);
        NewAttributes all = new NewAttributes(0666, null, 77, 10L, time, NewAttributes.NOW);
        fs.setAttributes(CALLER, file, all, null);
        fs.write(CALLER, file, 0, new ByteBuffer[] {TestTree.direct("x")}, Stability.DATA_SYNC);
        fs.read(CALLER, file, 0, ByteBuffer.allocateDirect(1));
        fs.access(CALLER, file, 0x3f);
        fs.commit(CALLER, file, 0, 0);
        setAcl(fs, file);
        fs.link(CALLER, file, directory, bytes("link"));
        fs.makeSymlink(CALLER, directory, bytes("symlink"), bytes("y"), NewAttributes.NONE);
        fs.makeNode(CALLER, directory, bytes("fifo"), FileType.FIFO, 0, 0, TestTree.mode(0666));
        fs.rename(CALLER, directory, bytes("link"), directory, bytes("file"));
        fs.list(CALLER, directory, 0, 0, (id, name, cookie) -> true);
        fs.lookup(CALLER, directory, bytes("symlink"));
        fs.remove(CALLER, directory, bytes("fifo"));
    }

    private static void setAcl(FileSystem fs, FileId file) throws VfsException {
        PosixAcl.Entry owner = new PosixAcl.Entry(PosixAcl.Tag.USER_OBJ, 0, 6);
        PosixAcl.Entry group = new PosixAcl.Entry(PosixAcl.Tag.GROUP_OBJ, 0, 6);
        PosixAcl.Entry other = new PosixAcl.Entry(PosixAcl.Tag.OTHER, 0, 6);
        PosixAcls acls = (PosixAcls) fs;
        try {
            acls.setAcls(
                    CALLER, file, new PosixAcls.Setting(new PosixAcl(java.util.List.of(owner, group, other))), null);
            acls.setAcls(CALLER, file, new PosixAcls.Setting(null), null);
        } catch (VfsException e) {
            if (e.status() != VfsException.Status.NOTSUPP) {
                throw e;
            }
        }
    }

    private interface Call {
        void run() throws VfsException;
    }

    private static void deny(Call call) {
        try {
            call.run();
            throw new IllegalStateException("not refused");
        } catch (VfsException e) {
            if (e.status() != VfsException.Status.ACCES) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static byte[] bytes(String name) {
        return TestTree.bytes(name);
    }
}
