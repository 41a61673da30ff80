package io.mooring.lockd.commands;

import io.mooring.lockd.LockService;
import io.mooring.lockd.LockService.HostEntry;
import io.mooring.shell.Table;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Which hosts lock. Karaf makes one for each use. */
@Service
@Command(
        scope = "lock",
        name = "hosts",
        description = "Lists hosts with locks, and those that are to be told of a restart, or may reclaim their locks.")
public final class HostsCommand implements Action {

    @Reference
    LockService locks;

    @Option(name = "--json", description = "Prints JSON")
    boolean json;

    @Override
    public Object execute() {
        print(System.out);
        return null;
    }

    void print(PrintStream out) {
        Table table = new Table("client", "name", "service", "locks", "monitored", "may reclaim", "unnotified");
        for (HostEntry host : locks.hosts()) {
            table.row(
                    host.client(),
                    host.name(),
                    host.service(),
                    host.locks(),
                    host.monitored(),
                    host.mayReclaim(),
                    host.unnotified());
        }
        table.print(out, json);
    }
}
