package io.mooring.addressmonitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToldAddressesTest {
    private final List<String> calls = new ArrayList<>();
    private final AddressListener listener = new AddressListener() {
        private final ToldAddresses told = new ToldAddresses();

        @Override
        public String name() {
            return "test";
        }

        @Override
        public void addressesPresent(List<InetAddress> addresses) {
            told.reconcile(addresses, this);
        }

        @Override
        public void addressAdded(InetAddress address) {
            told.added(address);
            calls.add("+" + address.getHostAddress());
        }

        @Override
        public void addressRemoved(InetAddress address) {
            told.removed(address);
            calls.add("-" + address.getHostAddress());
        }
    };

    @Test
    void theSecondTimeOnlyTheDifferenceIsTold() throws UnknownHostException {
        listener.addressesPresent(List.of(address(1), address(2)));
        listener.addressAdded(address(3));
        listener.addressRemoved(address(2));
        calls.clear();
        listener.addressesPresent(List.of(address(3), address(4)));
        assertThat(calls).containsExactly("-192.0.2.1", "+192.0.2.4");
    }

    @Test
    void scopesAreToldApart() throws UnknownHostException {
        byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
        listener.addressesPresent(List.of(Inet6Address.getByAddress(null, linkLocal, 1)));
        calls.clear();
        listener.addressesPresent(List.of(Inet6Address.getByAddress(null, linkLocal, 2)));
        assertThat(calls).containsExactly("-fe80:0:0:0:0:0:0:1%1", "+fe80:0:0:0:0:0:0:1%2");
    }

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
    }
}
