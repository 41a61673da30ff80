package io.mooring.lockd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.testing.Kit;
import io.mooring.sunrpc.RpcServer;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockdAddressesTest {
    private static final InetAddress A = Locking.SERVICE;
    private static final InetAddress B = Locking.address("10.0.0.10");

    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();
    private final RpcServer server = (RpcServer) Proxy.newProxyInstance(
            RpcServer.class.getClassLoader(), new Class<?>[] {RpcServer.class}, (proxy, method, args) -> {
                told.add(method.getName() + " " + ((InetAddress) args[0]).getHostAddress());
                return method.getReturnType() == int.class ? 2 : null;
            });
    private Kit kit;

    @BeforeEach
    void open() {
        kit = new Kit(directory);
    }

    @AfterEach
    void close() {
        kit.close();
    }

    private LockdAddresses serving(InetAddress... served) {
        return new LockdAddresses(server, kit.services, List.of(served), () -> 0);
    }

    @Test
    void whatComesIsServedAndWhatGoesIsClosedFirst() {
        LockdAddresses addresses = serving();
        addresses.addressAdded(A);
        assertThat(kit.services.of(A)).isNotNull();
        addresses.addressRemoved(A);
        assertThat(kit.services.of(A)).isNull();
        assertThat(told).containsExactly("addressAdded 10.0.0.9", "closeTransports 10.0.0.9");
    }

    @Test
    void addressesThatArePresentComeTogether() {
        LockdAddresses addresses = serving();
        addresses.addressesPresent(List.of(A, B));
        assertThat(kit.services.all()).hasSize(2);
        addresses.addressesPresent(List.of(B));
        assertThat(kit.services.all()).hasSize(1);
        assertThat(told).containsExactly("addressAdded 10.0.0.9", "addressAdded 10.0.0.10", "closeTransports 10.0.0.9");
    }

    @Test
    void whatWentWhileNobodyListenedIsLeft() {
        kit.services.arrive(List.of(A, B));
        serving().addressesPresent(List.of(B));
        assertThat(kit.services.of(A)).isNull();
        assertThat(kit.services.of(B)).isNotNull();
    }

    @Test
    void whatIsListenedOnNoMoreIsLeft() {
        kit.services.arrive(List.of(A, B));
        serving(B).addressesPresent(List.of(A, B));
        assertThat(kit.services.of(A)).isNull();
        assertThat(kit.services.of(B)).isNotNull();
    }

    @Test
    void onlyWhatIsListenedOnIsServed() {
        serving(B).addressesPresent(List.of(A, B));
        assertThat(kit.services.of(A)).isNull();
        assertThat(told).containsExactly("addressAdded 10.0.0.10");
    }
}
