package io.mooring.rpcbind.internal;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransportService;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wires rpcbind to the framework: every open {@link RpcServer} is a service while it is open. Owned by the component
 * runtime; its fields are final and thread-safe.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = "io.mooring.rpcbind")
@Designate(ocd = RpcbindComponent.Config.class)
public final class RpcbindComponent {

    /** The configuration. */
    @ObjectClassDefinition(name = "Mooring rpcbind")
    public @interface Config {
        @AttributeDefinition(
                description = "How programs become known to clients",
                options = {
                    @Option(label = "own server, else registration with the host's rpcbind", value = "auto"),
                    @Option(label = "own server", value = "server"),
                    @Option(label = "registration with the host's rpcbind", value = "register"),
                    @Option(label = "neither", value = "off")
                })
        String mode() default "auto";

        @AttributeDefinition(description = "Port of rpcbind, ours or the host's", min = "1", max = "65535")
        int port() default 111;

        @AttributeDefinition(description = "Addresses to listen on; none: all")
        String[] addresses() default {};

        @AttributeDefinition(description = "Answer on UDP too")
        boolean udp() default true;

        @AttributeDefinition(description = "SET and UNSET only from privileged ports on loopback")
        boolean privilegedSet() default false;

        @AttributeDefinition(
                description = "Registrations that other programs on this host may make",
                min = "0",
                max = "512")
        int maxRegistrations() default 256;

        @AttributeDefinition(
                description = "How often the registration with the host's rpcbind is checked, seconds",
                min = "1",
                max = "86400")
        int verifyIntervalSeconds() default 60;
    }

    private static final Logger LOG = LoggerFactory.getLogger(RpcbindComponent.class);

    private final Rpcbind rpcbind;
    private final ServiceRegistration<AddressListener> listener;

    @Activate
    public RpcbindComponent(
            @Reference RpcTransportService rpc,
            @Reference ForeignRegistrations foreign,
            BundleContext context,
            Config config) {
        this.rpcbind = Rpcbind.start(rpc, settingsOrOff(config), foreign, Clock.systemUTC());
        this.listener =
                rpcbind.ownServer().map(server -> register(context, server)).orElse(null);
    }

    /** Only while our own server is up does it matter which addresses there are. */
    private ServiceRegistration<AddressListener> register(BundleContext context, OwnServer server) {
        try {
            return context.registerService(AddressListener.class, server, null);
        } catch (RuntimeException e) {
            rpcbind.close();
            throw e;
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addServer(RpcServer server) {
        rpcbind.add(server);
    }

    void removeServer(RpcServer server) {
        rpcbind.remove(server);
    }

    @Deactivate
    void stop() {
        if (listener != null) {
            listener.unregister();
        }
        rpcbind.close();
    }

    /** A wrong value gets one clear line (what is no number is thrown by the accessor); the rest goes on without rpcbind. */
    static Settings settingsOrOff(Config config) {
        try {
            return settings(config);
        } catch (RuntimeException e) {
            LOG.error("{}: correct it in etc/io.mooring.rpcbind.cfg; rpcbind stays off until then", e.getMessage());
            return new Settings(Settings.Mode.OFF, 111, List.of(), false, false, 0, Duration.ofMinutes(1));
        }
    }

    private static Settings settings(Config config) {
        return new Settings(
                mode(config.mode()),
                inRange("port", config.port(), 1, 65535),
                addresses(config.addresses()),
                config.udp(),
                config.privilegedSet(),
                inRange("maxRegistrations", config.maxRegistrations(), 0, 512),
                Duration.ofSeconds(inRange("verifyIntervalSeconds", config.verifyIntervalSeconds(), 1, 86400)));
    }

    private static Settings.Mode mode(String value) {
        try {
            return Settings.Mode.valueOf(value.trim().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "io.mooring.rpcbind: mode=" + value + " is none of auto, server, register, off", e);
        }
    }

    private static int inRange(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "io.mooring.rpcbind: " + key + "=" + value + " is not in " + min + ".." + max);
        }
        return value;
    }

    private static List<InetAddress> addresses(String[] texts) {
        List<InetAddress> addresses = new ArrayList<>();
        // A .cfg file gives one string with commas.
        for (String text : String.join(",", texts).split("[,\\s]+", -1)) {
            if (text.isEmpty()) {
                continue;
            }
            try {
                addresses.add(InetAddress.getByName(text));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("io.mooring.rpcbind: addresses=" + text + " is no address", e);
            }
        }
        return addresses;
    }
}
