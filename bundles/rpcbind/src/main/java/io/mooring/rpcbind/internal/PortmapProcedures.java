package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import java.util.List;
import java.util.Optional;

/** The procedures of version 2 (RFC 1833 §3.2), which knows IPv4 only. Thread-safe, because its parts are. */
final class PortmapProcedures {
    private static final List<String> NETIDS = List.of(Netid.TCP.id(), Netid.UDP.id());

    private final Directory directory;
    private final SetRule rule;
    private final Counters counters;

    PortmapProcedures(Directory directory, SetRule rule, Counters counters) {
        this.directory = directory;
        this.rule = rule;
        this.counters = counters;
    }

    RpcProgram program() {
        return new ProcedureTable(Portmap2.VERSION, counters)
                .addChange(Portmap2.SET, "SET", Portmap2.Mapping::read, this::set)
                .addChange(Portmap2.UNSET, "UNSET", Portmap2.Mapping::read, this::unset)
                .add(Portmap2.GETPORT, "GETPORT", Portmap2.Mapping::read, this::getPort, (port, w) -> w.writeInt(port))
                .add(Portmap2.DUMP, "DUMP", r -> null, (call, none) -> dump(), Portmap2.MappingList::write)
                .addRefused(Portmap2.CALLIT, "CALLIT")
                .program();
    }

    private boolean set(RpcCall call, Portmap2.Mapping mapping) throws RpcException {
        String owner = rule.owner(call);
        Optional<Netid> netid = netid(mapping.protocol());
        boolean validPort = mapping.port() > 0 && mapping.port() <= 0xffff;
        if (netid.isEmpty() || !validPort || mapping.program() == Portmap2.PROGRAM) {
            return false;
        }
        boolean done = directory.set(new Registration(
                mapping.program(), mapping.version(), netid.get(), Registration.ANY_IPV4, mapping.port(), owner));
        if (done) {
            counters.set(Portmap2.VERSION);
        }
        return done;
    }

    /** Protocol and port are ignored, as the RFC says. */
    private boolean unset(RpcCall call, Portmap2.Mapping mapping) throws RpcException {
        boolean done = directory.unset(mapping.program(), mapping.version(), NETIDS, rule.owner(call));
        if (done) {
            counters.unset(Portmap2.VERSION);
        }
        return done;
    }

    private int getPort(RpcCall call, Portmap2.Mapping mapping) {
        Optional<Netid> netid = netid(mapping.protocol());
        if (netid.isEmpty()) {
            return 0;
        }
        Optional<Registration> found =
                directory.find(mapping.program(), mapping.version(), netid.get(), ProcedureTable.calledAt(call), false);
        var key = new Registration.Key(
                mapping.program(), mapping.version(), netid.get().id());
        counters.asked(Portmap2.VERSION, key, found.isPresent());
        return found.map(Registration::port).orElse(0);
    }

    private Portmap2.MappingList dump() {
        return new Portmap2.MappingList(directory.all().stream()
                .filter(r -> !Registration.isIpv6(r.netid()))
                .map(r -> new Portmap2.Mapping(r.program(), r.version(), protocol(r.netid()), r.port()))
                .distinct()
                .toList());
    }

    static int protocol(Netid netid) {
        return netid.isTcp() ? Portmap2.IPPROTO_TCP : Portmap2.IPPROTO_UDP;
    }

    static Optional<Netid> netid(int protocol) {
        return switch (protocol) {
            case Portmap2.IPPROTO_TCP -> Optional.of(Netid.TCP);
            case Portmap2.IPPROTO_UDP -> Optional.of(Netid.UDP);
            default -> Optional.empty();
        };
    }
}
