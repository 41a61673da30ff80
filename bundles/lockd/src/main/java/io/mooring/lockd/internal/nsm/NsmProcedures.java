package io.mooring.lockd.internal.nsm;

import io.mooring.lockd.internal.RareLog;
import io.mooring.lockd.internal.locks.Durability;
import io.mooring.lockd.internal.peer.PeerCalls;
import io.mooring.lockd.internal.peer.PeerCalls.Peer;
import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.wire.Sm1.Mon;
import io.mooring.lockd.internal.wire.Sm1.MonId;
import io.mooring.lockd.internal.wire.Sm1.MyId;
import io.mooring.lockd.internal.wire.Sm1.Result;
import io.mooring.lockd.internal.wire.Sm1.SmName;
import io.mooring.lockd.internal.wire.Sm1.SmStat;
import io.mooring.lockd.internal.wire.Sm1.SmStatRes;
import io.mooring.lockd.internal.wire.Sm1.StatChge;
import io.mooring.lockd.internal.wire.Sm1.Status;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcException.Answer;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What NSM's procedures do. Thread-safe. */
public final class NsmProcedures {
    private static final Logger LOG = LoggerFactory.getLogger(NsmProcedures.class);
    private static final int REMEMBERED = 4096;

    private final Services services;
    private final PeerCalls peers;
    private final Durability durability;
    private final RareLog log;
    private final LocalMonitors monitors = new LocalMonitors();
    /** The last state that a client told an address of, guarded by itself: a notice that comes again says nothing new. */
    private final Map<Host, Integer> told = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Host, Integer> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** The procedures on these services. */
    public NsmProcedures(Services services, PeerCalls peers, Durability durability, RareLog log) {
        this.services = services;
        this.peers = peers;
        this.durability = durability;
        this.log = log;
    }

    private int state(RpcCall call) {
        HostMonitor monitor = services.of(call.localAddress().getAddress());
        return monitor == null ? 0 : monitor.state();
    }

    /** Any host could be monitored. */
    SmStatRes stat(RpcCall call, SmName name) {
        return new SmStatRes(Result.STAT_SUCC, state(call));
    }

    SmStatRes mon(RpcCall call, Mon mon) {
        boolean added = isLocal(call, "SM_MON") && monitors.add(mon);
        return new SmStatRes(added ? Result.STAT_SUCC : Result.STAT_FAIL, state(call));
    }

    SmStat unmon(RpcCall call, MonId id) {
        if (isLocal(call, "SM_UNMON")) {
            monitors.remove(id);
        }
        return new SmStat(state(call));
    }

    SmStat unmonAll(RpcCall call, MyId id) {
        if (isLocal(call, "SM_UNMON_ALL")) {
            monitors.removeAll(id);
        }
        return new SmStat(state(call));
    }

    Void simuCrash(RpcCall call, Object none) {
        if (isLocal(call, "SM_SIMU_CRASH")) {
            LOG.warn("lockd: SM_SIMU_CRASH: all locks are released, and all hosts told");
            services.simulateCrash();
        }
        return null;
    }

    /** Both ends: a packet with a forged loopback source does not come to a loopback address. */
    private boolean isLocal(RpcCall call, String procedure) {
        InetAddress client = call.remoteAddress().getAddress();
        boolean local =
                client.isLoopbackAddress() && call.localAddress().getAddress().isLoopbackAddress();
        if (!local) {
            String text = client.getHostAddress();
            log.say(procedure + " " + text, procedure + " by " + text + " denied: it is not on loopback");
        }
        return local;
    }

    /**
     * A client restarted: it is who sends this, whatever name it gives, so that nobody can take away what others have. Locks
     * that it took with this state number it took after that restart.
     */
    Void notify(RpcCall call, StatChge change) throws RpcException {
        InetAddress client = call.remoteAddress().getAddress();
        Host host = new Host(client, call.localAddress().getAddress());
        if (services.isMoored(host.service()) && services.of(host.service()) == null) {
            throw new RpcException(Answer.NO_REPLY, "the service is not here");
        }
        synchronized (told) {
            Integer last = told.get(host);
            if (last != null && last == change.state()) {
                return null;
            }
        }
        Durability.Snapshot before = durability.begin();
        int released = services.restarted(client, change.state());
        before.await();
        synchronized (told) {
            told.put(host, change.state());
        }
        String text = client.getHostAddress();
        log.say(
                "notify " + text,
                text + " (" + change.monName() + ") restarted: "
                        + (released == 0 ? "it had no locks here" : "its locks are released, owners: " + released));
        tellLocal(change, client);
        return null;
    }

    private void tellLocal(StatChge change, InetAddress client) {
        String name = change.monName().toLowerCase(Locale.ROOT);
        for (Mon mon : monitors.of(name::equals)) {
            MyId id = mon.monId().myId();
            InetAddress loopback = InetAddress.getLoopbackAddress();
            Peer peer = new Peer(loopback, loopback, Netid.UDP, id.myProg(), id.myVers());
            Status status = new Status(mon.monId().monName(), change.state(), mon.priv());
            var unused = peers.call(peer, id.myProc(), Status::write, status, r -> null)
                    .whenComplete((none, failure) -> {
                        if (failure != null) {
                            LOG.debug("lockd: program {} cannot be told of {}", id.myProg(), client, failure);
                        }
                    });
        }
    }
}
