package io.mooring.sunrpc.commands;

import io.mooring.shell.Table;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerStatistics;
import io.mooring.sunrpc.RpcServerStatistics.ProcedureStatistics;
import io.mooring.sunrpc.RpcTransportService;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** What the servers counted. Karaf makes one for each use. */
@Service
@Command(
        scope = "rpc",
        name = "stats",
        description = "Shows the counters of the RPC servers, and calls and mean time of each procedure.")
public final class StatsCommand implements Action {

    @Reference
    RpcTransportService rpc;

    @Option(name = "--server", description = "Only the server of this name")
    @Completion(ServerCompleter.class)
    String server;

    @Option(name = "--json", description = "Prints JSON: an object with the arrays servers and procedures")
    boolean json;

    @Override
    public Object execute() {
        print(System.out);
        return null;
    }

    void print(PrintStream out) {
        Table servers = new Table(
                "server",
                "accepted",
                "refused",
                "closedByAddress",
                "closedIdle",
                "badRecords",
                "rpcErrors",
                "replays",
                "callsInFlight",
                "bytesInFlight");
        Table procedures = new Table("server", "program", "version", "procedure", "calls", "meanMicros");
        for (RpcServer each : rpc.servers()) {
            if (server == null || server.equals(each.name())) {
                RpcServerStatistics statistics = each.statistics();
                serverRow(servers, each.name(), statistics);
                statistics.procedures().forEach(p -> procedureRow(procedures, each.name(), p));
            }
        }
        if (json) {
            out.println("{\"servers\":");
            servers.print(out, true);
            out.println(",\"procedures\":");
            procedures.print(out, true);
            out.println("}");
        } else {
            servers.print(out, false);
            out.println();
            procedures.print(out, false);
        }
    }

    private static void serverRow(Table table, String name, RpcServerStatistics s) {
        table.row(
                name,
                s.accepted(),
                s.refused(),
                s.closedByAddress(),
                s.closedIdle(),
                s.badRecords(),
                s.rpcErrors(),
                s.replays(),
                s.callsInFlight(),
                s.bytesInFlight());
    }

    private static void procedureRow(Table table, String server, ProcedureStatistics p) {
        // One place after the point is what the clock is good for.
        double mean = p.calls() == 0 ? 0 : Math.round(p.totalNanos() / 100.0 / p.calls()) / 10.0;
        table.row(server, p.program(), Integer.toUnsignedLong(p.version()), p.procedure(), p.calls(), mean);
    }
}
