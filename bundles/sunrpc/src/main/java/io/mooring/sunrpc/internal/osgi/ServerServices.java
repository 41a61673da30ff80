package io.mooring.sunrpc.internal.osgi;

import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.internal.ServerObserver;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Registers every open server as a service, so that rpcbind finds what to publish. Thread-safe. */
final class ServerServices implements ServerObserver {
    private final BundleContext context;
    private final Map<RpcServer, ServiceRegistration<RpcServer>> registrations = new ConcurrentHashMap<>();

    ServerServices(BundleContext context) {
        this.context = context;
    }

    @Override
    public void opened(RpcServer server) {
        Dictionary<String, Object> properties = FrameworkUtil.asDictionary(Map.of("name", server.name()));
        registrations.put(server, context.registerService(RpcServer.class, server, properties));
    }

    @Override
    public void closing(RpcServer server) {
        ServiceRegistration<RpcServer> registration = registrations.remove(server);
        if (registration == null) {
            return;
        }
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // The framework was faster: this bundle is being stopped.
            return;
        }
    }
}
