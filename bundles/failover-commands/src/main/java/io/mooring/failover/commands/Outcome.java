package io.mooring.failover.commands;

import io.mooring.failover.FailoverService;
import io.mooring.failover.ServiceStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.karaf.shell.support.CommandException;

/** Waits for what a command began. */
final class Outcome {

    private Outcome() {}

    /**
     * Waits until it is done.
     *
     * @throws CommandException saying why it is not
     */
    static void await(
            FailoverService failover, String service, Duration bound, Function<String, CompletableFuture<Void>> begin)
            throws CommandException, InterruptedException {
        try {
            begin.apply(service).get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new CommandException(service + ": " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new CommandException(
                    "%s: not yet after %d s, it goes on: %s"
                            .formatted(service, bound.toSeconds(), standing(failover, service)),
                    e);
        }
    }

    private static String standing(FailoverService failover, String service) {
        return failover.services().stream()
                .filter(status -> status.name().equals(service))
                .map(Outcome::standing)
                .findFirst()
                .orElse("it is not declared any more");
    }

    private static String standing(ServiceStatus status) {
        return status.message().isEmpty() ? status.state().toString() : status.state() + ": " + status.message();
    }
}
