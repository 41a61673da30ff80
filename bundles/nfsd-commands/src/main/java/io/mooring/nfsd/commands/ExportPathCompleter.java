package io.mooring.nfsd.commands;

import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.NfsService.ExportStatus;
import java.util.List;
import java.util.Objects;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes paths of exports. Immutable after Karaf made it. */
@Service
public final class ExportPathCompleter implements Completer {

    @Reference
    NfsService nfs;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(paths()).complete(session, line, candidates);
    }

    List<String> paths() {
        return nfs.exports().stream()
                .map(ExportStatus::path)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
    }
}
