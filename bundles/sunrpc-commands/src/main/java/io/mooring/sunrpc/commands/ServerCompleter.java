package io.mooring.sunrpc.commands;

import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransportService;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes the names of the servers that are open. Immutable after Karaf made it. */
@Service
public final class ServerCompleter implements Completer {

    @Reference
    RpcTransportService rpc;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(names()).complete(session, line, candidates);
    }

    List<String> names() {
        return rpc.servers().stream().map(RpcServer::name).distinct().sorted().toList();
    }
}
