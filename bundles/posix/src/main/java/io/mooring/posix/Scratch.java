package io.mooring.posix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory in which a thread hands arguments to the kernel and finds its answers, so that no call allocates. Each
 * thread has its own. An area is valid until the thread's next call that uses the same area.
 */
public final class Scratch {
    /** The most bytes of a path, its NUL included (PATH_MAX). */
    public static final int PATH_MAX = 4096;

    /** The most supplementary groups that one identity may have. */
    public static final int MAX_GROUPS = 4096;

    /** The most bytes of an extended attribute's value: a POSIX ACL of 1024 entries fits. */
    public static final int VALUE_MAX = 8200;

    static final int MAX_VECTORS = 1024;
    static final int MAX_HANDLE = 128;
    private static final int DIRENTS_BYTES = 32 * 1024;

    private static final int NAME = 0;
    private static final int OTHER_NAME = NAME + PATH_MAX;
    private static final int EMPTY = OTHER_NAME + PATH_MAX;
    private static final int STATX = EMPTY + 8;
    private static final int HANDLE = STATX + 256;
    private static final int MOUNT_ID = HANDLE + 8 + MAX_HANDLE;
    private static final int TIMES = MOUNT_ID + 8;
    private static final int STATFS = TIMES + 32;
    private static final int SMALL = STATFS + 128;
    private static final int GROUPS = SMALL + 64;
    private static final int VECTORS = GROUPS + 4 * MAX_GROUPS;
    private static final int DIRENTS = VECTORS + 16 * MAX_VECTORS;
    private static final int VALUE = DIRENTS + DIRENTS_BYTES;
    private static final int END = VALUE + VALUE_MAX;

    private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

    private final ByteBuffer memory = ByteBuffer.allocateDirect(END).order(ByteOrder.nativeOrder());
    private final long base = address(memory);
    private final Dirents dirents = new Dirents(memory.slice(DIRENTS, DIRENTS_BYTES));
    private final ThreadGroups groups;

    private Scratch() {
        // The first failing call of a thread makes JNA set up its own per-thread state: now, not while the thread has
        // another identity.
        FileCalls.close(-1);
        Native.getLastError();
        groups = new ThreadGroups(memory, base, GROUPS);
    }

    /** The calling thread's. */
    public static Scratch mine() {
        return MINE.get();
    }

    /** The address of the first byte that a direct buffer's position names; the buffer must be kept reachable. */
    public static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct)) + direct.position();
    }

    /** Stores a name or path of less than {@value #PATH_MAX} bytes, and gives its address. */
    public long name(byte[] name) {
        return put(NAME, name);
    }

    /** Like {@link #name}, for calls that take two. */
    public long otherName(byte[] name) {
        return put(OTHER_NAME, name);
    }

    /** The address of an empty string. */
    public long empty() {
        return base + EMPTY;
    }

    /** Room for entries of directories; one listing at a time. */
    public Dirents dirents() {
        return dirents;
    }

    /** What the last {@link PosixFiles#statx} of this thread found. */
    public Statx statx() {
        return Statx.read(memory, STATX);
    }

    /** What the last {@link PosixFiles#fstatfs} of this thread found. */
    public Statfs statfs() {
        return Statfs.read(memory, STATFS);
    }

    /** The handle that the last {@link FileHandles#nameToHandle} of this thread found. */
    public byte[] handle() {
        byte[] bytes = new byte[memory.getInt(HANDLE)];
        memory.get(HANDLE + 8, bytes);
        return bytes;
    }

    /** The type of {@link #handle}. */
    public int handleType() {
        return memory.getInt(HANDLE + 4);
    }

    /** The target that the last {@link PosixFiles#readlinkat} of this thread found. */
    public byte[] linkTarget(int length) {
        byte[] bytes = new byte[length];
        memory.get(OTHER_NAME, bytes);
        return bytes;
    }

    /** The value that the last {@link PosixFiles#getxattr} of this thread found. */
    public byte[] value(int size) {
        byte[] bytes = new byte[size];
        memory.get(VALUE, bytes);
        return bytes;
    }

    /** Stores a value of at most {@value #VALUE_MAX} bytes for {@link PosixFiles#setxattr}. */
    public void setValue(byte[] value) {
        if (value.length > VALUE_MAX) {
            throw new IllegalArgumentException("a value of " + value.length + " bytes");
        }
        memory.put(VALUE, value);
    }

    private long put(int at, byte[] name) {
        if (name.length >= PATH_MAX) {
            throw new IllegalArgumentException("a path of " + name.length + " bytes");
        }
        memory.put(at, name);
        memory.put(at + name.length, (byte) 0);
        return base + at;
    }

    ByteBuffer memory() {
        return memory;
    }

    ThreadGroups groups() {
        return groups;
    }

    long otherNameAddress() {
        return base + OTHER_NAME;
    }

    long valueAddress() {
        return base + VALUE;
    }

    long statxAddress() {
        return base + STATX;
    }

    long statfsAddress() {
        return base + STATFS;
    }

    /** Prepares the area for a handle of up to {@code room} bytes. */
    long handleAddress(int room) {
        memory.putInt(HANDLE, room);
        return base + HANDLE;
    }

    void setHandle(int type, byte[] bytes, int from) {
        int length = bytes.length - from;
        memory.putInt(HANDLE, length);
        memory.putInt(HANDLE + 4, type);
        memory.put(HANDLE + 8, bytes, from, length);
    }

    long handleAddress() {
        return base + HANDLE;
    }

    long mountIdAddress() {
        return base + MOUNT_ID;
    }

    int mountId() {
        return memory.getInt(MOUNT_ID);
    }

    long timesAddress() {
        return base + TIMES;
    }

    void setTime(int index, long seconds, long nanos) {
        memory.putLong(TIMES + 16 * index, seconds);
        memory.putLong(TIMES + 16 * index + 8, nanos);
    }

    long smallAddress() {
        return base + SMALL;
    }

    long smallLong(int index) {
        return memory.getLong(SMALL + 8 * index);
    }

    int smallInt(int index) {
        return memory.getInt(SMALL + 4 * index);
    }

    void setSmallInt(int index, int value) {
        memory.putInt(SMALL + 4 * index, value);
    }

    long vectorsAddress() {
        return base + VECTORS;
    }

    void setVector(int index, long address, long length) {
        memory.putLong(VECTORS + 16 * index, address);
        memory.putLong(VECTORS + 16 * index + 8, length);
    }
}
