package io.mooring.nfsd.commands;

import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.NfsService.NfsStatistics;
import io.mooring.nfsd.NfsService.ProcedureCount;
import io.mooring.shell.Table;
import java.io.PrintStream;
import java.util.Comparator;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** The server's counters. Karaf makes one for each use. */
@Service
@Command(
        scope = "nfs",
        name = "stats",
        description = "Shows counters since nfsd started: addresses that went, calls of each procedure, mean time.")
public final class StatsCommand implements Action {
    private static final Comparator<ProcedureCount> ORDER = Comparator.comparing(ProcedureCount::program)
            .thenComparing(ProcedureCount::version)
            .thenComparing(Comparator.comparing(ProcedureCount::calls).reversed());

    @Reference
    NfsService nfs;

    @Option(name = "--json", description = "Prints JSON: an array of counters, named in \"counter\"")
    boolean json;

    @Override
    public Object execute() {
        print(System.out);
        return null;
    }

    void print(PrintStream out) {
        NfsStatistics statistics = nfs.statistics();
        Table table = new Table("counter", "count", "meanMicros");
        table.row("addressRemovals", statistics.addressRemovals(), null);
        table.row("transportsClosed", statistics.transportsClosed(), null);
        table.row("replays", statistics.replays(), null);
        table.row("rpcErrors", statistics.rpcErrors(), null);
        statistics.procedures().stream()
                .sorted(ORDER)
                .forEach(p -> table.row(
                        p.program() + " v" + p.version() + " " + p.procedure(),
                        p.calls(),
                        Math.round(p.meanMicros() * 10) / 10.0));
        table.print(out, json);
    }
}
