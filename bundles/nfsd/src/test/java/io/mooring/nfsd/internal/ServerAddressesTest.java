package io.mooring.nfsd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.sunrpc.RpcServer;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerAddressesTest {
    private final List<String> calls = new ArrayList<>();
    private final RpcServer server = (RpcServer) Proxy.newProxyInstance(
            RpcServer.class.getClassLoader(), new Class<?>[] {RpcServer.class}, (proxy, method, args) -> {
                calls.add(method.getName() + " " + ((InetAddress) args[0]).getHostAddress());
                return method.getName().equals("closeTransports") ? 3 : null;
            });

    private static InetAddress address(int last) throws Exception {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    @Test
    void tellsTheServerAndCounts() throws Exception {
        ServerAddresses addresses = new ServerAddresses(server, List.of(), System::nanoTime);
        addresses.addressAdded(address(1));
        addresses.addressRemoved(address(1));
        addresses.addressRemoved(address(2));
        assertThat(calls)
                .containsExactly("addressAdded 10.0.0.1", "closeTransports 10.0.0.1", "closeTransports 10.0.0.2");
        assertThat(addresses.removals()).isEqualTo(2);
        assertThat(addresses.transportsClosed()).isEqualTo(6);
    }

    @Test
    void addsOnlyWhatIsServed() throws Exception {
        ServerAddresses addresses = new ServerAddresses(server, List.of(address(1)), System::nanoTime);
        addresses.addressAdded(address(2));
        addresses.addressAdded(address(1));
        assertThat(calls).containsExactly("addressAdded 10.0.0.1");
    }

    @Test
    void aMonitorThatComesBackDisturbsNoConnection() throws Exception {
        ServerAddresses addresses = new ServerAddresses(server, List.of(), System::nanoTime);
        addresses.addressesPresent(List.of(address(1), address(2)));
        calls.clear();
        addresses.addressesPresent(List.of(address(2), address(3)));
        assertThat(calls).containsExactly("closeTransports 10.0.0.1", "addressAdded 10.0.0.3");
    }
}
