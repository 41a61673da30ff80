package io.mooring.itests.karaf;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcTransportService;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.XdrWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** As much of a client as locks a file: MOUNT and NFS on one connection, NLM version 4 on another for each call. */
final class LockClient implements AutoCloseable {
    static final int GRANTED = 0;
    static final int DENIED = 1;
    static final int DENIED_GRACE_PERIOD = 4;

    private static final int MAX_HANDLE = 64;
    private static final int MAX_COOKIE = 1024;
    private static final int LIMIT_SECONDS = 15;

    private final RpcTransportService rpc;
    private final InetSocketAddress locks;
    private final RpcClient nfs;

    LockClient(RpcTransportService rpc, int nfsPort, int lockPort) {
        this.rpc = rpc;
        this.locks = new InetSocketAddress(InetAddress.getLoopbackAddress(), lockPort);
        this.nfs = rpc.openClient(options(new InetSocketAddress(InetAddress.getLoopbackAddress(), nfsPort)));
    }

    /** By TCP, as root, who may read the directories of tests. */
    private static RpcClientOptions options(InetSocketAddress server) {
        RpcCredential root = new RpcCredential.AuthSys(0, "client", 0, 0, new int[0]);
        return new RpcClientOptions(server, null, Netid.TCP, root, Duration.ofSeconds(10), Duration.ofSeconds(1));
    }

    /** Mounts the export and looks a name up in it. */
    byte[] handle(String export, String name) throws Exception {
        byte[] root = call(nfs, 100005, 3, 1, w -> w.writeString(export), r -> {
            require(r.readInt());
            byte[] handle = r.readOpaque(MAX_HANDLE);
            for (int flavors = r.readInt(); flavors > 0; flavors--) {
                r.readInt();
            }
            return handle;
        });
        return call(
                nfs,
                100003,
                3,
                3,
                w -> {
                    w.writeOpaque(root);
                    w.writeString(name);
                },
                r -> {
                    require(r.readInt());
                    byte[] handle = r.readOpaque(MAX_HANDLE);
                    r.readFixedOpaque(r.remaining());
                    return handle;
                });
    }

    private static void require(int status) {
        if (status != 0) {
            throw new IllegalStateException("status " + status);
        }
    }

    /** The connection of NFS works, and is the same as before. */
    void ping() throws Exception {
        call(nfs, 100003, 3, 0, w -> {}, r -> null);
    }

    /** Asks for an exclusive lock on the whole file, and does not wait for it. Gives NLM's status. */
    int lock(byte[] handle, int owner, boolean reclaim) throws Exception {
        return nlm(2, w -> {
            writeCookie(w);
            w.writeBool(false);
            w.writeBool(true);
            writeLock(w, handle, owner);
            w.writeBool(reclaim);
            w.writeInt(1);
        });
    }

    int unlock(byte[] handle, int owner) throws Exception {
        return nlm(4, w -> {
            writeCookie(w);
            writeLock(w, handle, owner);
        });
    }

    private static void writeCookie(XdrWriter w) {
        w.writeOpaque(new byte[] {1});
    }

    private static void writeLock(XdrWriter w, byte[] handle, int owner) {
        w.writeString("client");
        w.writeOpaque(handle);
        w.writeOpaque((owner + "@client").getBytes(StandardCharsets.US_ASCII));
        w.writeInt(owner);
        w.writeLong(0);
        w.writeLong(0);
    }

    /** On a connection of its own: lockd comes and goes. */
    private int nlm(int procedure, Arguments arguments) throws Exception {
        RpcClient client = rpc.openClient(options(locks));
        try {
            return call(client, 100021, 4, procedure, arguments, r -> {
                r.readOpaque(MAX_COOKIE);
                return r.readInt();
            });
        } finally {
            client.close();
        }
    }

    @FunctionalInterface
    private interface Arguments {
        void write(XdrWriter w);
    }

    private static <R> R call(
            RpcClient client, int program, int version, int procedure, Arguments arguments, XdrDecoder<R> decoder)
            throws Exception {
        XdrEncoder<Arguments> encoder = (a, w) -> a.write(w);
        return client.call(program, version, procedure, encoder, arguments, decoder)
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        nfs.close();
    }
}
