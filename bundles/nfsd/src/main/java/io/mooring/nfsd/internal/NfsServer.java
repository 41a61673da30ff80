package io.mooring.nfsd.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.internal.Configuration.Instance;
import io.mooring.sunrpc.RpcTransportService;
import io.mooring.vfs.FileSystemProvider;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.service.ServiceParticipant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the NFS server and offers it to others while it is up. It registers the services itself, and not by annotation, so
 * that there are none when the server could not be opened: then one line says what to change, and the next configuration
 * is tried when it comes. Owned by the service component runtime.
 */
@Component(
        immediate = true,
        service = {},
        configurationPid = NfsServer.PID)
@Designate(ocd = NfsServer.Config.class)
public final class NfsServer {
    static final String PID = "io.mooring.nfsd";

    private static final Logger LOG = LoggerFactory.getLogger(NfsServer.class);

    private final RpcTransportService rpc;
    private final FileSystemProvider fileSystems;
    private final BundleContext context;

    /** The last one first: services are released while everything else is still there. */
    private final Deque<ServiceRegistration<?>> services = new ArrayDeque<>();

    /** Null while it does not serve. */
    private Nfsd nfsd;

    @Activate
    public NfsServer(
            @Reference RpcTransportService rpc,
            @Reference FileSystemProvider fileSystems,
            Config config,
            BundleContext context) {
        this.rpc = rpc;
        this.fileSystems = fileSystems;
        this.context = context;
        NfsdOptions options = options(config);
        if (options != null) {
            start(options);
        }
    }

    /**
     * Goes on with the new configuration, and with all connections where no socket depends on what changed. A value that is
     * refused changes nothing: what is served goes on.
     */
    @Modified
    synchronized void modified(Config config) {
        NfsdOptions options = options(config);
        if (options != null && (nfsd == null || !nfsd.reconfigure(options))) {
            stop();
            start(options);
        }
    }

    /** Null where a value is refused, or cannot be converted. */
    private NfsdOptions options(Config config) {
        try {
            Instance instance = new Instance(directory("karaf.base"), directory("karaf.etc"), directory("karaf.data"));
            return Configuration.read(config, instance);
        } catch (RuntimeException e) {
            String goesOn = nfsd == null ? "does not serve" : "goes on as it was";
            LOG.debug("nfsd: {}", goesOn, e);
            LOG.error("nfsd: {}: {} (configuration {})", goesOn, e.getMessage(), PID);
            return null;
        }
    }

    private Path directory(String property) {
        String value = context.getProperty(property);
        return Path.of(value == null ? "" : value);
    }

    private void start(NfsdOptions options) {
        try {
            nfsd = Nfsd.open(options, rpc, fileSystems);
            services.push(context.registerService(AddressListener.class, nfsd.addressListener(), null));
            services.push(context.registerService(NfsService.class, nfsd, null));
            services.push(context.registerService(LockTargets.class, nfsd.lockTargets(), null));
            services.push(context.registerService(ServiceParticipant.class, nfsd.participant(), null));
        } catch (IOException | RuntimeException e) {
            LOG.debug("nfsd: does not serve", e);
            LOG.error("nfsd: does not serve: {} (configuration {})", e.getMessage(), PID);
            stop();
        }
    }

    @Deactivate
    synchronized void stop() {
        while (!services.isEmpty()) {
            services.pop().unregister();
        }
        if (nfsd != null) {
            nfsd.close();
            nfsd = null;
        }
    }

    /** The configuration; values out of range are refused with one line. */
    @ObjectClassDefinition(name = "Mooring nfsd", description = "NFS version 3 and MOUNT versions 1 and 3")
    public @interface Config {
        @AttributeDefinition(
                description = "TCP and UDP port of NFS and MOUNT; 0: any free one",
                min = "0",
                max = "65535")
        int port() default 2049;

        @AttributeDefinition(description = "Addresses to listen on; empty: all")
        String[] addresses() default {};

        @AttributeDefinition(description = "Serve UDP as well as TCP")
        boolean udp() default true;

        @AttributeDefinition(description = "Exports in exports(5) syntax; relative to Karaf's etc")
        String exportsFile() default "exports";

        @AttributeDefinition(description = "Directory of more of them, *.exports; relative to Karaf's etc")
        String exportsDirectory() default "exports.d";

        @AttributeDefinition(description = "How often the exports files are looked at", min = "100")
        int exportsPollMillis() default 1000;

        @AttributeDefinition(description = "Key that signs file handles; relative to Karaf's data; made where missing")
        String keyFile() default "nfsd/handle.key";

        @AttributeDefinition(description = "Netgroups, asked before the name service switch; relative to Karaf's etc")
        String netgroupFile() default "/etc/netgroup";

        @AttributeDefinition(description = "Look supplementary groups up on this host instead of believing the client")
        boolean manageGids() default false;

        @AttributeDefinition(description = "Bytes of one READ or WRITE over TCP", min = "4096", max = "16777216")
        int maxTransferBytes() default 1 << 20;

        @AttributeDefinition(description = "Threads that work on calls", min = "1", max = "1024")
        int workers() default 32;

        @AttributeDefinition(description = "Connections at the most", min = "1")
        int maxConnections() default 8192;

        @AttributeDefinition(description = "Calls under way of one connection", min = "1")
        int callsPerConnection() default 256;

        @AttributeDefinition(description = "Bytes of calls and replies under way of one connection")
        int bytesPerConnection() default 16 << 20;

        @AttributeDefinition(
                description = "Calls under way of all newcomers, and again of all that are proven",
                min = "1")
        int maxCalls() default 4096;

        @AttributeDefinition(
                description = "Bytes of calls and replies under way of all newcomers, and again of all that are proven")
        long maxBytes() default 256L << 20;

        @AttributeDefinition(description = "Connections unused for one to two of these are closed; 0: never", min = "0")
        int idleTimeoutSeconds() default 360;

        @AttributeDefinition(description = "Replies kept for retransmitted calls", min = "0")
        int replayEntries() default 65536;

        @AttributeDefinition(description = "Bytes of those replies", min = "0")
        long replayBytes() default 32L << 20;
    }
}
