package io.mooring.lockd.commands;

import io.mooring.lockd.LockService;
import io.mooring.lockd.LockService.GraceEntry;
import io.mooring.shell.Table;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Where only reclaims are granted. Karaf makes one for each use. */
@Service
@Command(
        scope = "lock",
        name = "grace",
        description = "Lists the addresses through which locks are taken, and what is left of their grace periods.")
public final class GraceCommand implements Action {

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
        Table table = new Table("service", "state", "remaining", "awaited");
        for (GraceEntry row : locks.grace()) {
            table.row(row.service(), row.state(), row.remaining(), row.awaited());
        }
        table.print(out, json);
    }
}
