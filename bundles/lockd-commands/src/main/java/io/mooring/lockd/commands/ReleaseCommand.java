package io.mooring.lockd.commands;

import io.mooring.lockd.LockService;
import io.mooring.lockd.LockService.LockEntry;
import io.mooring.lockd.LockService.LockFilter;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;

/** Takes locks away from clients. Karaf makes one for each use. */
@Service
@Command(
        scope = "lock",
        name = "release",
        description =
                "Releases locks that clients hold, without their knowledge, and ends the waiting of those that wait:"
                        + " of a client, of a file, of an owner, or the one of an owner that begins at a byte of a file.")
public final class ReleaseCommand implements Action {

    @Reference
    LockService locks;

    @Reference
    Session session;

    @Option(name = "--client", description = "Of this client, by its address")
    @Completion(ClientCompleter.class)
    String client;

    @Option(name = "--file", description = "Of this file, by its path or id")
    @Completion(FileCompleter.class)
    String file;

    @Option(name = "--owner", description = "Of this owner, as lock:list shows it")
    @Completion(OwnerCompleter.class)
    String owner;

    @Option(name = "--start", description = "Only the lock that begins at this byte; needs --file and --owner")
    Long start;

    @Option(name = "--yes", description = "Does not ask")
    boolean yes;

    Clock clock = Clock.systemUTC();

    @Override
    public Object execute() throws Exception {
        release(System.out);
        return null;
    }

    void release(PrintStream out) throws Exception {
        if (client == null && file == null && owner == null) {
            throw new CommandException("name --client, --file or --owner");
        }
        if (start != null && (file == null || owner == null)) {
            throw new CommandException("--start needs --file and --owner");
        }
        LockFilter filter = new LockFilter(client, file, owner, start);
        List<LockEntry> found = locks.locks(filter);
        if (found.isEmpty()) {
            throw new CommandException("there is no such lock");
        }
        if (!yes) {
            LockRows.print(found, clock, out, false);
            String answer = session.readLine(
                    "Their owners will not know, and may damage the files. Release " + found.size() + "? (yes/no) ",
                    null);
            if (answer == null || !answer.strip().equalsIgnoreCase("yes")) {
                out.println("nothing was released");
                return;
            }
        }
        out.println("released " + locks.release(filter));
    }
}
