package io.mooring.vfs.local;

import io.mooring.vfs.Caller;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Run by {@link DescriptorShortageTest} in a JVM that may open few files: uses more of them than that. */
final class DescriptorShortage {

    private DescriptorShortage() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = System.out;
        // The bound is far over the limit, as a wrong setting would have it.
        LocalSettings settings = new LocalSettings(100_000, 60, false, 1000, 1000);
        try (LocalFileSystems systems = new LocalFileSystems(settings)) {
            LocalFileSystems.descriptors(0);
            LocalFileSystems.descriptors(100_000);
            LocalFileSystem fs = systems.open(Path.of(arguments[0]), new FileSystemOptions(false));
            List<FileId> files = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                CreateMode mode = new CreateMode.Guarded(TestTree.mode(0644));
                files.add(fs.create(Caller.ROOT, fs.root(), TestTree.bytes("file" + i), mode)
                        .id());
                ByteBuffer[] data = {TestTree.direct("content" + i)};
                fs.write(Caller.ROOT, files.get(i), 0, data, Stability.UNSTABLE);
            }
            int good = 0;
            for (FileId file : files) {
                ByteBuffer target = ByteBuffer.allocateDirect(20);
                good += fs.read(Caller.ROOT, file, 0, target).count() > 7 ? 1 : 0;
            }
            out.println("good " + good);
        } catch (VfsException e) {
            out.println("failed " + e.status() + " " + e.getMessage());
        }
        out.flush();
    }
}
