package io.mooring.failover.commands;

import io.mooring.failover.FailoverService;
import io.mooring.failover.ServiceStatus;
import io.mooring.failover.ServiceStatus.Counters;
import io.mooring.failover.ServiceStatus.Ownership;
import io.mooring.failover.TakeOver;
import io.mooring.failover.TakeOver.ClientBack;
import io.mooring.failover.TakeOver.Phase;
import io.mooring.shell.Table;
import java.io.PrintStream;
import java.net.InetAddress;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** All about one service. Karaf makes one for each use. */
@Service
@Command(
        scope = "service",
        name = "status",
        description =
                "Shows a service: what it is, how it fares, and how it was taken last, with the milliseconds of each"
                        + " phase and until each client was back.")
public final class StatusCommand implements Action {

    @Reference
    FailoverService failover;

    @Argument(name = "name", description = "The service; without it all are listed")
    @Completion(ServiceCompleter.class)
    String name;

    @Option(name = "--json", description = "Prints JSON")
    boolean json;

    @Override
    public Object execute() throws Exception {
        print(System.out);
        return null;
    }

    void print(PrintStream out) throws CommandException {
        if (name == null) {
            // Where Karaf's own service:list is installed as well, it is the one that is found.
            ListCommand.print(failover, out, json);
            return;
        }
        ServiceStatus service = failover.services().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandException("there is no service " + name));
        Table table = new Table("part", "name", "value");
        describe(service, table);
        own(service.ownership(), table);
        count(service.counters(), table);
        takeOver(service.lastTakeOver(), table);
        table.print(out, json);
    }

    private static void describe(ServiceStatus service, Table table) {
        table.row("service", "state", service.state());
        table.row("service", "since", service.since());
        table.row("service", "message", service.message());
        for (InetAddress address : service.addresses()) {
            table.row("address", address.getHostAddress(), service.present().contains(address) ? "here" : "not here");
        }
        service.exports().forEach(line -> table.row("export", line, ""));
        table.row("state", "directory", service.stateDirectory());
    }

    private static void own(Ownership owned, Table table) {
        if (owned != null) {
            table.row("state", "owner", owned.owner());
            table.row("state", "epoch", owned.epoch());
            table.row("state", "journal bytes", owned.journalBytes());
            table.row("state", "journal was complete", owned.complete());
        }
    }

    private static void count(Counters counters, Table table) {
        table.row("counter", "take-overs", counters.takeOvers());
        table.row("counter", "releases", counters.releases());
        table.row("counter", "failures", counters.failures());
        table.row("counter", "replies kept", counters.repliesKept());
        table.row("counter", "replies restored", counters.repliesRestored());
        table.row("counter", "tickles", counters.tickles());
        table.row("counter", "connections", counters.connections());
        table.row("counter", "calls under way", counters.callsUnderWay());
    }

    private void takeOver(TakeOver last, Table table) {
        if (last == null) {
            return;
        }
        table.row("take-over", "begun", last.seen());
        for (Phase phase : last.phases()) {
            table.row("phase", phase.name(), phase.at());
        }
        for (ClientBack client : last.clients()) {
            String who = client.address().getHostAddress() + " " + client.server();
            table.row("client back", who, client.back() == null && !json ? "not yet" : client.back());
        }
    }
}
