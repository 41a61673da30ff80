package io.mooring.sunrpc.commands;

import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.RpcTransportService;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes local addresses of the transports that are open. Immutable after Karaf made it. */
@Service
public final class AddressCompleter implements Completer {

    @Reference
    RpcTransportService rpc;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(addresses()).complete(session, line, candidates);
    }

    List<String> addresses() {
        return rpc.servers().stream()
                .flatMap(server -> server.transports().stream())
                .map(RpcTransport::local)
                .filter(Objects::nonNull) // a client that is not connected
                .map(local -> local.getAddress())
                .filter(a -> !a.isAnyLocalAddress())
                .map((InetAddress a) -> Endpoints.format(a))
                .distinct()
                .sorted()
                .toList();
    }
}
