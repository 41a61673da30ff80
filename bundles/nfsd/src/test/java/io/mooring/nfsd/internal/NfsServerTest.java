package io.mooring.nfsd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.internal.testing.Defaults;
import io.mooring.nfsd.internal.testing.MemoryFileSystem;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransports;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.service.ServiceParticipant;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The component, in a bundle context that only remembers which services there are. */
class NfsServerTest {
    @TempDir
    Path directory;

    private final RpcTransports rpc = RpcTransports.open();
    private final List<Class<?>> services = new ArrayList<>();
    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(
            BundleContext.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "getProperty" -> directory.toString();
                case "registerService" -> registration((Class<?>) args[0]);
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private ServiceRegistration<?> registration(Class<?> service) {
        services.add(service);
        return (ServiceRegistration<?>) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (proxy, method, args) -> services.remove(service));
    }

    private NfsServer start(Map<String, Object> set) {
        NfsServer.Config config = Defaults.of(NfsServer.Config.class, set);
        return new NfsServer(rpc, (root, options) -> new MemoryFileSystem(), config, context);
    }

    @AfterEach
    void close() {
        rpc.close();
    }

    @Test
    void offersItsServicesWhileItIsUp() throws IOException {
        Files.writeString(directory.resolve("exports"), "/a *");
        NfsServer server = start(Map.of("port", 0));
        assertThat(services)
                .containsExactlyInAnyOrder(
                        AddressListener.class, NfsService.class, LockTargets.class, ServiceParticipant.class);
        assertThat(rpc.servers()).hasSize(1);
        server.stop();
        assertThat(services).isEmpty();
        assertThat(rpc.servers()).isEmpty();
    }

    private static NfsServer.Config config(Map<String, Object> set) {
        return Defaults.of(NfsServer.Config.class, set);
    }

    @Test
    void aConfigurationThatNeedsNoOtherSocketsKeepsTheServer() throws IOException {
        Files.writeString(directory.resolve("exports"), "/a *");
        NfsServer server = start(Map.of("port", 0));
        RpcServer before = rpc.servers().get(0);
        server.modified(config(Map.of("port", 0, "exportsFile", "other", "manageGids", true)));
        assertThat(rpc.servers()).containsExactly(before);
        server.modified(config(Map.of("port", 70000)));
        assertThat(rpc.servers()).containsExactly(before);
        assertThat(services).hasSize(4);
        server.stop();
    }

    @Test
    void aConfigurationThatNeedsOtherSocketsOpensAnotherServer() {
        NfsServer server = start(Map.of("port", 0));
        RpcServer before = rpc.servers().get(0);
        server.modified(config(Map.of("port", 0, "udp", false)));
        assertThat(rpc.servers()).hasSize(1).doesNotContain(before);
        assertThat(services)
                .containsExactlyInAnyOrder(
                        AddressListener.class, NfsService.class, LockTargets.class, ServiceParticipant.class);
        server.stop();
        assertThat(services).isEmpty();
    }

    @Test
    void comesUpWithTheConfigurationThatCan() {
        NfsServer server = start(Map.of("port", 70000));
        server.modified(config(Map.of("port", 0)));
        assertThat(services).hasSize(4);
        server.stop();
        assertThat(rpc.servers()).isEmpty();
    }

    @Test
    void staysDownWithABadValue() {
        NfsServer server = start(Map.of("port", 70000));
        assertThat(services).isEmpty();
        server.stop();
    }

    @Test
    void staysDownWhereAValueHasTheWrongType() {
        NfsServer.Config config = (NfsServer.Config) Proxy.newProxyInstance(
                NfsServer.Config.class.getClassLoader(),
                new Class<?>[] {NfsServer.Config.class},
                (proxy, method, args) -> {
                    throw new IllegalStateException("For input string: \"x\"");
                });
        NfsServer server = new NfsServer(rpc, (root, options) -> new MemoryFileSystem(), config, context);
        assertThat(services).isEmpty();
        server.stop();
    }

    @Test
    void staysDownWhereThePortIsTakenAndLeavesNothingOpen() {
        NfsServer first = start(Map.of("port", 0));
        int port = rpc.servers().get(0).tcpPort();
        NfsServer second = start(Map.of("port", port));
        assertThat(services).hasSize(4);
        assertThat(rpc.servers()).hasSize(1);
        second.stop();
        first.stop();
    }
}
