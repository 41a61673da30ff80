package io.mooring.nfsd.commands;

import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.NfsService.MountEntry;
import io.mooring.shell.Table;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Who mounted what, as far as clients tell. Karaf makes one for each use. */
@Service
@Command(
        scope = "nfs",
        name = "mounts",
        description = "Lists who mounted what, as far as clients tell: a restart forgets, and so do clients.")
public final class MountsCommand implements Action {

    @Reference
    NfsService nfs;

    @Argument(name = "client", description = "Only this client's")
    @Completion(ClientCompleter.class)
    String client;

    @Option(name = "--json", description = "Prints JSON")
    boolean json;

    @Override
    public Object execute() {
        print(System.out);
        return null;
    }

    void print(PrintStream out) {
        Table table = new Table("client", "path", "since");
        for (MountEntry mount : nfs.mounts()) {
            if (client == null || client.equals(mount.client())) {
                table.row(mount.client(), mount.path(), mount.since());
            }
        }
        table.print(out, json);
    }
}
