package io.mooring.sunrpc.internal.transport;

import io.mooring.sunrpc.RpcTransport;
import io.netty.channel.Channel;

/** An open socket of any role, as the registry knows it. Thread-safe. */
public interface OpenTransport {

    long id();

    RpcTransport.Kind kind();

    /** Where it is bound. */
    AddressKey localKey();

    Channel channel();

    /** Closes at once, a TCP connection with a reset; on its event loop only. Does nothing the second time. */
    void abort();

    RpcTransport snapshot();
}
