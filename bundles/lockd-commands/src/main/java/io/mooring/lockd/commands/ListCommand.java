package io.mooring.lockd.commands;

import io.mooring.lockd.LockService;
import io.mooring.lockd.LockService.LockFilter;
import java.io.PrintStream;
import java.time.Clock;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** What is locked, and who waits. Karaf makes one for each use. */
@Service
@Command(scope = "lock", name = "list", description = "Lists locks, and who waits for them.")
public final class ListCommand implements Action {

    @Reference
    LockService locks;

    @Option(name = "--client", description = "Only this client's, by its address")
    @Completion(ClientCompleter.class)
    String client;

    @Option(name = "--file", description = "Only those of this file, by its path or id")
    @Completion(FileCompleter.class)
    String file;

    @Option(name = "--json", description = "Prints JSON")
    boolean json;

    Clock clock = Clock.systemUTC();

    @Override
    public Object execute() {
        print(System.out);
        return null;
    }

    void print(PrintStream out) {
        LockRows.print(locks.locks(new LockFilter(client, file, null, null)), clock, out, json);
    }
}
