package io.mooring.sunrpc;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The RPC transport service: opens servers and clients. Thread-safe. */
@ProviderType
public interface RpcTransportService {

    /**
     * Opens a server that listens at once.
     *
     * @throws IOException where a port cannot be bound; the message names address, port and cause, nothing stays open
     */
    RpcServer openServer(RpcServerOptions options) throws IOException;

    /** Opens a client. TCP connects at the first call, and again after the connection broke. */
    RpcClient openClient(RpcClientOptions options);

    /** The servers that are open now. */
    List<RpcServer> servers();
}
