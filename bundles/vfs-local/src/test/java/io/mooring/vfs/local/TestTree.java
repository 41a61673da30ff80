package io.mooring.vfs.local;

import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.Created;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.WriteResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A tree in a temporary directory, and short forms of what tests do with it. */
final class TestTree implements AutoCloseable {
    final Path path;
    private final LocalSettings settings;
    private LocalFileSystems systems;
    LocalFileSystem fs;

    TestTree(TreeKind kind) throws IOException, VfsException {
        this(kind, new LocalSettings(1000, 60, kind.index(), 100_000, 1_000_000));
    }

    TestTree(TreeKind kind, LocalSettings settings) throws IOException, VfsException {
        this.path = kind.makeDirectory();
        this.settings = settings;
        open(true);
    }

    /** As after a restart of the server. */
    void reopen() throws VfsException {
        systems.close();
        open(true);
    }

    void open(boolean sync) throws VfsException {
        systems = new LocalFileSystems(settings);
        fs = systems.open(path, new FileSystemOptions(sync));
    }

    FileId root() {
        return fs.root();
    }

    FileId file(String name) throws VfsException {
        return file(root(), name, 0644);
    }

    FileId file(FileId directory, String name, int mode) throws VfsException {
        return create(Caller.ROOT, directory, name, mode).id();
    }

    Created create(Caller caller, FileId directory, String name, int mode) throws VfsException {
        return fs.create(caller, directory, bytes(name), new CreateMode.Guarded(mode(mode)));
    }

    FileId directory(String name) throws VfsException {
        return directory(root(), name, 0755);
    }

    FileId directory(FileId parent, String name, int mode) throws VfsException {
        return fs.makeDirectory(Caller.ROOT, parent, bytes(name), mode(mode)).id();
    }

    FileId lookup(FileId directory, String name) throws VfsException {
        return fs.lookup(Caller.ROOT, directory, bytes(name)).id();
    }

    WriteResult write(Caller caller, FileId file, long offset, String text) throws VfsException {
        return fs.write(caller, file, offset, new ByteBuffer[] {direct(text)}, Stability.UNSTABLE);
    }

    String read(Caller caller, FileId file, long offset, int count) throws VfsException {
        ByteBuffer target = ByteBuffer.allocateDirect(count);
        int read = fs.read(caller, file, offset, target).count();
        byte[] bytes = new byte[read];
        target.get(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    Attributes chmod(FileId id, int mode) throws VfsException {
        return fs.setAttributes(Caller.ROOT, id, mode(mode), null).after();
    }

    Attributes chown(FileId id, int uid, int gid) throws VfsException {
        NewAttributes owner = new NewAttributes(null, uid, gid, null, null, null);
        return fs.setAttributes(Caller.ROOT, id, owner, null).after();
    }

    List<String> names(FileId directory) throws VfsException {
        List<String> names = new ArrayList<>();
        fs.list(Caller.ROOT, directory, 0, 0, (fileid, name, cookie) -> {
            names.add(new String(name, StandardCharsets.ISO_8859_1));
            return true;
        });
        return names;
    }

    static NewAttributes mode(int mode) {
        return new NewAttributes(mode, null, null, null, null, null);
    }

    static NewAttributes size(long size) {
        return new NewAttributes(null, null, null, size, null, null);
    }

    static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.ISO_8859_1);
    }

    static ByteBuffer direct(String text) {
        byte[] bytes = bytes(text);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @Override
    public void close() throws IOException {
        systems.close();
        delete(path);
    }

    static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
