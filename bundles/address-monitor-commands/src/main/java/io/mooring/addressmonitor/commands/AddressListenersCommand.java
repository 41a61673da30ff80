package io.mooring.addressmonitor.commands;

import io.mooring.addressmonitor.AddressMonitor;
import io.mooring.shell.Table;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code address:listeners}. The shell makes one for each call. */
@Service
@Command(scope = "address", name = "listeners", description = "Lists who is told of address changes, and how they fare")
public final class AddressListenersCommand implements Action {

    @Reference
    AddressMonitor monitor;

    @Option(name = "--json", description = "Print JSON, for scripts")
    boolean json;

    @Override
    public Object execute() {
        Table table = new Table("Listener", "Events", "Failures", "Pending", "Last call");
        for (AddressMonitor.ListenerStatus it : monitor.listeners()) {
            table.row(it.name(), it.events(), it.failures(), it.pending(), it.lastDuration());
        }
        table.print(System.out, json);
        return null;
    }
}
