package io.mooring.sunrpc.internal.osgi;

import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcTransportService;
import io.mooring.sunrpc.internal.Transports;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.io.IOException;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the RPC transport service while the bundle is active. Thread-safe. */
@Component(service = RpcTransportService.class, immediate = true, configurationPid = RpcTransportComponent.PID)
@Designate(ocd = RpcTransportComponent.Configuration.class)
public final class RpcTransportComponent implements RpcTransportService {
    static final String PID = "io.mooring.sunrpc";

    private static final Logger LOG = LoggerFactory.getLogger(RpcTransportComponent.class);
    private static final int MAX_THREADS = 256;

    @ObjectClassDefinition(name = "Mooring RPC transport", description = "Event loops that all RPC servers share")
    @interface Configuration {

        @AttributeDefinition(
                description = "Threads that move all RPC traffic; 0: one per processor",
                min = "0",
                max = "256")
        int eventLoopThreads() default 0;

        @AttributeDefinition(
                description = "auto: native epoll where it is available, NIO otherwise",
                options = {@Option("auto"), @Option("epoll"), @Option("nio")})
        String transport() default "auto";
    }

    private final Transports transports;

    @Activate
    public RpcTransportComponent(BundleContext context, Configuration configuration) {
        transports = new Transports(
                EventLoops.open(kind(configuration.transport()), threads(configuration.eventLoopThreads())),
                new ServerServices(context));
    }

    /** A wrong value must not take all services down. */
    private static EventLoops.Kind kind(String transport) {
        try {
            return EventLoops.Kind.parse(transport);
        } catch (IllegalArgumentException e) {
            LOG.warn("{}: {}; auto is taken", PID, e.getMessage());
            return EventLoops.Kind.AUTO;
        }
    }

    private static int threads(int configured) {
        if (configured >= 0 && configured <= MAX_THREADS) {
            return configured;
        }
        LOG.warn("{}: eventLoopThreads is {}: use 0 to {}; 0 is taken", PID, configured, MAX_THREADS);
        return 0;
    }

    @Deactivate
    void deactivate() {
        transports.close();
    }

    @Override
    public RpcServer openServer(RpcServerOptions options) throws IOException {
        return transports.openServer(options);
    }

    @Override
    public RpcClient openClient(RpcClientOptions options) {
        return transports.openClient(options);
    }

    @Override
    public List<RpcServer> servers() {
        return transports.servers();
    }
}
