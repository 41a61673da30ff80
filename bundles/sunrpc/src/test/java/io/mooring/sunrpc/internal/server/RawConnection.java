package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.sunrpc.internal.wire.CallMessage;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A connection whose bytes the test writes itself. */
final class RawConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int LAST = 1 << 31;

    final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;

    RawConnection(InetSocketAddress local, InetSocketAddress remote) throws IOException {
        this(local, remote, 0);
    }

    RawConnection(InetSocketAddress local, InetSocketAddress remote, int receiveBuffer) throws IOException {
        socket.setReuseAddress(true);
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.bind(local);
        socket.connect(remote, TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    static byte[] call(int xid, int version, int procedure, byte[] arguments) {
        return call(
                new CallMessage.Call(xid, TestProgram.NUMBER, version, procedure, new RpcCredential.AuthNone()),
                arguments);
    }

    static byte[] call(CallMessage.Call header, byte[] arguments) {
        XdrWriter w = XdrWriter.create();
        CallMessage.write(header, w);
        return w.writeFixedOpaque(arguments).toByteArray();
    }

    static byte[] integer(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    void header(int length, boolean last) throws IOException {
        write(integer(last ? LAST | length : length));
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** One record in one fragment, in one write. */
    void send(byte[] record) throws IOException {
        write(record(record));
    }

    static byte[] record(byte[] record) {
        return ByteBuffer.allocate(4 + record.length)
                .putInt(LAST | record.length)
                .put(record)
                .array();
    }

    void sendCall(int xid, int procedure, byte[] arguments) throws IOException {
        send(call(xid, 3, procedure, arguments));
    }

    /** The next record; an IOException where the connection ended. */
    XdrReader receive() throws IOException {
        int header = in.readInt();
        byte[] record = new byte[header & ~LAST];
        in.readFully(record);
        return XdrReader.of(record);
    }

    int read() throws IOException {
        return in.read();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
