package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.connection.Connection;
import io.mooring.failover.internal.connection.ConnectionTable;
import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.KeptReply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which calls may be executed and answered, and keeps their replies. Thread-safe. */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    private final ConnectionTable connections;
    private final LongSupplier nanoClock;
    private final Seldom line;
    private final AtomicLong kept = new AtomicLong();
    private volatile Pass pass = Pass.NOBODY;

    /**
     * Who gets through.
     *
     * @param tenure while the service is served; else null
     * @param replies likewise
     * @param later calls are let in to be told to come again: nothing is done for them
     */
    private record Pass(Tenure tenure, HeldState.Stream replies, boolean later) {
        static final Pass NOBODY = new Pass(null, null, false);
    }

    Gate(ConnectionTable connections, LongSupplier nanoClock) {
        this.connections = connections;
        this.nanoClock = nanoClock;
        this.line = new Seldom(nanoClock);
    }

    /** Calls are executed while the tenure is sure. */
    void serve(Tenure tenure, HeldState.Stream replies) {
        pass = new Pass(tenure, replies, false);
    }

    /** Calls are let in, and get "try later" by who executes them. */
    void answerLater() {
        pass = new Pass(null, null, true);
    }

    void shut() {
        pass = Pass.NOBODY;
    }

    /** How many replies were kept. */
    long kept() {
        return kept.get();
    }

    private boolean mayServe() {
        Pass current = pass;
        return current.tenure() == null ? current.later() : current.tenure().isSure();
    }

    private boolean keep(String server, InetAddress local, KeptReply reply) {
        Pass current = pass;
        if (current.replies() == null) {
            return current.later();
        }
        if (reply.reply().length > KeptReply.MAX_BYTES) {
            if (line.isTime()) {
                LOG.warn("failover: a reply, or a note, of {} bytes is not kept", reply.reply().length);
            }
            return false;
        }
        boolean written = current.replies().write(new ReplyRecord(server, local, reply).encode());
        if (written && !reply.note()) {
            kept.incrementAndGet();
        }
        return written;
    }

    /** For a server and one of the service's addresses. */
    AddressKeeper keeper(String server, InetAddress address) {
        return new AddressKeeper() {
            @Override
            public boolean mayServe() {
                return Gate.this.mayServe();
            }

            @Override
            public void connected(InetSocketAddress client, InetSocketAddress local) {
                connections.connected(new Connection(server, local, client), nanoClock.getAsLong());
            }

            @Override
            public void disconnected(InetSocketAddress client, InetSocketAddress local) {
                connections.disconnected(new Connection(server, local, client), nanoClock.getAsLong());
            }

            @Override
            public boolean keep(KeptReply reply) {
                return Gate.this.keep(server, address, reply);
            }
        };
    }
}
