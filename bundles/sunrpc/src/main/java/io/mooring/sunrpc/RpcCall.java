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
}
