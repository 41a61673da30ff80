package io.mooring.vfs.service;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A server that takes part in services which move between nodes: an OSGi service that nfsd and lockd each register while they
 * serve, and that failover consumes. Thread-safe; of one service one method runs at a time.
 */
@ConsumerType
public interface ServiceParticipant {

    /** Equal to the name of its RPC server: "nfsd". */
    String name();

    /** Of the one that opens the exports; a service is not taken without it. */
    int FIRST = 0;

    /** Where it stands: those with smaller numbers take first and release last. */
    int order();

    /**
     * From now on what comes by the service's addresses belongs to the service, and to nothing else. It is not taken yet: what is
     * asked for is answered with "try later" (NFS3ERR_JUKEBOX, NLM4_DENIED_GRACE_PERIOD).
     *
     * @throws IllegalArgumentException where the declaration is wrong; the message names what to change
     */
    Mooring moor(ServiceDeclaration service);

    /** A service, as one participant has it. */
    interface Mooring extends AutoCloseable {

        /**
         * This node has the service now. Returns when calls may be let in: everything is there again that was there when it
         * was released elsewhere.
         *
         * @throws IOException where it cannot be taken now; the message says why. Nothing is taken then; it may be tried again.
         *     Whatever it fails with, {@link #release} follows
         */
        void take(ServiceState state) throws IOException;

        /**
         * Brings what was written to stable storage: while it goes on serving, so that the rest is little, and again when no call
         * is under way any more, before it is released in order.
         */
        void sync() throws IOException;

        /**
         * This node gives the service up. No call is under way any more. When it returns, no descriptor, no lock is left in the
         * service's file systems. What no client had committed need not be on stable storage: where the address has gone, clients
         * wait meanwhile for the next node, whose write verifier makes them write it again. Does nothing where it is not taken, and
         * undoes what a {@link #take} that failed had begun.
         */
        void release();

        /** The service is not declared any more, or failover goes away; releases first where it was taken. */
        @Override
        void close();
    }
}
