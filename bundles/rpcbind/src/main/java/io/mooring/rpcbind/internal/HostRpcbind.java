package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.RpcException;
import java.io.IOException;
import java.util.Map;

/** The host's rpcbind, as the registrar sees it. Every method blocks, within a bound. */
interface HostRpcbind {

    /** For people: where it is. */
    String name();

    /**
     * Begins to talk to it.
     *
     * @throws IOException where none answers
     */
    Session connect() throws IOException;

    /** A conversation. Used by one thread. */
    interface Session extends AutoCloseable {

        /** What is registered: universal addresses. */
        Map<Registration.Key, UniversalAddress> dump() throws IOException, RpcException;

        /** Whether it knows IPv6 transports: version 2 does not. */
        boolean supports(Registration registration);

        /**
         * Registers.
         *
         * @return false where something else is registered there
         * @throws RpcException where it does not accept SET from us
         */
        boolean set(Registration registration) throws IOException, RpcException;

        /** Removes exactly this registration; false where it did not. */
        boolean unset(Registration registration) throws IOException, RpcException;

        @Override
        void close();
    }
}
