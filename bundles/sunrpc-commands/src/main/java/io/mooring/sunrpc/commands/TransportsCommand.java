package io.mooring.sunrpc.commands;

import io.mooring.shell.Table;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.RpcTransportService;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** The transports that are open. Karaf makes one for each use. */
@Service
@Command(scope = "rpc", name = "transports", description = "Lists the transports of the RPC servers.")
public final class TransportsCommand implements Action {

    @Reference
    RpcTransportService rpc;

    @Option(name = "--server", description = "Only those of the server of this name")
    @Completion(ServerCompleter.class)
    String server;

    @Option(name = "--address", description = "Only those with this local or remote address")
    @Completion(AddressCompleter.class)
    String address;

    @Option(name = "--json", description = "Prints JSON")
    boolean json;

    Clock clock = Clock.systemUTC();

    @Override
    public Object execute() throws CommandException {
        print(System.out);
        return null;
    }

    void print(PrintStream out) throws CommandException {
        InetAddress only = address == null ? null : Endpoints.parse(address);
        Instant now = clock.instant();
        Table table = new Table(
                "id",
                "server",
                "kind",
                "netid",
                "local",
                "remote",
                "ageSeconds",
                "idleSeconds",
                "calls",
                "bytesIn",
                "bytesOut");
        for (RpcServer each : rpc.servers()) {
            if (server != null && !server.equals(each.name())) {
                continue;
            }
            each.transports().stream()
                    .filter(t -> only == null || has(t.local(), only) || has(t.remote(), only))
                    .forEach(t -> row(table, each, t, now));
        }
        table.print(out, json);
    }

    private static void row(Table table, RpcServer server, RpcTransport t, Instant now) {
        table.row(
                t.id(),
                server.name(),
                t.kind().name().toLowerCase(Locale.ROOT),
                t.netid().id(),
                Endpoints.format(t.local()),
                Endpoints.format(t.remote()),
                Duration.between(t.opened(), now).toSeconds(),
                Duration.between(t.lastUsed(), now).toSeconds(),
                t.calls(),
                t.bytesIn(),
                t.bytesOut());
    }

    private static boolean has(InetSocketAddress endpoint, InetAddress address) {
        return endpoint != null && address.equals(endpoint.getAddress());
    }
}
