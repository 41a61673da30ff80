package io.mooring.rpcbind.internal;

import io.mooring.rpcbind.internal.Rpcbind4.Entry;
import io.mooring.rpcbind.internal.Rpcbind4.EntryList;
import io.mooring.rpcbind.internal.Rpcbind4.Netbuf;
import io.mooring.rpcbind.internal.Rpcbind4.Rpcb;
import io.mooring.rpcbind.internal.Rpcbind4.RpcbList;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrEncoder;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** The procedures of version 3 and 4 (RFC 1833 §2.2). Thread-safe, because its parts are. */
final class RpcbindProcedures {
    private static final XdrEncoder<String> STRING = (text, w) -> w.writeString(text);

    private final int version;
    private final Directory directory;
    private final SetRule rule;
    private final Counters counters;
    private final Clock clock;

    RpcbindProcedures(int version, Directory directory, SetRule rule, Counters counters, Clock clock) {
        this.version = version;
        this.directory = directory;
        this.rule = rule;
        this.counters = counters;
        this.clock = clock;
    }

    RpcProgram program() {
        ProcedureTable table = new ProcedureTable(version, counters)
                .addChange(Rpcbind4.SET, "SET", Rpcb::read, this::set)
                .addChange(Rpcbind4.UNSET, "UNSET", Rpcb::read, this::unset)
                .add(Rpcbind4.GETADDR, "GETADDR", Rpcb::read, (c, a) -> address(c, a, false), STRING)
                .add(Rpcbind4.DUMP, "DUMP", r -> null, (c, none) -> dump(), RpcbList::write)
                .addRefused(Rpcbind4.BCAST, version == Rpcbind4.VERSION_3 ? "CALLIT" : "BCAST")
                .add(Rpcbind4.GETTIME, "GETTIME", r -> null, (c, none) -> time(), (time, w) -> w.writeInt(time))
                .add(
                        Rpcbind4.UADDR2TADDR,
                        "UADDR2TADDR",
                        r -> r.readString(Rpcbind4.MAX_UADDR),
                        (c, text) -> toTransportAddress(text),
                        Netbuf::write)
                .add(Rpcbind4.TADDR2UADDR, "TADDR2UADDR", Netbuf::read, (c, a) -> toUniversalAddress(a), STRING);
        if (version == Rpcbind4.VERSION_4) {
            table.add(Rpcbind4.GETVERSADDR, "GETVERSADDR", Rpcb::read, (c, a) -> address(c, a, true), STRING)
                    .addRefused(Rpcbind4.INDIRECT, "INDIRECT")
                    .add(Rpcbind4.GETADDRLIST, "GETADDRLIST", Rpcb::read, this::addressList, EntryList::write)
                    .add(Rpcbind4.GETSTAT, "GETSTAT", r -> null, (c, none) -> counters.snapshot(), RpcbindStat::write);
        }
        return table.program();
    }

    private boolean set(RpcCall call, Rpcb arguments) throws RpcException {
        String owner = rule.owner(call);
        Optional<Netid> netid = Registration.netid(arguments.netid());
        Optional<UniversalAddress> address = UniversalAddress.parse(arguments.address());
        if (netid.isEmpty() || address.isEmpty() || arguments.program() == Rpcbind4.PROGRAM) {
            return false;
        }
        InetAddress host = address.get().host();
        boolean familyFits = Registration.netid(netid.get().isTcp(), host) == netid.get();
        if (!familyFits || address.get().port() == 0) {
            return false;
        }
        boolean done = directory.set(new Registration(
                arguments.program(),
                arguments.version(),
                netid.get(),
                host,
                address.get().port(),
                owner));
        if (done) {
            counters.set(version);
        }
        return done;
    }

    /** An empty netid stands for all; the address is ignored. */
    private boolean unset(RpcCall call, Rpcb arguments) throws RpcException {
        List<String> netids = arguments.netid().isEmpty() ? List.of() : List.of(arguments.netid());
        boolean done = directory.unset(arguments.program(), arguments.version(), netids, rule.owner(call));
        if (done) {
            counters.unset(version);
        }
        return done;
    }

    /** The netid is that of the transport by which the call came, as the RFC says: the argument's is ignored. */
    private String address(RpcCall call, Rpcb arguments, boolean exactVersion) {
        Netid netid = ProcedureTable.netid(call);
        InetAddress calledAt = ProcedureTable.calledAt(call);
        Optional<Registration> found =
                directory.find(arguments.program(), arguments.version(), netid, calledAt, exactVersion);
        counters.asked(
                version, new Registration.Key(arguments.program(), arguments.version(), netid.id()), found.isPresent());
        return found.map(r -> Directory.merge(r, calledAt).format()).orElse("");
    }

    private RpcbList dump() {
        return new RpcbList(directory.all().stream()
                .map(r -> new Rpcb(
                        r.program(), r.version(), r.netid().id(), r.address().format(), r.owner()))
                .toList());
    }

    /** Those of the caller's protocol family, of exactly this version. */
    private EntryList addressList(RpcCall call, Rpcb arguments) {
        InetAddress calledAt = ProcedureTable.calledAt(call);
        return new EntryList(List.of(true, false).stream()
                .map(tcp -> Registration.netid(tcp, calledAt))
                .flatMap(netid ->
                        directory.find(arguments.program(), arguments.version(), netid, calledAt, true).stream())
                .map(r -> entry(r, calledAt))
                .toList());
    }

    private static Entry entry(Registration registration, InetAddress calledAt) {
        Netid netid = registration.netid();
        return new Entry(
                Directory.merge(registration, calledAt).format(),
                netid.id(),
                netid.isTcp() ? Entry.COTS_ORD : Entry.CLTS,
                Registration.isIpv6(netid) ? "inet6" : "inet",
                netid.isTcp() ? "tcp" : "udp");
    }

    /** Seconds since 1970, unsigned. */
    private int time() {
        return (int) clock.instant().getEpochSecond();
    }

    private static Netbuf toTransportAddress(String text) {
        byte[] bytes = UniversalAddress.parse(text).map(SocketAddressBytes::of).orElse(new byte[0]);
        return new Netbuf(bytes.length, bytes);
    }

    private static String toUniversalAddress(Netbuf address) {
        return SocketAddressBytes.parse(address.address())
                .map(UniversalAddress::format)
                .orElse("");
    }
}
