package io.mooring.sunrpc;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Looks after what comes to a server by one of its addresses, and keeps what must move with that address to another node. Its
 * methods are called by event loops and workers, at the same time; those for event loops must not block. None is called after
 * {@link MooredAddress#close}, but one that was called just before may still be running.
 */
@ConsumerType
public interface AddressKeeper {

    /**
     * Whether this node may still act for the address: asked before each call is executed, and again before its reply is sent
     * where the procedure was executed on a worker. If not, the call gets no answer, and its TCP connection is reset: its client
     * asks again at once on another one. Where the address is held that waits until it is opened. What was executed is kept all
     * the same, for when it is asked for again. Takes nanoseconds as a rule; may block when it was not asked for a while.
     */
    boolean mayServe();

    /** A client connected by TCP. On an event loop. */
    void connected(InetSocketAddress client, InetSocketAddress local);

    /** A client's connection ended, however; once for each that was told of. On an event loop. */
    void disconnected(InetSocketAddress client, InetSocketAddress local);

    /**
     * Keeps the reply to a {@linkplain Procedure.Replay#KEPT kept} procedure where the next node finds it; it is sent, where that
     * may be, when this returns. Before that perhaps a note of the same call. On a worker or an event loop; writes to the page cache
     * at the most.
     *
     * @return false where it cannot be kept: then it is not sent
     */
    boolean keep(KeptReply reply);
}
