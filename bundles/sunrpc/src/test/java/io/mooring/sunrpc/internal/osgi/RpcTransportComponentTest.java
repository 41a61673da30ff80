package io.mooring.sunrpc.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class RpcTransportComponentTest {
    private final List<String> events = new ArrayList<>();

    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {BundleContext.class}, (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("registerService");
                RpcServer server = (RpcServer) arguments[1];
                events.add("registered " + ((Dictionary<?, ?>) arguments[2]).get("name"));
                return registration(server);
            });

    private ServiceRegistration<?> registration(RpcServer server) {
        return (ServiceRegistration<?>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("unregister")) {
                        events.add("unregistered while it " + (listens(server) ? "listens" : "is closed"));
                    }
                    return method.getName().equals("hashCode") ? (Object) 1 : null;
                });
    }

    private static boolean listens(RpcServer server) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.tcpPort()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static RpcTransportComponent.Configuration configuration(int threads, String transport) {
        return (RpcTransportComponent.Configuration) Proxy.newProxyInstance(
                RpcTransportComponentTest.class.getClassLoader(),
                new Class<?>[] {RpcTransportComponent.Configuration.class},
                (proxy, method, arguments) -> method.getName().equals("transport") ? transport : (Object) threads);
    }

    private static RpcServerOptions options(String name) {
        RpcProgram program = new RpcProgram(0x20000001, 1, "test", List.of(Procedure.nullProcedure()));
        return new RpcServerOptions(name, List.of(program), List.of(), 0, -1, Limits.defaults());
    }

    @Test
    void everyOpenServerIsAService() throws IOException {
        RpcTransportComponent component = new RpcTransportComponent(context, configuration(1, "nio"));
        RpcServer first = component.openServer(options("first"));
        component.openServer(options("second"));
        assertThat(component.servers()).hasSize(2);
        first.close();
        first.close();
        assertThat(events).containsExactly("registered first", "registered second", "unregistered while it listens");
        component.deactivate();
        assertThat(events).hasSize(4).last().isEqualTo("unregistered while it listens");
        assertThat(component.servers()).isEmpty();
    }

    @Test
    void wrongSettingsAreReplacedByTheDefaults() throws IOException {
        RpcTransportComponent component = new RpcTransportComponent(context, configuration(1000, "uring"));
        assertThat(component.openServer(options("test")).tcpPort()).isPositive();
        component.deactivate();
    }
}
