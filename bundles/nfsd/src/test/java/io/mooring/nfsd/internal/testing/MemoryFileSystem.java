package io.mooring.nfsd.internal.testing;

import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.Change;
import io.mooring.vfs.CommitResult;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.Created;
import io.mooring.vfs.DirectoryResult;
import io.mooring.vfs.DirectoryVisitor;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.Found;
import io.mooring.vfs.Limits;
import io.mooring.vfs.LinkTarget;
import io.mooring.vfs.Linked;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.ReadResult;
import io.mooring.vfs.Renamed;
import io.mooring.vfs.Space;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import io.mooring.vfs.WriteResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small file system in memory, that remembers who called and fails when told to. Used by one thread at a time. */
public final class MemoryFileSystem implements FileSystem {
    private static final long VERIFIER = 0x1234;
    private static final long MAX_SIZE = 1 << 20;

    private final Map<Long, Node> nodes = new HashMap<>();
    private long nextId = 100;
    private long ticks = 1_000_000;

    public Caller lastCaller;
    public Status failWith;
    public String failLookupOf;

    /** What is mounted on names of any directory: the ids of the mounts. */
    public final Map<String, Long> mounts = new HashMap<>();

    /** What was brought to stable storage by itself. */
    public final List<FileId> synced = new ArrayList<>();

    public boolean closed;
    public Runnable beforeNext;
    public Stability lastStability;
    public CreateMode lastCreateMode;
    public NewAttributes lastAttributes;

    private Witness witness;

    private static final class Node {
        final long id;
        final FileType type;
        int mode = 0755;
        int nlink = 1;
        byte[] data = new byte[0];
        long mtime;
        long ctime;
        long parent;
        final Map<String, Long> children = new LinkedHashMap<>();

        Node(long id, FileType type, long parent) {
            this.id = id;
            this.type = type;
            this.parent = parent;
        }
    }

    public MemoryFileSystem() {
        nodes.put(1L, touched(new Node(1, FileType.DIRECTORY, 1)));
    }

    private Node touched(Node node) {
        node.mtime = ++ticks;
        node.ctime = node.mtime;
        return node;
    }

    @Override
    public FileSystem witnessedBy(Witness somebody) {
        witness = somebody;
        return this;
    }

    private Node made(Node node) {
        Witness told = witness;
        witness = null;
        if (told != null) {
            told.made(id(node));
        }
        return node;
    }

    @Override
    public void sync(FileId changed) {
        synced.add(changed);
    }

    /** Gives an object an earlier mode and ctime, as if its last change had not reached the disk. */
    public void lose(FileId id, int mode, long ticksEarlier) throws VfsException {
        node(id).mode = mode;
        node(id).ctime -= ticksEarlier;
    }

    private static String name(byte[] name) {
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static void requireSmall(long size) throws VfsException {
        if (size > MAX_SIZE) {
            throw new VfsException(Status.FBIG, "too big");
        }
    }

    private static FileId id(Node node) {
        return new FileId(ByteBuffer.allocate(8).putLong(node.id).array());
    }

    private Node node(FileId id) throws VfsException {
        if (id.bytes().length != 8) {
            throw new VfsException(Status.BADHANDLE, "not one of mine");
        }
        Node node = nodes.get(ByteBuffer.wrap(id.bytes()).getLong());
        if (node == null) {
            throw new VfsException(Status.STALE, "gone");
        }
        return node;
    }

    private Node begin(Caller caller, FileId id) throws VfsException {
        lastCaller = caller;
        if (beforeNext != null) {
            beforeNext.run();
        }
        if (closed) {
            throw new VfsException(Status.STALE, "closed");
        }
        if (failWith != null) {
            Status status = failWith;
            failWith = null;
            throw new VfsException(status, "told to fail");
        }
        return node(id);
    }

    private Node directory(Caller caller, FileId id) throws VfsException {
        Node node = begin(caller, id);
        if (node.type != FileType.DIRECTORY) {
            throw new VfsException(Status.NOTDIR, "no directory");
        }
        return node;
    }

    private static Attributes of(Node n) {
        FileTime mtime = new FileTime(n.mtime, 7);
        return new Attributes(
                n.type,
                n.mode,
                n.nlink,
                10,
                20,
                n.data.length,
                4096,
                0,
                0,
                n.id,
                mtime,
                mtime,
                new FileTime(n.ctime, 9));
    }

    @Override
    public FileId root() {
        return id(nodes.get(1L));
    }

    @Override
    public long writeVerifier() {
        return VERIFIER;
    }

    @Override
    public Attributes attributes(FileId id) throws VfsException {
        if (closed) {
            throw new VfsException(Status.STALE, "closed");
        }
        return of(node(id));
    }

    @Override
    public Change setAttributes(Caller caller, FileId id, NewAttributes attributes, FileTime guard)
            throws VfsException {
        Node node = begin(caller, id);
        Attributes before = of(node);
        if (guard != null && !guard.equals(before.ctime())) {
            throw new VfsException(Status.NOT_SYNC, "changed meanwhile");
        }
        lastAttributes = attributes;
        if (attributes.size() != null) {
            requireSmall(attributes.size());
            node.data = Arrays.copyOf(node.data, attributes.size().intValue());
        }
        if (attributes.mode() != null) {
            node.mode = attributes.mode();
        }
        return new Change(before, of(made(touched(node))));
    }

    @Override
    public Found lookup(Caller caller, FileId directory, byte[] name) throws VfsException {
        Node parent = directory(caller, directory);
        if (name(name).equals(failLookupOf)) {
            throw new VfsException(Status.ACCES, "told to fail");
        }
        if (mounts.containsKey(name(name))) {
            throw new VfsException(Status.XDEV, "another file system is mounted there");
        }
        Long child = switch (name(name)) {
            case "." -> Long.valueOf(parent.id);
            case ".." -> Long.valueOf(parent.parent);
            default -> parent.children.get(name(name));
        };
        if (child == null) {
            throw new VfsException(Status.NOENT, "no such name");
        }
        Node node = nodes.get(child);
        return new Found(id(node), of(node), of(parent));
    }

    @Override
    public long mountedOn(FileId directory, byte[] name) throws VfsException {
        Long mount = mounts.get(name(name));
        if (mount == null) {
            throw new VfsException(Status.NOENT, "nothing is mounted there");
        }
        return mount;
    }

    @Override
    public Access access(Caller caller, FileId id, int wanted) throws VfsException {
        return new Access(wanted, of(begin(caller, id)));
    }

    @Override
    public LinkTarget readLink(Caller caller, FileId link) throws VfsException {
        Node node = begin(caller, link);
        if (node.type != FileType.SYMLINK) {
            throw new VfsException(Status.INVAL, "no symbolic link");
        }
        return new LinkTarget(node.data, of(node));
    }

    @Override
    public ReadResult read(Caller caller, FileId file, long offset, ByteBuffer target) throws VfsException {
        Node node = begin(caller, file);
        int from = (int) Math.min(offset, node.data.length);
        int count = Math.min(target.remaining(), node.data.length - from);
        target.duplicate().put(node.data, from, count);
        return new ReadResult(count, from + count == node.data.length, of(node));
    }

    @Override
    public WriteResult write(Caller caller, FileId file, long offset, ByteBuffer[] source, Stability stability)
            throws VfsException {
        Node node = begin(caller, file);
        requireSmall(offset);
        lastStability = stability;
        Attributes before = of(node);
        int at = (int) offset;
        for (ByteBuffer buffer : source) {
            int length = buffer.remaining();
            node.data = Arrays.copyOf(node.data, Math.max(node.data.length, at + length));
            buffer.duplicate().get(node.data, at, length);
            at += length;
        }
        return new WriteResult(at - (int) offset, stability, VERIFIER, new Change(before, of(touched(node))));
    }

    @Override
    public CommitResult commit(Caller caller, FileId file, long offset, int count) throws VfsException {
        Node node = begin(caller, file);
        return new CommitResult(VERIFIER, new Change(of(node), of(node)));
    }

    @Override
    public Created create(Caller caller, FileId directory, byte[] name, CreateMode mode) throws VfsException {
        lastCreateMode = mode;
        return make(caller, directory, name, FileType.REGULAR, new byte[0], mode instanceof CreateMode.Unchecked);
    }

    @Override
    public Created makeDirectory(Caller caller, FileId directory, byte[] name, NewAttributes attributes)
            throws VfsException {
        return make(caller, directory, name, FileType.DIRECTORY, new byte[0], false);
    }

    @Override
    public Created makeSymlink(Caller caller, FileId directory, byte[] name, byte[] target, NewAttributes attributes)
            throws VfsException {
        return make(caller, directory, name, FileType.SYMLINK, target, false);
    }

    @Override
    public Created makeNode(
            Caller caller,
            FileId directory,
            byte[] name,
            FileType type,
            int rdevMajor,
            int rdevMinor,
            NewAttributes attributes)
            throws VfsException {
        return make(caller, directory, name, type, new byte[0], false);
    }

    private Created make(Caller caller, FileId directory, byte[] name, FileType type, byte[] data, boolean mayExist)
            throws VfsException {
        Node parent = directory(caller, directory);
        Attributes before = of(parent);
        Long existing = parent.children.get(name(name));
        if (existing != null && !mayExist) {
            throw new VfsException(Status.EXIST, "exists");
        }
        Node node = existing == null ? new Node(nextId++, type, parent.id) : nodes.get(existing);
        node.data = data;
        nodes.put(node.id, touched(node));
        parent.children.put(name(name), node.id);
        made(node);
        return new Created(id(node), of(node), new Change(before, of(touched(parent))));
    }

    @Override
    public Change remove(Caller caller, FileId directory, byte[] name) throws VfsException {
        Node parent = directory(caller, directory);
        Attributes before = of(parent);
        Long child = parent.children.remove(name(name));
        if (child == null) {
            throw new VfsException(Status.NOENT, "no such name");
        }
        Node removed = nodes.get(child);
        if (--removed.nlink == 0) {
            nodes.remove(child);
        }
        made(removed);
        return new Change(before, of(touched(parent)));
    }

    @Override
    public Change removeDirectory(Caller caller, FileId directory, byte[] name) throws VfsException {
        Node child = node(lookup(caller, directory, name).id());
        if (!child.children.isEmpty()) {
            throw new VfsException(Status.NOTEMPTY, "not empty");
        }
        return remove(caller, directory, name);
    }

    @Override
    public Renamed rename(Caller caller, FileId fromDirectory, byte[] from, FileId toDirectory, byte[] to)
            throws VfsException {
        Node source = directory(caller, fromDirectory);
        Node target = directory(caller, toDirectory);
        Attributes sourceBefore = of(source);
        Attributes targetBefore = of(target);
        Long child = source.children.remove(name(from));
        if (child == null) {
            throw new VfsException(Status.NOENT, "no such name");
        }
        target.children.put(name(to), child);
        made(nodes.get(child));
        return new Renamed(
                new Change(sourceBefore, of(touched(source))), new Change(targetBefore, of(touched(target))));
    }

    @Override
    public Linked link(Caller caller, FileId file, FileId directory, byte[] name) throws VfsException {
        Node parent = directory(caller, directory);
        Attributes before = of(parent);
        Node node = node(file);
        node.nlink++;
        parent.children.put(name(name), node.id);
        return new Linked(of(made(touched(node))), new Change(before, of(touched(parent))));
    }

    /** Cookies are positions, from 1. */
    @Override
    public DirectoryResult list(
            Caller caller, FileId directory, long cookie, long cookieVerifier, DirectoryVisitor visitor)
            throws VfsException {
        Node node = directory(caller, directory);
        Map<String, Long> all = new LinkedHashMap<>();
        all.put(".", node.id);
        all.put("..", node.parent);
        all.putAll(node.children);
        if (cookie < 0 || cookie > all.size()) {
            throw new VfsException(Status.BAD_COOKIE, "no such cookie");
        }
        long at = 0;
        for (Map.Entry<String, Long> entry : all.entrySet()) {
            byte[] name = entry.getKey().getBytes(StandardCharsets.ISO_8859_1);
            if (++at > cookie && !visitor.entry(entry.getValue(), name, at)) {
                return new DirectoryResult(false, VERIFIER, of(node));
            }
        }
        return new DirectoryResult(true, VERIFIER, of(node));
    }

    @Override
    public Space space(FileId id) throws VfsException {
        return new Space(1000, 900, 800, 100, 90, 80, of(begin(Caller.ROOT, id)));
    }

    @Override
    public Limits limits(FileId id) throws VfsException {
        return new Limits(1L << 44, new FileTime(0, 1), 65000, 255, true, false, true, of(begin(Caller.ROOT, id)));
    }

    @Override
    public void close() {
        closed = true;
    }
}
