package io.mooring.failover.internal;

import io.mooring.failover.ServiceStatus;
import io.mooring.failover.ServiceStatus.Counters;
import io.mooring.failover.ServiceStatus.State;
import io.mooring.failover.internal.machine.ServiceMachine;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that are declared: a machine for each that is in order and shares nothing with those before it. Thread-safe by
 * its monitor; machines do their work on threads of their own.
 */
final class Services {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final Function<ServiceSettings, Running> launcher;
    private final Clock clock;
    private final Map<String, Declared> declared = new LinkedHashMap<>();
    private final Set<InetAddress> present = new LinkedHashSet<>();
    /** Those that have been withdrawn, and have not ended yet. */
    private final Set<Declared> ending = new LinkedHashSet<>();

    /**
     * A service that runs.
     *
     * @param end lets its threads go
     */
    record Running(ServiceMachine machine, Runnable end) {}

    /** A configuration: refused with a problem, or with settings and, unless another one is in its way, with a machine. */
    private static final class Declared {
        final String pid;
        final Instant since;
        ServiceSettings settings;
        String problem = "";
        Running running;
        /** What it waits for before it is started; empty: nothing. */
        String awaited = "";
        /** Those who asked it for something before it was started, in their order. */
        final List<CompletableFuture<Void>> asking = new ArrayList<>();

        boolean started;

        Declared(String pid, Instant since) {
            this.pid = pid;
            this.since = since;
        }

        /** Not before it is started: until then another one has what it would have. */
        CompletableFuture<Void> ask(Function<ServiceMachine, CompletableFuture<Void>> what) {
            if (started) {
                return what.apply(running.machine());
            }
            CompletableFuture<Void> turn = new CompletableFuture<>();
            asking.add(turn);
            return turn.thenCompose(nothing -> what.apply(running.machine()));
        }

        void begin() {
            started = true;
            asking.forEach(turn -> turn.complete(null));
            asking.clear();
        }

        String name() {
            return settings == null ? pid.substring(pid.indexOf('~') + 1) : settings.name();
        }
    }

    Services(Function<ServiceSettings, Running> launcher, Clock clock) {
        this.launcher = launcher;
        this.clock = clock;
    }

    /** A configuration came; whatever is wrong with it is one line in the log. */
    synchronized void declare(String pid, Supplier<ServiceSettings> configuration) {
        Declared fresh = new Declared(pid, clock.instant());
        declared.put(pid, fresh);
        try {
            fresh.settings = configuration.get();
        } catch (RuntimeException e) {
            refuse(fresh, e.getMessage());
        }
        reconcile();
    }

    private static void refuse(Declared service, String problem) {
        if (!problem.equals(service.problem)) {
            service.problem = problem;
            LOG.error(
                    "failover: the service {} is not served: {} (configuration {})",
                    service.name(),
                    problem,
                    service.pid);
        }
    }

    /** A configuration is gone; completes when nothing of its service is held here. */
    synchronized CompletableFuture<Void> withdraw(String pid) {
        Declared gone = declared.remove(pid);
        if (gone == null || gone.running == null) {
            return CompletableFuture.completedFuture(null);
        }
        ending.add(gone);
        gone.begin();
        return gone.running.machine().withdraw().whenComplete((nothing, error) -> {
            gone.running.end().run();
            ended(gone);
        });
    }

    private synchronized void ended(Declared gone) {
        ending.remove(gone);
        reconcile();
    }

    private synchronized void reconcile() {
        for (Declared service : declared.values()) {
            if (service.running == null && service.settings != null) {
                overlap(service, running()).ifPresentOrElse(problem -> refuse(service, problem), () -> launch(service));
            }
            if (service.running != null && !service.started) {
                overlap(service, ending.stream())
                        .ifPresentOrElse(problem -> await(service, problem), () -> start(service));
            }
        }
    }

    private static Optional<String> overlap(Declared service, Stream<Declared> others) {
        return others.map(other -> Overlaps.between(service.settings, other.settings))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What ends may still have what this one needs. */
    private static void await(Declared service, String overlap) {
        String awaited = overlap + "; that one has not ended yet";
        if (!awaited.equals(service.awaited)) {
            service.awaited = awaited;
            LOG.warn("failover: {}: waits: {}", service.name(), awaited);
        }
    }

    private void start(Declared service) {
        service.awaited = "";
        service.begin();
        service.running.machine().start(List.copyOf(present));
    }

    private void launch(Declared service) {
        service.problem = "";
        service.running = launcher.apply(service.settings);
    }

    private Stream<Declared> running() {
        return declared.values().stream().filter(service -> service.running != null);
    }

    private Stream<ServiceMachine> machines() {
        return running().filter(service -> service.started).map(service -> service.running.machine());
    }

    /** Also those that end: what they have left to do depends on whether their address is here. */
    private Stream<ServiceMachine> machinesThatHold() {
        return Stream.concat(machines(), ending.stream().map(service -> service.running.machine()));
    }

    synchronized void addressAdded(InetAddress address) {
        present.add(address);
        machinesThatHold().forEach(machine -> machine.addressAdded(address));
    }

    synchronized void addressRemoved(InetAddress address) {
        present.remove(address);
        machinesThatHold().forEach(machine -> machine.addressRemoved(address));
    }

    /** Servers came, or went. */
    synchronized void look() {
        machines().forEach(ServiceMachine::look);
    }

    /** Servers went; completes when no service has any that went. */
    synchronized CompletableFuture<Void> rosterChanged() {
        return CompletableFuture.allOf(
                machines().map(ServiceMachine::rosterChanged).toArray(CompletableFuture[]::new));
    }

    /** All are given up; completes when nothing is held. */
    synchronized CompletableFuture<Void> close() {
        return CompletableFuture.allOf(
                List.copyOf(declared.keySet()).stream().map(this::withdraw).toArray(CompletableFuture[]::new));
    }

    /** Also of those that end: they may still hold what they had. */
    synchronized List<ServiceStatus> status() {
        Set<String> names = declared.values().stream().map(Declared::name).collect(Collectors.toSet());
        return Stream.concat(
                        declared.values().stream(), ending.stream().filter(service -> !names.contains(service.name())))
                .map(this::status)
                .sorted(Comparator.comparing(ServiceStatus::name))
                .toList();
    }

    private ServiceStatus status(Declared service) {
        if (service.running == null) {
            String problem = service.problem + " (configuration " + service.pid + ")";
            return status(service, State.REFUSED, List.of(), problem);
        }
        ServiceStatus status = service.running.machine().status();
        if (service.awaited.isEmpty() || status.state() != State.ABSENT) {
            return status;
        }
        List<InetAddress> here =
                status.addresses().stream().filter(present::contains).toList();
        return status(service, here.isEmpty() ? State.ABSENT : State.WAITING, here, service.awaited);
    }

    /** Of one that has done nothing. */
    private static ServiceStatus status(Declared service, State state, List<InetAddress> here, String message) {
        Optional<ServiceSettings> settings = Optional.ofNullable(service.settings);
        return new ServiceStatus(
                service.name(),
                state,
                service.since,
                message,
                settings.map(s -> s.declaration().addresses()).orElse(List.of()),
                here,
                settings.map(s -> s.declaration().exports()).orElse(List.of()),
                settings.map(s -> s.declaration().stateDirectory()).orElse(null),
                null,
                null,
                new Counters(0, 0, 0, 0, 0, 0, 0, 0));
    }

    /** Completes when nothing is held here of the service, nor of one of its name that ends. */
    synchronized CompletableFuture<Void> release(String name) {
        List<CompletableFuture<Void>> released = new ArrayList<>();
        for (Declared service : ending) {
            if (service.name().equals(name)) {
                released.add(service.running.machine().release());
            }
        }
        boolean isDeclared =
                declared.values().stream().anyMatch(service -> service.name().equals(name));
        if (isDeclared || released.isEmpty()) {
            released.add(find(name).ask(ServiceMachine::release));
        }
        return CompletableFuture.allOf(released.toArray(CompletableFuture[]::new));
    }

    /** Completes when it is served; fails where it cannot be. */
    synchronized CompletableFuture<Void> take(String name) {
        return find(name).ask(ServiceMachine::take);
    }

    private Declared find(String name) {
        List<String> names = new ArrayList<>();
        for (Declared service : declared.values()) {
            names.add(service.name());
            if (service.name().equals(name) && service.running != null) {
                return service;
            }
            if (service.name().equals(name)) {
                throw new IllegalArgumentException("the service " + name + " is refused: " + service.problem);
            }
        }
        throw new IllegalArgumentException("there is no service " + name
                + (names.isEmpty()
                        ? "; none is declared"
                        : "; there are: "
                                + String.join(", ", names.stream().sorted().toList())));
    }
}
