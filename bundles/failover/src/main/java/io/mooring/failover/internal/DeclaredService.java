package io.mooring.failover.internal;

import java.util.Map;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * A service in a configuration file: there is one of these for each file. A changed file makes a new one, after this one gave
 * its service up. Owned by the service component runtime.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = DeclaredService.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DeclaredService.Config.class, factory = true)
public final class DeclaredService {
    static final String PID = "io.mooring.service";

    private final Failover failover;
    private final String pid;

    @Activate
    public DeclaredService(@Reference Failover failover, Config config, Map<String, Object> properties) {
        this.failover = failover;
        this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
        failover.declare(pid, () -> Configuration.read(pid, config));
    }

    @Deactivate
    void stop() {
        failover.withdraw(pid);
    }

    /** The configuration; wrong values are refused with one line. */
    @ObjectClassDefinition(
            name = "Mooring service",
            description = "A service that moves between nodes with its address; the same on each of them."
                    + " etc/io.mooring.service-NAME.cfg declares the service NAME")
    public @interface Config {
        @AttributeDefinition(description = "The service's floating addresses: IPv4 and IPv6, separated by commas")
        String[] addresses() default {};

        @AttributeDefinition(
                description = "What it exports, in exports(5) syntax; lines are separated by semicolons. Visible"
                        + " through its addresses only")
        String exports() default "";

        @AttributeDefinition(
                description = "Directory for locks, replies and connections: on storage that moves with the service,"
                        + " in none of its exports; absolute")
        String stateDirectory() default "";

        @AttributeDefinition(
                description = "Locks are acknowledged when they are on stable storage (sync), or when they are"
                        + " written (async: a power loss may cost some)",
                options = {@Option("sync"), @Option("async")})
        String lockDurability() default "sync";

        @AttributeDefinition(
                description = "How long the owner lock is waited for before a line says who has it",
                min = "0",
                max = "3600")
        int takeOverLockSeconds() default 10;

        @AttributeDefinition(
                description = "Take the service after that time even from a node that holds the owner lock: only where"
                        + " that node is fenced for sure")
        boolean forced() default false;

        @AttributeDefinition(description = "The journal's size, preallocated", min = "1048576", max = "1099511627776")
        long journalBytes() default 16 << 20;

        @AttributeDefinition(description = "Serve where the address is; false: only by service:take")
        boolean takeAutomatically() default true;

        @AttributeDefinition(
                description = "How long a release waits for calls under way before a line says so; it goes on waiting",
                min = "1",
                max = "3600")
        int drainSeconds() default 30;

        @AttributeDefinition(description = "Announce the address by ARP or neighbour advertisements, where permitted")
        boolean announce() default true;

        @AttributeDefinition(description = "Tell clients at once that their connections are gone")
        boolean tickle() default true;

        @AttributeDefinition(
                description = "Connections that are recorded and told at the most",
                min = "0",
                max = "1000000")
        int tickleConnections() default 10_000;

        @AttributeDefinition(description = "How many connections are told in a second", min = "1", max = "100000")
        int ticklesPerSecond() default 5000;
    }
}
