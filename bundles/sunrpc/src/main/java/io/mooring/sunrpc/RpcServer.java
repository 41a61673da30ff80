package io.mooring.sunrpc;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A server with its own transports: permanent (listeners) and temporary (accepted) ones. Thread-safe; every method may
 * race with every other and with {@link #close}.
 */
@ProviderType
public interface RpcServer extends AutoCloseable {

    String name();

    List<RpcProgram> programs();

    /** The port of TCP, or -1. */
    int tcpPort();

    /** The port of UDP, or -1. */
    int udpPort();

    /** All transports that are open now, permanent ones first. */
    List<RpcTransport> transports();

    /**
     * Tells that this host has the address (again); the owner calls it for every address of the host, those present
     * when the server was opened included. Accepts connections to it again, destroys what the kernel may have kept of an earlier
     * time of the address (orphans), and where UDP is on opens its UDP socket, so that replies leave from the address that was
     * called. A socket that cannot be bound is one line in the log. Temporary transports stay: those of an earlier time went with
     * {@link #closeTransports}, and a client may be faster than this call.
     */
    void addressAdded(InetAddress local);

    /**
     * Closes at once, with a reset, every temporary transport with this local address, its UDP socket, and every client
     * transport of this server that is bound to it. Returns after the last was really closed, verified by a dump of the
     * kernel's sockets, orphans of earlier closes included; on an event loop of this service it does not wait for other
     * loops. Until {@link #addressAdded}, or the address is seen on the host again, connections to it are reset.
     *
     * @param local IPv4, IPv6 or IPv4-mapped; a link-local one with its scope
     * @return how many transports were closed
     */
    int closeTransports(InetAddress local);

    /** Closes one temporary transport with a reset; false where there is none of that id. */
    boolean closeTransport(long id);

    /**
     * Sends a call by UDP, once, from the socket at which this server listens on the local address. A reply that comes to that
     * socket is dropped.
     *
     * @return completes when the kernel has the datagram, or with an {@link java.io.IOException} when it was not sent: there is
     *     no such socket, it cannot take more now, or the address is moored and held, or not this node's any more
     */
    <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments);

    /**
     * Puts an address into somebody's care, whether this host has it now or not. Its calls are held back until {@link
     * MooredAddress#open}.
     *
     * @throws IllegalStateException where it is in somebody's care already
     */
    MooredAddress moor(InetAddress local, AddressKeeper keeper);

    /** Opens a client that belongs to this server: it is closed with it, and with its local address. */
    RpcClient openClient(RpcClientOptions options);

    RpcServerStatistics statistics();

    /** Closes everything, and waits for it within a bound of seconds. Does nothing the second time. */
    @Override
    void close();
}
