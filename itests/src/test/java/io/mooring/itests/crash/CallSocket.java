package io.mooring.itests.crash;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A connection on which calls are sent as bytes, so that the same ones can be sent again. Used by one thread. */
final class CallSocket implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int LAST_FRAGMENT = 1 << 31;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<Integer, XdrReader> replies = new HashMap<>();

    CallSocket(int port) throws IOException {
        this(port, CrashNode.ADDRESS);
    }

    /** @param client whose address this is */
    CallSocket(int port, InetAddress client) throws IOException {
        socket = new Socket(CrashNode.ADDRESS, port, client, 0);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Which procedure. */
    record Target(int program, int version, int procedure) {}

    /** A call on behalf of this process's user. */
    static byte[] call(int xid, Target target, byte[] arguments) throws IOException {
        int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        XdrWriter body = XdrWriter.create().writeInt(0).writeString("client");
        body.writeInt(uid).writeInt(uid).writeInt(0);
        return XdrWriter.create()
                .writeInt(xid)
                .writeInt(0)
                .writeInt(2)
                .writeInt(target.program())
                .writeInt(target.version())
                .writeInt(target.procedure())
                .writeInt(1)
                .writeOpaque(body.toByteArray())
                .writeLong(0)
                .writeFixedOpaque(arguments)
                .toByteArray();
    }

    void send(byte[] call) throws IOException {
        out.writeInt(call.length | LAST_FRAGMENT);
        out.write(call);
        out.flush();
    }

    /** The result of the call with that xid, whenever it comes. */
    XdrReader result(int xid) throws IOException, XdrException {
        while (!replies.containsKey(xid)) {
            byte[] reply = new byte[in.readInt() & ~LAST_FRAGMENT];
            in.readFully(reply);
            XdrReader reader = XdrReader.of(reply);
            replies.put(reader.readInt(), reader);
        }
        XdrReader reader = replies.remove(xid);
        // REPLY, MSG_ACCEPTED, no verifier.
        reader.readFixedOpaque(16);
        int status = reader.readInt();
        if (status != 0) {
            throw new IOException("accept_stat " + status);
        }
        return reader;
    }

    /** Whether nothing has come. */
    boolean isSilent() throws IOException {
        return replies.isEmpty() && in.available() == 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
