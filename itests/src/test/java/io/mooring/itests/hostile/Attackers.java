package io.mooring.itests.hostile;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The connections of one attack, and what hostile clients do with them. Used by one thread. */
final class Attackers implements AutoCloseable {
    private static final int LAST = 1 << 31;
    private static final int SMALL_BUFFER = 8 << 10;

    private final InetSocketAddress server;
    private final List<SocketChannel> open = new ArrayList<>();
    private final Random random = new Random(1);
    /** What each connection still has to send, in the order of the connections. */
    private final List<ByteBuffer> unsent = new ArrayList<>();

    Attackers(InetSocketAddress server) {
        this.server = server;
    }

    /** Connects, never blocks afterwards, and closes with a reset. */
    SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
        channel.connect(server);
        channel.configureBlocking(false);
        return channel;
    }

    void connect(int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            open.add(connect());
        }
    }

    int connections() {
        return open.size();
    }

    /** Every connection sends the next byte of a call that is right, of 64 KiB. */
    void sendAByteEach() throws IOException {
        for (int i = 0; i < open.size(); i++) {
            if (unsent.size() <= i) {
                unsent.add(call(TargetServer.ECHO, 64 << 10));
            }
            ByteBuffer rest = unsent.get(i);
            write(open.get(i), rest.duplicate().limit(rest.position() + 1));
            rest.position(rest.position() + 1);
        }
    }

    /** Every connection sends calls for 1 MiB, as many as the server takes, and reads nothing. */
    void askAndNeverRead() throws IOException {
        for (SocketChannel channel : open) {
            ByteBuffer calls = ByteBuffer.allocate(100 * 48);
            for (int i = 0; i < 100; i++) {
                calls.put(header(44)).put(rpc(TargetServer.READ)).putInt(1 << 20);
            }
            write(channel, calls.flip());
        }
    }

    /** Every connection asks for enough to be trusted, and reads all of it. */
    void askAndRead() throws IOException {
        int size = 600 << 10;
        for (SocketChannel channel : open) {
            channel.configureBlocking(true);
            for (int i = 0; i < 2; i++) {
                ByteBuffer call = ByteBuffer.allocate(48);
                channel.write(call.put(header(44))
                        .put(rpc(TargetServer.READ))
                        .putInt(size)
                        .flip());
                ByteBuffer reply = ByteBuffer.allocate(4 + 24 + 4 + size);
                while (reply.hasRemaining()) {
                    if (channel.read(reply) < 0) {
                        throw new IOException("the server closed a connection that reads");
                    }
                }
            }
            channel.configureBlocking(false);
        }
    }

    /** Every connection sends large calls but for their last byte, as far as the server takes them. */
    void sendAlmostAll() throws IOException {
        ByteBuffer call = call(TargetServer.ECHO, 1 << 20);
        for (int i = 0; i < open.size(); i++) {
            if (unsent.size() <= i) {
                unsent.add(call.duplicate().limit(call.limit() - 1));
            }
            write(open.get(i), unsent.get(i));
        }
    }

    /** New connections send random bytes; half of them behind the mark of a record of that length. */
    void garbage(int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            byte[] bytes = new byte[64 + random.nextInt(4096)];
            random.nextBytes(bytes);
            if (i % 2 == 0) {
                ByteBuffer.wrap(bytes).putInt(LAST | bytes.length - 4);
            }
            if (i % 4 == 0) {
                ByteBuffer.wrap(bytes).position(8).putInt(0).putInt(2).putInt(TargetServer.PROGRAM);
            }
            SocketChannel channel = connect();
            open.add(channel);
            write(channel, ByteBuffer.wrap(bytes));
        }
    }

    /** New connections announce a record of 1 GiB and send some of it. */
    void hugeRecords(int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = connect();
            open.add(channel);
            int mark = i % 2 == 0 ? LAST | 1 << 30 : 1 << 30;
            write(channel, ByteBuffer.allocate(8 << 10).putInt(0, mark));
        }
    }

    /** New connections are reset at once, some within a call. */
    void openAndReset(int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            try (SocketChannel channel = connect()) {
                if (i % 2 == 0) {
                    write(channel, call(TargetServer.ECHO, 100).limit(20));
                }
            }
        }
    }

    /** Resets all. */
    @Override
    public void close() throws IOException {
        for (SocketChannel channel : open) {
            channel.close();
        }
        open.clear();
        unsent.clear();
    }

    /** What the server reset is what it may do. */
    private static void write(SocketChannel channel, ByteBuffer bytes) {
        try {
            channel.write(bytes);
        } catch (IOException reset) {
            bytes.position(bytes.limit());
        }
    }

    private static byte[] header(int length) {
        return ByteBuffer.allocate(4).putInt(LAST | length).array();
    }

    /** The header of a call without a credential. */
    private static byte[] rpc(int procedure) {
        return ByteBuffer.allocate(40)
                .putInt(1)
                .putInt(0)
                .putInt(2)
                .putInt(TargetServer.PROGRAM)
                .putInt(TargetServer.VERSION)
                .putInt(procedure)
                .array();
    }

    private static ByteBuffer call(int procedure, int bytes) {
        ByteBuffer call = ByteBuffer.allocate(4 + 40 + 4 + bytes);
        return call.put(header(44 + bytes))
                .put(rpc(procedure))
                .putInt(bytes)
                .position(call.limit())
                .flip();
    }
}
