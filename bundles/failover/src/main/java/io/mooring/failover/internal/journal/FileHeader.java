package io.mooring.failover.internal.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * How a journal's file begins. Immutable.
 *
 * @param generation larger than that of every file before
 * @param service see {@link #hash}
 * @param boot which start of which host wrote it
 * @param async records were acknowledged when they were written, not only on stable storage
 * @param incomplete the journal that this one continues lacked something
 * @param size the file's size: one that is shorter was cut
 */
record FileHeader(long generation, long service, UUID boot, boolean async, boolean incomplete, long size) {
    /** Where the records begin: no sector, and no page, has both. */
    static final int BYTES = 4096;

    static final int FORMAT = 1;

    private static final long MAGIC = 0x4d4f4f524a4e4c0aL;
    private static final int ASYNC = 1;
    private static final int INCOMPLETE = 2;
    private static final int CHECKED = 56;

    /** What is read there. */
    enum State {
        /** Nothing but zeros: never written. */
        BLANK,
        VALID,
        /** Of a format that this version doesn't know. */
        NEWER,
        DAMAGED
    }

    /** The first 8 bytes of the SHA-256 of a service's name. */
    static long hash(String service) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(service.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    FileHeader with(boolean incomplete, long size) {
        return new FileHeader(generation, service, boot, async, incomplete, size);
    }

    /** A direct buffer of {@value #BYTES} bytes. */
    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
        bytes.putLong(MAGIC).putInt(FORMAT).putInt((async ? ASYNC : 0) | (incomplete ? INCOMPLETE : 0));
        bytes.putLong(generation).putLong(service);
        bytes.putLong(boot.getMostSignificantBits()).putLong(boot.getLeastSignificantBits());
        bytes.putLong(size).putInt(check(bytes));
        return bytes.clear();
    }

    /** What {@link #BYTES} bytes, or fewer where the file has no more, say. */
    static State state(ByteBuffer bytes) {
        if (bytes.limit() == BYTES && bytes.mismatch(ByteBuffer.allocate(BYTES)) < 0) {
            return State.BLANK;
        }
        if (bytes.limit() < BYTES || bytes.getLong(0) != MAGIC || bytes.getInt(CHECKED) != check(bytes)) {
            return State.DAMAGED;
        }
        return bytes.getInt(Long.BYTES) == FORMAT ? State.VALID : State.NEWER;
    }

    /** Of a valid one. */
    static FileHeader decode(ByteBuffer bytes) {
        int flags = bytes.getInt(12);
        return new FileHeader(
                bytes.getLong(16),
                bytes.getLong(24),
                new UUID(bytes.getLong(32), bytes.getLong(40)),
                (flags & ASYNC) != 0,
                (flags & INCOMPLETE) != 0,
                bytes.getLong(48));
    }

    private static int check(ByteBuffer bytes) {
        CRC32C check = new CRC32C();
        check.update(bytes.duplicate().limit(CHECKED).position(0));
        return (int) check.getValue();
    }
}
