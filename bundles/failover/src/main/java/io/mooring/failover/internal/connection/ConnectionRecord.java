package io.mooring.failover.internal.connection;

import io.mooring.failover.internal.Records;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A record of the journal's stream "connections": a connection is there from now on, or is not. Immutable.
 *
 * <pre>
 * u8 kind (1 connected, 2 disconnected) · utf server · address local · address client
 * address: u8 bytes (4 or 16) · the bytes · where 16: u32 scope · u16 port
 * </pre>
 */
public record ConnectionRecord(boolean connected, Connection connection) {
    private static final int CONNECTED = 1;
    private static final int DISCONNECTED = 2;

    public byte[] encode() {
        return Records.encode(out -> {
            out.writeByte(connected ? CONNECTED : DISCONNECTED);
            out.writeUTF(connection.server());
            Records.writeAddress(out, connection.local().getAddress());
            out.writeShort(connection.local().getPort());
            Records.writeAddress(out, connection.client().getAddress());
            out.writeShort(connection.client().getPort());
        });
    }

    /**
     * Reads one.
     *
     * @throws IOException where it is none
     */
    public static ConnectionRecord decode(byte[] record) throws IOException {
        return Records.decode(record, in -> {
            int kind = in.readUnsignedByte();
            if (kind != CONNECTED && kind != DISCONNECTED) {
                throw new IOException("no kind of connection record: " + kind);
            }
            return new ConnectionRecord(kind == CONNECTED, new Connection(in.readUTF(), socket(in), socket(in)));
        });
    }

    private static InetSocketAddress socket(DataInputStream in) throws IOException {
        return new InetSocketAddress(Records.readAddress(in), in.readUnsignedShort());
    }
}
