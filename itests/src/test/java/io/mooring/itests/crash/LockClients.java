package io.mooring.itests.crash;

import io.mooring.lockd.internal.wire.Nlm4;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.lockd.internal.wire.NlmVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;

/** Clients with locks, each at an address of its own, and connected to one server. Used by one thread. */
final class LockClients implements AutoCloseable {
    private final Map<Name, CallSocket> sockets = new EnumMap<>(Name.class);

    /** Who. The last two release all that their address has. */
    enum Name {
        LOCKING(1),
        CLOSING_DOWN(2),
        RESTARTING(3);

        private final int number;

        Name(int number) {
            this.number = number;
        }

        private InetAddress address() throws IOException {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) number});
        }
    }

    LockClients(int port) throws IOException {
        for (Name name : Name.values()) {
            sockets.put(name, new CallSocket(port, name.address()));
        }
    }

    void send(Name client, byte[] call) throws IOException {
        sockets.get(client).send(call);
    }

    /** Sends a call and returns what NLM answers. */
    Stat ask(Name client, int xid, byte[] call) throws Exception {
        send(client, call);
        return stat(client, xid);
    }

    Stat stat(Name client, int xid) throws Exception {
        return Nlm4.Res.read(sockets.get(client).result(xid), NlmVersion.V4).stat();
    }

    /** Returns when the call is answered, with nothing. */
    void awaitAnswer(Name client, int xid) throws Exception {
        var unused = sockets.get(client).result(xid);
    }

    /** Whether nobody got anything. */
    boolean areSilent() throws IOException {
        for (CallSocket socket : sockets.values()) {
            if (!socket.isSilent()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (CallSocket socket : sockets.values()) {
            socket.close();
        }
    }
}
