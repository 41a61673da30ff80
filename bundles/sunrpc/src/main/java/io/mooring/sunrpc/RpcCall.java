package io.mooring.sunrpc;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ProviderType;

/** One call that a server received, valid until it is answered. Used by the thread that runs the procedure. */
@ProviderType
public interface RpcCall {

    int xid();

    RpcCredential credential();

    /** The caller's address and port. */
    InetSocketAddress remoteAddress();

    /** The address and port that the call came to; IPv4-mapped addresses are given as IPv4. */
    InetSocketAddress localAddress();

    Netid transport();

    /** Direct memory for {@code size} bytes of this call's reply; counted towards the connection's bytes in flight. */
    RpcBuffer allocate(int size);

    /** Whether a {@link #note} is kept: the procedure is {@linkplain Procedure.Replay#KEPT kept}, and its address moored. */
    default boolean takesNotes() {
        return false;
    }

    /**
     * Keeps, where the next node finds it, that the call has been carried out, but perhaps not on stable storage yet, nor is it
     * answered. If this process is killed now, the procedure's {@link Procedure.Recovery} gets the note. The reply replaces it.
     * Writes to the page cache, and does nothing where notes are not taken.
     */
    default <N> void note(XdrEncoder<N> encoder, N note) {}
}
