package io.mooring.lockd.commands;

import io.mooring.lockd.LockService;
import io.mooring.lockd.LockService.LockEntry;
import io.mooring.lockd.LockService.LockFilter;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes addresses of clients with locks. Immutable after Karaf made it. */
@Service
public final class ClientCompleter implements Completer {

    @Reference
    LockService locks;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(clients()).complete(session, line, candidates);
    }

    List<String> clients() {
        return locks.locks(LockFilter.ALL).stream()
                .map(LockEntry::client)
                .distinct()
                .sorted()
                .toList();
    }
}
