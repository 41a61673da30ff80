package io.mooring.lockd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.lockd.LockService;
import io.mooring.lockd.internal.testing.Defaults;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransports;
import io.mooring.vfs.service.ServiceParticipant;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The component, in a bundle context that only remembers which services there are. */
class LockServerTest {
    @TempDir
    Path directory;

    private final RpcTransports rpc = RpcTransports.open();
    private final Map<Class<?>, Object> services = new HashMap<>();
    private final List<LockServer> started = new ArrayList<>();
    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(
            BundleContext.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "getProperty" -> directory.toString();
                case "registerService" -> registration((Class<?>) args[0], args[1]);
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private ServiceRegistration<?> registration(Class<?> type, Object service) {
        services.put(type, service);
        return (ServiceRegistration<?>) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (proxy, method, args) -> services.remove(type));
    }

    private static LockServer.Config config(Map<String, Object> set) {
        return Defaults.of(LockServer.Config.class, set);
    }

    private LockServer start(Map<String, Object> set) {
        LockServer server = new LockServer(rpc, config(set), context);
        started.add(server);
        return server;
    }

    @AfterEach
    void close() {
        started.forEach(LockServer::stop);
        rpc.close();
    }

    @Test
    void offersItsServicesWhileItIsUp() {
        LockServer server = start(Map.of("port", 0));
        assertThat(services).containsOnlyKeys(AddressListener.class, LockService.class, ServiceParticipant.class);
        assertThat(rpc.servers()).hasSize(1);
        assertThat(rpc.servers().get(0).programs()).hasSize(4);
        server.stop();
        assertThat(services).isEmpty();
        assertThat(rpc.servers()).isEmpty();
    }

    @Test
    void aConfigurationThatNeedsNoOtherSocketsKeepsTheServer() {
        LockServer server = start(Map.of("port", 0));
        RpcServer before = rpc.servers().get(0);
        server.modified(config(Map.of("port", 0, "graceSeconds", 10)));
        assertThat(rpc.servers()).containsExactly(before);
        server.modified(config(Map.of("port", 70000)));
        assertThat(rpc.servers()).containsExactly(before);
    }

    @Test
    void whatIsKnownOfAddressesOutlivesTheSockets() {
        LockServer server = start(Map.of("port", 0));
        List<InetAddress> loopback = List.of(InetAddress.getLoopbackAddress());
        ((AddressListener) services.get(AddressListener.class)).addressesPresent(loopback);
        int state =
                ((LockService) services.get(LockService.class)).grace().get(0).state();
        RpcServer before = rpc.servers().get(0);
        server.modified(config(Map.of("port", 0, "udp", false)));
        assertThat(rpc.servers()).hasSize(1).doesNotContain(before);
        ((AddressListener) services.get(AddressListener.class)).addressesPresent(loopback);
        LockService locks = (LockService) services.get(LockService.class);
        assertThat(locks.grace()).hasSize(1).allMatch(row -> row.state() == state);
    }

    @Test
    void isThereOnlyWhileItIsEnabled() {
        LockServer server = start(Map.of("port", 0, "enabled", false));
        assertThat(rpc.servers()).isEmpty();
        server.modified(config(Map.of("port", 0)));
        assertThat(services).hasSize(3);
        server.modified(config(Map.of("port", 0, "enabled", false)));
        assertThat(services).isEmpty();
        assertThat(rpc.servers()).isEmpty();
    }

    @Test
    void anotherDirectoryIsAnotherBeginning() {
        LockServer server = start(Map.of("port", 0));
        server.modified(config(Map.of("port", 0, "stateDirectory", "other")));
        assertThat(services).hasSize(3);
        assertThat(rpc.servers()).hasSize(1);
    }

    @Test
    void comesUpWithTheConfigurationThatCan() {
        LockServer server = start(Map.of("port", 70000));
        assertThat(services).isEmpty();
        server.modified(config(Map.of("port", 0)));
        assertThat(services).hasSize(3);
    }

    @Test
    void staysDownWhereThePortIsTakenAndLeavesNothingOpen() {
        start(Map.of("port", 0));
        int port = rpc.servers().get(0).tcpPort();
        LockServer second = start(Map.of("port", port));
        assertThat(rpc.servers()).hasSize(1);
        second.modified(config(Map.of("port", 0)));
        assertThat(rpc.servers()).hasSize(2);
    }
}
