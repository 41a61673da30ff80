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

/** Takes a service. Karaf makes one for each use. */
@Service
@Command(
        scope = "service",
        name = "take",
        description = "Serves a service on this node, whether its address is here or not; waits until it is served.")
public final class TakeCommand implements Action {

    @Reference
    FailoverService failover;

    @Argument(name = "name", required = true, description = "The service")
    @Completion(ServiceCompleter.class)
    String name;

    @Option(name = "--wait", description = "Seconds to wait before it fails; what was begun goes on")
    int wait = 30;

    @Override
    public Object execute() throws Exception {
        take(System.out);
        return null;
    }

    void take(PrintStream out) throws Exception {
        Outcome.await(failover, name, Duration.ofSeconds(wait), failover::take);
        out.println(name + " is served");
    }
}
