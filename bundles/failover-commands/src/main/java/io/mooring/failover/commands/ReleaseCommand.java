package io.mooring.failover.commands;

import io.mooring.failover.FailoverService;
import java.io.PrintStream;
import java.time.Duration;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Gives a service up. Karaf makes one for each use. */
@Service
@Command(
        scope = "service",
        name = "release",
        description =
                "Gives a service up on this node: brings everything to stable storage, waits for calls under way, and"
                        + " lets another node take it. It stays so until service:take, or until its address has gone and"
                        + " come again.")
public final class ReleaseCommand implements Action {

    @Reference
    FailoverService failover;

    @Argument(name = "name", required = true, description = "The service")
    @Completion(ServiceCompleter.class)
    String name;

    @Option(name = "--wait", description = "Seconds to wait before it fails; what was begun goes on")
    int wait = 60;

    @Override
    public Object execute() throws Exception {
        release(System.out);
        return null;
    }

    void release(PrintStream out) throws Exception {
        Outcome.await(failover, name, Duration.ofSeconds(wait), failover::release);
        out.println(name + " is released");
    }
}
