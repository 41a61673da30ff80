package io.mooring.sunrpc.internal;

import io.mooring.sunrpc.RpcServer;

/** Is told of servers that are open. Implementations are thread-safe. */
public interface ServerObserver {

    /** Nobody. */
    ServerObserver NONE = new ServerObserver() {
        @Override
        public void opened(RpcServer server) {}

        @Override
        public void closing(RpcServer server) {}
    };

    /** The server listens. */
    void opened(RpcServer server);

    /** The server is about to close; it may never have been opened. */
    void closing(RpcServer server);
}
