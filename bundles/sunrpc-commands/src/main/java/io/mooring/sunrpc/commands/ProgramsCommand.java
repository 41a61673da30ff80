package io.mooring.sunrpc.commands;

import io.mooring.shell.Table;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.RpcTransportService;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** The programs served, and where. Karaf makes one for each use. */
@Service
@Command(
        scope = "rpc",
        name = "programs",
        description = "Lists the RPC programs that are served, with netids and ports.")
public final class ProgramsCommand implements Action {

    @Reference
    RpcTransportService rpc;

    @Option(name = "--json", description = "Prints JSON")
    boolean json;

    @Override
    public Object execute() {
        print(System.out);
        return null;
    }

    void print(PrintStream out) {
        Table table = new Table("server", "program", "version", "name", "netids", "port");
        for (RpcServer server : rpc.servers()) {
            Set<Netid> netids = netids(server);
            for (RpcProgram program : server.programs()) {
                if (server.tcpPort() == server.udpPort()) {
                    row(table, server, program, netids, server.tcpPort());
                } else {
                    row(table, server, program, part(netids, true), server.tcpPort());
                    row(table, server, program, part(netids, false), server.udpPort());
                }
            }
        }
        table.print(out, json);
    }

    private static void row(Table table, RpcServer server, RpcProgram program, Set<Netid> netids, int port) {
        if (port > 0) {
            String ids = netids.stream().map(Netid::id).collect(Collectors.joining(","));
            table.row(
                    server.name(),
                    Integer.toUnsignedLong(program.number()),
                    Integer.toUnsignedLong(program.version()),
                    program.name(),
                    ids,
                    port);
        }
    }

    private static Set<Netid> part(Set<Netid> netids, boolean tcp) {
        return netids.stream()
                .filter(n -> n.isTcp() == tcp)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Netid.class)));
    }

    /** Those of its listeners. */
    private static Set<Netid> netids(RpcServer server) {
        Set<Netid> netids = EnumSet.noneOf(Netid.class);
        for (RpcTransport transport : server.transports()) {
            if (transport.kind() == RpcTransport.Kind.PERMANENT) {
                netids.add(transport.netid());
                if (transport.netid() == Netid.TCP6
                        && transport.local().getAddress().isAnyLocalAddress()) {
                    netids.add(Netid.TCP); // an IPv6 wildcard listener takes IPv4 too
                }
            }
        }
        return netids;
    }
}
