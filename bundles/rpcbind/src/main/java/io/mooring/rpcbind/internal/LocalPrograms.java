package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransport;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The programs of this process's own RPC servers. Thread-safe: writers hold the monitor, readers see a list that is
 * never changed.
 */
final class LocalPrograms {
    private final Map<RpcServer, List<Registration>> byServer = new LinkedHashMap<>();
    private volatile List<Registration> registrations = List.of();

    synchronized void add(RpcServer server) {
        byServer.put(server, registrationsOf(server));
        refresh();
    }

    synchronized void remove(RpcServer server) {
        byServer.remove(server);
        refresh();
    }

    List<Registration> registrations() {
        return registrations;
    }

    private void refresh() {
        registrations = byServer.values().stream()
                .flatMap(Collection::stream)
                .distinct()
                .toList();
    }

    static List<Registration> registrationsOf(RpcServer server) {
        Set<InetAddress> hosts = hosts(server);
        List<Registration> result = new ArrayList<>();
        for (RpcProgram program : server.programs()) {
            for (InetAddress host : hosts) {
                boolean portmap = program.number() == Portmap2.PROGRAM && program.version() == Portmap2.VERSION;
                if (portmap && host instanceof Inet6Address) {
                    continue; // version 2 knows no IPv6; rpcbind(8) does not list it there either
                }
                add(result, program, Registration.netid(true, host), host, server.tcpPort());
                add(result, program, Registration.netid(false, host), host, server.udpPort());
            }
        }
        return result;
    }

    private static void add(List<Registration> to, RpcProgram program, Netid netid, InetAddress host, int port) {
        if (port > 0) {
            to.add(new Registration(program.number(), program.version(), netid, host, port, Registration.SUPERUSER));
        }
    }

    /** Where it listens, as its TCP listeners say; UDP has a socket per address, which come and go with the address. */
    private static Set<InetAddress> hosts(RpcServer server) {
        Set<InetAddress> hosts = new LinkedHashSet<>();
        for (RpcTransport transport : server.transports()) {
            if (transport.kind() != RpcTransport.Kind.PERMANENT) {
                break; // the permanent ones come first
            }
            if (transport.netid().isTcp()) {
                InetAddress host = transport.local().getAddress();
                if (host.isAnyLocalAddress()) {
                    hosts.add(Registration.ANY_IPV4); // an IPv6 wildcard socket takes IPv4 too
                }
                hosts.add(host);
            }
        }
        if (hosts.isEmpty()) {
            hosts.add(Registration.ANY_IPV4);
            hosts.add(Registration.ANY_IPV6);
        }
        return hosts;
    }
}
