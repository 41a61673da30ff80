package io.mooring.addressmonitor.commands;

import io.mooring.addressmonitor.AddressMonitor;
import io.mooring.shell.Table;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code address:list}. The shell makes one for each call. */
@Service
@Command(scope = "address", name = "list", description = "Lists the IP addresses that this host has")
public final class AddressListCommand implements Action {

    @Reference
    AddressMonitor monitor;

    @Option(name = "--json", description = "Print JSON, for scripts")
    boolean json;

    @Override
    public Object execute() {
        Table table = new Table("Address", "Interfaces", "Since");
        for (AddressMonitor.LocalAddress it : monitor.addresses()) {
            table.row(it.address().getHostAddress(), it.interfaces(), it.since());
        }
        table.print(System.out, json);
        if (!json) {
            System.out.println("Changes are noticed by " + monitor.source() + ".");
        }
        return null;
    }
}
