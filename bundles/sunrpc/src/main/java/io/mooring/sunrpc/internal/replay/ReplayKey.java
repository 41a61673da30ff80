package io.mooring.sunrpc.internal.replay;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.zip.CRC32C;

/**
 * What makes two calls the same call. The client's port is no part of it: a client that reconnects may come from another
 * one. Immutable; plain values, so that it can be stored and compared by another process.
 *
 * @param client never IPv4-mapped
 * @param argumentBytes the arguments' length
 * @param checksum of their beginning
 */
public record ReplayKey(
        InetAddress client, int xid, int program, int version, int procedure, int argumentBytes, int checksum) {
    /** Enough to tell two calls apart that reuse an xid, without reading a WRITE's megabyte. */
    private static final int CHECKED_BYTES = 2 << 10;

    /** CRC-32C of the arguments' first bytes; does not move the buffer's indices. */
    public static int checksum(ByteBuf arguments) {
        CRC32C crc = new CRC32C();
        crc.update(arguments.nioBuffer(arguments.readerIndex(), Math.min(arguments.readableBytes(), CHECKED_BYTES)));
        return (int) crc.getValue();
    }
}
