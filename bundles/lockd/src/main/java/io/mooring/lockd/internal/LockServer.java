package io.mooring.lockd.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.lockd.LockService;
import io.mooring.sunrpc.RpcTransportService;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.service.ServiceParticipant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the lock server and offers it to others while it is up. It registers the services itself, and not by annotation, so
 * that there are none when the server could not be opened: then one line says what to change, and the next configuration is
 * tried when it comes. Locks outlive a change of the configuration. Owned by the service component runtime.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = LockServer.PID)
@Designate(ocd = LockServer.Config.class)
public final class LockServer {
    static final String PID = "io.mooring.lockd";

    private static final Logger LOG = LoggerFactory.getLogger(LockServer.class);

    private final RpcTransportService rpc;
    private final BundleContext context;
    private final List<ServiceRegistration<?>> services = new ArrayList<>();

    /** Null while no NFS server is there. Comes and goes, and the locks stay. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile LockTargets targets;

    /** Null until the first configuration that is not refused. */
    private LockState state;
    /** Null while it does not serve. */
    private Lockd lockd;

    @Activate
    public LockServer(@Reference RpcTransportService rpc, Config config, BundleContext context) {
        this.rpc = rpc;
        this.context = context;
        LockdOptions options = isEnabled(config) ? options(config) : null;
        if (options != null) {
            start(options);
        }
    }

    private static boolean isEnabled(Config config) {
        if (!config.enabled()) {
            LOG.info("lockd: is switched off: there are no locks, clients mount with nolock (configuration {})", PID);
        }
        return config.enabled();
    }

    /** Goes on with the new configuration, with all locks; with all connections, too, where no socket depends on what changed. */
    @Modified
    synchronized void modified(Config config) {
        if (!isEnabled(config)) {
            stop();
            return;
        }
        LockdOptions options = options(config);
        if (options == null) {
            return;
        }
        if (state != null && !options.keepsLocksOf(state.options())) {
            LOG.warn("lockd: the new configuration keeps hosts or files otherwise: all locks are released");
            stop();
        } else if (lockd == null || !lockd.serves(options)) {
            stopServing();
        }
        start(options);
    }

    /** Null where a value is refused, or cannot be converted. */
    private LockdOptions options(Config config) {
        try {
            String data = context.getProperty("karaf.data");
            return Configuration.read(config, Path.of(data == null ? "" : data));
        } catch (RuntimeException e) {
            String goesOn = lockd == null ? "does not serve" : "goes on as it was";
            LOG.debug("lockd: {}", goesOn, e);
            LOG.error("lockd: {}: {} (configuration {})", goesOn, e.getMessage(), PID);
            return null;
        }
    }

    private void start(LockdOptions options) {
        if (state == null) {
            state = new LockState(options);
        }
        state.reconfigure(options);
        if (lockd != null) {
            return;
        }
        try {
            lockd = Lockd.open(options, rpc, state, () -> targets);
            // First: what is moored before addresses come is not taken for this node's own.
            services.add(context.registerService(ServiceParticipant.class, lockd.participant(), null));
            services.add(context.registerService(AddressListener.class, lockd.addressListener(), null));
            services.add(context.registerService(LockService.class, lockd, null));
        } catch (IOException | RuntimeException e) {
            LOG.debug("lockd: does not serve", e);
            LOG.error(
                    "lockd: does not serve: {} (configuration {}: port; the host's lockd or rpc.statd may have it)",
                    e.getMessage(),
                    PID);
            stopServing();
        }
    }

    private void stopServing() {
        services.forEach(ServiceRegistration::unregister);
        services.clear();
        if (lockd != null) {
            lockd.close();
            lockd = null;
        }
    }

    @Deactivate
    synchronized void stop() {
        stopServing();
        if (state != null) {
            state.close();
            state = null;
        }
    }

    /** The configuration; values out of range are refused with one line. */
    @ObjectClassDefinition(name = "Mooring lockd", description = "NLM versions 1, 3 and 4 and NSM version 1")
    public @interface Config {
        @AttributeDefinition(description = "Serve; false: there are no locks, and clients mount with nolock")
        boolean enabled() default true;

        @AttributeDefinition(description = "TCP and UDP port of NLM and NSM; 0: any free one", min = "0", max = "65535")
        int port() default 4045;

        @AttributeDefinition(description = "Addresses to listen on; empty: all")
        String[] addresses() default {};

        @AttributeDefinition(description = "Serve UDP as well as TCP")
        boolean udp() default true;

        @AttributeDefinition(
                description =
                        "Where hosts with locks are recorded, by address; shared by the nodes that an address moves"
                                + " between; relative to Karaf's data")
        String stateDirectory() default "lockd";

        @AttributeDefinition(
                description = "How long hosts may reclaim their locks after a restart",
                min = "1",
                max = "3600")
        int graceSeconds() default 45;

        @AttributeDefinition(description = "Names beside the address that clients may know this server by")
        String[] serverNames() default {};

        @AttributeDefinition(description = "Locks, waiters and shares of all hosts", min = "1")
        int maxLocks() default 1_000_000;

        @AttributeDefinition(description = "Locks, waiters and shares of one host", min = "1")
        int maxLocksPerHost() default 200_000;

        @AttributeDefinition(description = "Hosts with locks, per address", min = "1")
        int maxHosts() default 10_000;

        @AttributeDefinition(description = "Files that are locked in their file systems, too", min = "0")
        int mirroredFiles() default 16_384;

        @AttributeDefinition(
                description = "How often a waiter tries again that a local process keeps waiting",
                min = "10")
        int localPollMillis() default 500;

        @AttributeDefinition(description = "Threads that work on calls", min = "1", max = "1024")
        int workers() default 16;

        @AttributeDefinition(description = "Connections at the most", min = "1")
        int maxConnections() default 4096;

        @AttributeDefinition(description = "Connections unused for one to two of these are closed; 0: never", min = "0")
        int idleTimeoutSeconds() default 360;
    }
}
