package io.mooring.failover.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.addressmonitor.ToldAddresses;
import io.mooring.failover.FailoverService;
import io.mooring.failover.ServiceStatus;
import io.mooring.failover.internal.Services.Running;
import io.mooring.failover.internal.connection.Announcements;
import io.mooring.failover.internal.connection.TickleSocket;
import io.mooring.failover.internal.machine.OwnedStates;
import io.mooring.failover.internal.machine.Rehearsal;
import io.mooring.failover.internal.machine.Roster;
import io.mooring.failover.internal.machine.ServiceMachine;
import io.mooring.failover.internal.machine.Surroundings;
import io.mooring.posix.Neighbours;
import io.mooring.sunrpc.RpcServer;
import io.mooring.vfs.service.ServiceParticipant;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings addresses, servers and declared services together. Thread-safe. */
@Component(
        immediate = true,
        service = {Failover.class, FailoverService.class, AddressListener.class})
public final class Failover implements FailoverService, AddressListener {
    private static final Logger LOG = LoggerFactory.getLogger(Failover.class);

    /** How long a server that goes waits for its services to be released. */
    private static final Duration GOING = Duration.ofSeconds(10);
    /** How long a service that is declared no more is waited for. */
    private static final Duration ENDING = Duration.ofSeconds(30);

    private final ThreadTurns outside = new ThreadTurns("failover-outside");
    private final Roster roster = new Roster();
    private final ToldAddresses told = new ToldAddresses();
    private final Neighbours neighbours = new Neighbours();
    private final Announcements announcements = new Announcements(outside, neighbours::announce);
    private final OwnedStates states = OwnedStates.ofThisNode();
    private final Services services = new Services(this::launch, Clock.systemUTC());

    private final Rehearsal rehearsal;

    /** Serves nothing yet. */
    @Activate
    public Failover(BundleContext context) {
        rehearsal = new Rehearsal(new Preloading(context)::run);
        rehearsal.start();
    }

    private Running launch(ServiceSettings settings) {
        ThreadTurns own = new ThreadTurns("failover-" + settings.name());
        ThreadTurns watch = new ThreadTurns("failover-watch-" + settings.name());
        Surroundings around = new Surroundings(
                states.node(),
                roster,
                states,
                own,
                watch,
                new Surroundings.Outside(outside, TickleSocket::send, announcements),
                Clock.systemUTC());
        return new Running(new ServiceMachine(settings, around), () -> {
            own.close();
            watch.close();
        });
    }

    void declare(String pid, Supplier<ServiceSettings> configuration) {
        services.declare(pid, configuration);
    }

    void withdraw(String pid) {
        await(services.withdraw(pid), ENDING, pid + " is released");
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeParticipant")
    void addParticipant(ServiceParticipant participant) {
        roster.add(participant);
        services.look();
    }

    /** It may close its files when this returns. */
    void removeParticipant(ServiceParticipant participant) {
        roster.remove(participant);
        await(services.rosterChanged(), GOING, participant.name() + " is parted with");
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "removeServer")
    void addServer(RpcServer server) {
        roster.add(server);
        services.look();
    }

    void removeServer(RpcServer server) {
        roster.remove(server);
        services.look();
    }

    @Override
    public String name() {
        return "failover";
    }

    @Override
    public void addressesPresent(List<InetAddress> addresses) {
        told.reconcile(addresses, this);
    }

    @Override
    public void addressAdded(InetAddress address) {
        told.added(address);
        services.addressAdded(address);
    }

    @Override
    public void addressRemoved(InetAddress address) {
        told.removed(address);
        services.addressRemoved(address);
    }

    @Override
    public List<ServiceStatus> services() {
        return services.status();
    }

    @Override
    public CompletableFuture<Void> take(String name) {
        return services.take(name);
    }

    @Override
    public CompletableFuture<Void> release(String name) {
        return services.release(name);
    }

    @Deactivate
    void stop() {
        await(services.close(), ENDING, "all services are released");
        rehearsal.close();
        outside.close();
        neighbours.close();
    }

    /** The wait is bounded; what is under way goes on after it. */
    private static void await(CompletableFuture<Void> event, Duration bound, String what) {
        try {
            event.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("failover: not yet after {} s: {}", bound.toSeconds(), what);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.error("failover: not well: {}", what, e.getCause());
        }
    }
}
