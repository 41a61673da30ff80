package io.mooring.failover.commands;

import io.mooring.failover.FailoverService;
import io.mooring.failover.ServiceStatus;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes services' names. Immutable after Karaf made it. */
@Service
public final class ServiceCompleter implements Completer {

    @Reference
    FailoverService failover;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(names()).complete(session, line, candidates);
    }

    List<String> names() {
        return failover.services().stream().map(ServiceStatus::name).toList();
    }
}
