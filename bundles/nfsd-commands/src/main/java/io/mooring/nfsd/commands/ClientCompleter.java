package io.mooring.nfsd.commands;

import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.NfsService.MountEntry;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes addresses of clients that mounted something. Immutable after Karaf made it. */
@Service
public final class ClientCompleter implements Completer {

    @Reference
    NfsService nfs;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(clients()).complete(session, line, candidates);
    }

    List<String> clients() {
        return nfs.mounts().stream().map(MountEntry::client).distinct().sorted().toList();
    }
}
