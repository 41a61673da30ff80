package io.mooring.failover.commands;

import io.mooring.failover.FailoverService;
import io.mooring.failover.ServiceStatus;
import io.mooring.shell.Table;
import java.io.PrintStream;
import java.net.InetAddress;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Which services there are. Karaf makes one for each use. */
@Service
@Command(scope = "service", name = "list", description = "Lists the services that are declared, and how they fare.")
public final class ListCommand implements Action {

    @Reference
    FailoverService failover;

    @Option(name = "--json", description = "Prints JSON")
    boolean json;

    @Override
    public Object execute() {
        print(failover, System.out, json);
        return null;
    }

    static void print(FailoverService failover, PrintStream out, boolean json) {
        Table table = new Table("service", "state", "since", "addresses", "here", "connections", "message");
        for (ServiceStatus service : failover.services()) {
            table.row(
                    service.name(),
                    service.state(),
                    service.since(),
                    service.addresses().stream()
                            .map(InetAddress::getHostAddress)
                            .toList(),
                    !service.present().isEmpty(),
                    service.counters().connections(),
                    service.message());
        }
        table.print(out, json);
    }
}
