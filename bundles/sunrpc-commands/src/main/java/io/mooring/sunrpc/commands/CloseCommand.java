package io.mooring.sunrpc.commands;

import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransportService;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.function.Predicate;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** Closes transports by hand, as their address's removal would. Karaf makes one for each use. */
@Service
@Command(
        scope = "rpc",
        name = "close",
        description = "Closes with a reset all transports with a local address, on all RPC servers, or one transport.")
public final class CloseCommand implements Action {

    @Reference
    RpcTransportService rpc;

    @Argument(name = "address", description = "The local address")
    @Completion(AddressCompleter.class)
    String address;

    @Option(name = "--id", description = "Closes only the temporary transport of this id (see rpc:transports)")
    Long id;

    Predicate<InetAddress> present = CloseCommand::isPresent;

    @Override
    public Object execute() throws CommandException {
        close(System.out);
        return null;
    }

    void close(PrintStream out) throws CommandException {
        if ((address == null) == (id == null)) {
            throw new CommandException("name either an address or --id");
        }
        int closed = id == null ? closeAddress(Endpoints.parse(address)) : closeTransport(id);
        out.println("closed " + closed + (closed == 1 ? " transport" : " transports"));
    }

    private int closeTransport(long transport) {
        return (int) rpc.servers().stream()
                .filter(server -> server.closeTransport(transport))
                .count();
    }

    private int closeAddress(InetAddress local) {
        int closed = 0;
        for (RpcServer server : rpc.servers()) {
            closed += server.closeTransports(local);
            if (present.test(local)) {
                server.addressAdded(local); // still an address of this host: UDP must go on there
            }
        }
        return closed;
    }

    private static boolean isPresent(InetAddress local) {
        try {
            return NetworkInterface.getByInetAddress(local) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
