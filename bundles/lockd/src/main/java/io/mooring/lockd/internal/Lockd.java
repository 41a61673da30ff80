package io.mooring.lockd.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.lockd.LockService;
import io.mooring.lockd.internal.nlm.NlmProcedures;
import io.mooring.lockd.internal.nlm.NlmProgram;
import io.mooring.lockd.internal.nsm.NsmProcedures;
import io.mooring.lockd.internal.nsm.NsmProgram;
import io.mooring.lockd.internal.peer.PeerTransport;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcTransportService;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.service.ServiceParticipant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lock server without OSGi: programs and transports on locks that outlive it. Serves until it is closed. Thread-safe. */
final class Lockd implements LockService, AutoCloseable {
    static final String NAME = "lockd";

    private static final Logger LOG = LoggerFactory.getLogger(Lockd.class);

    /** What the server was opened with: this much is settled until it is closed. */
    private final LockdOptions opened;

    private final LockState state;
    private final LockEntries entries;
    private final RpcServer server;
    private final LockdAddresses addresses;
    private final LockdParticipant participant;

    /**
     * Serves at once.
     *
     * @param targets finds files; gives null while nobody can
     * @throws IOException where a port cannot be bound; the message says which, and nothing stays open
     */
    static Lockd open(LockdOptions options, RpcTransportService rpc, LockState state, Supplier<LockTargets> targets)
            throws IOException {
        RareLog log = new RareLog(line -> LOG.warn("lockd: {}", line), System::nanoTime);
        NlmProcedures nlm = new NlmProcedures(targets, state.services(), state.locks(), log);
        List<RpcProgram> programs =
                new ArrayList<>(NlmProgram.of(nlm, state.grants(), state.peers(), state.durability()));
        programs.add(NsmProgram.of(new NsmProcedures(state.services(), state.peers(), state.durability(), log)));
        int udpPort = options.udp() ? options.port() : -1;
        RpcServer server = rpc.openServer(
                new RpcServerOptions(NAME, programs, options.addresses(), options.port(), udpPort, options.limits()));
        state.callWith(PeerTransport.of(server));
        LOG.info("lockd: serves NLM 1, 3 and 4 and NSM 1 on port {}", server.tcpPort());
        return new Lockd(options, state, server, targets);
    }

    private Lockd(LockdOptions options, LockState state, RpcServer server, Supplier<LockTargets> targets) {
        this.opened = options;
        this.state = state;
        this.server = server;
        this.entries = new LockEntries(state, targets);
        this.participant = new LockdParticipant(state, targets);
        this.addresses = new LockdAddresses(server, state.services(), options.addresses(), System::nanoTime);
    }

    boolean serves(LockdOptions next) {
        return next.fitsServerOf(opened);
    }

    /** To be told of the host's addresses. */
    AddressListener addressListener() {
        return addresses;
    }

    /** To be told of services that move. */
    ServiceParticipant participant() {
        return participant;
    }

    int port() {
        return server.tcpPort();
    }

    @Override
    public List<LockEntry> locks(LockFilter filter) {
        return entries.list(filter);
    }

    @Override
    public int release(LockFilter filter) {
        return entries.release(filter);
    }

    @Override
    public List<HostEntry> hosts() {
        return entries.hosts();
    }

    @Override
    public List<GraceEntry> grace() {
        return entries.grace();
    }

    /** The locks stay, but those of services that move, whose journals have them. */
    @Override
    public void close() {
        state.callWith(null);
        server.close();
        participant.close();
    }
}
