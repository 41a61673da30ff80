package io.mooring.vfs.local;

import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.VfsException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Run by {@link UnprivilegedServerTest} in a JVM of its own, as another user: works on a tree and prints what it sees. */
final class UnprivilegedServer {
    private static final Caller CALLER = new Caller(1234, 1234, new int[0]);

    private UnprivilegedServer() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        LocalSettings settings = new LocalSettings(100, 60, false, 1000, 1000);
        Path directory = Path.of(arguments[0]);
        try {
            FileId id = write(directory, settings, out);
            read(directory, settings, id, out);
        } catch (VfsException e) {
            out.println("refused " + e.status() + " " + e.getMessage());
        }
        out.flush();
    }

    private static FileId write(Path directory, LocalSettings settings, PrintStream out) throws VfsException {
        try (LocalFileSystems systems = new LocalFileSystems(settings)) {
            LocalFileSystem fs = systems.open(directory, new FileSystemOptions(true));
            FileId inner = fs.makeDirectory(CALLER, fs.root(), TestTree.bytes("directory"), TestTree.mode(0755))
                    .id();
            var mode = new io.mooring.vfs.CreateMode.Guarded(TestTree.mode(0444));
            FileId id = fs.create(CALLER, inner, TestTree.bytes("file"), mode).id();
            ByteBuffer[] data = {TestTree.direct("content")};
            fs.write(CALLER, id, 0, data, io.mooring.vfs.Stability.FILE_SYNC);
            Attributes attributes = fs.attributes(id);
            out.println("owner " + attributes.uid());
            return id;
        }
    }

    private static void read(Path directory, LocalSettings settings, FileId id, PrintStream out) throws VfsException {
        try (LocalFileSystems systems = new LocalFileSystems(settings)) {
            LocalFileSystem fs = systems.open(directory, new FileSystemOptions(true));
            ByteBuffer target = ByteBuffer.allocateDirect(100);
            out.println("read " + fs.read(CALLER, id, 0, target).count());
        }
    }
}
