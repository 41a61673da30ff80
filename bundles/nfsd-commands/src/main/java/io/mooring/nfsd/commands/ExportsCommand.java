package io.mooring.nfsd.commands;

import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.NfsService.ExportStatus;
import io.mooring.shell.Table;
import java.io.PrintStream;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** What is exported, to whom, and what is not and why. Karaf makes one for each use. */
@Service
@Command(
        scope = "nfs",
        name = "exports",
        description = "Lists exports with their clients and options, and lines of the exports files that are refused.")
public final class ExportsCommand implements Action {

    @Reference
    NfsService nfs;

    @Argument(name = "path", description = "Only this export")
    @Completion(ExportPathCompleter.class)
    String path;

    @Option(name = "--json", description = "Prints JSON")
    boolean json;

    @Override
    public Object execute() {
        print(System.out);
        return null;
    }

    void print(PrintStream out) {
        Table table = new Table("path", "client", "options", "fsid", "state", "service", "origin", "reason");
        for (ExportStatus export : nfs.exports()) {
            if (path == null || path.equals(export.path())) {
                table.row(
                        export.path(),
                        export.client(),
                        export.options(),
                        export.fsid(),
                        export.state().name().toLowerCase(Locale.ROOT),
                        export.service(),
                        export.origin(),
                        export.reason());
            }
        }
        table.print(out, json);
    }
}
