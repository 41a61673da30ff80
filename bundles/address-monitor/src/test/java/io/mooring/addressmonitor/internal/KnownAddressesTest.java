package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.addressmonitor.AddressMonitor.LocalAddress;
import io.mooring.posix.testing.Ip;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownAddressesTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
    private static final InetAddress A = Ip.of("192.0.2.1");
    private static final InetAddress B = Ip.of("192.0.2.2");

    private final KnownAddresses known = new KnownAddresses(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void anAddressComesAndGoes() {
        assertThat(known.assigned(on(1, A))).contains(Change.added(A));
        assertThat(known.assigned(on(1, A))).isEmpty();
        assertThat(known.withdrawn(on(1, A))).contains(Change.removed(A));
        assertThat(known.withdrawn(on(1, A))).isEmpty();
        assertThat(known.addresses()).isEmpty();
    }

    @Test
    void anAddressIsThereUntilItIsGoneFromAllInterfaces() {
        known.assigned(on(1, A));
        assertThat(known.assigned(on(2, A))).isEmpty();
        assertThat(known.withdrawn(on(1, A))).isEmpty();
        assertThat(known.withdrawn(on(2, A))).contains(Change.removed(A));
    }

    /** The kernel allows 192.0.2.1/24 beside 192.0.2.1/32 on one interface. */
    @Test
    void anAddressIsThereUntilItsLastPrefixOnAnInterfaceIsGone() {
        Assignment host = new Assignment(A, 1, 32, Optional.empty(), true);
        known.assigned(on(1, A));
        assertThat(known.assigned(host)).isEmpty();
        assertThat(known.withdrawn(on(1, A))).isEmpty();
        assertThat(known.withdrawn(host)).contains(Change.removed(A));
    }

    @Test
    void theSameAddressWithAnotherPeerIsAnotherAssignment() {
        Assignment one = new Assignment(A, 1, 32, Optional.of(Ip.of("192.0.2.8")), true);
        Assignment other = new Assignment(A, 1, 32, Optional.of(Ip.of("192.0.2.9")), true);
        known.assigned(one);
        known.assigned(other);
        assertThat(known.withdrawn(one)).isEmpty();
        assertThat(known.withdrawn(other)).contains(Change.removed(A));
    }

    @Test
    void anIpv6AddressIsOncePerInterfaceWhateverItsPrefix() {
        InetAddress six = Ip.of("2001:db8::1");
        known.assigned(new Assignment(six, 1, 64, Optional.empty(), true));
        known.assigned(new Assignment(six, 1, 128, Optional.empty(), true));
        assertThat(known.withdrawn(new Assignment(six, 1, 64, Optional.empty(), true)))
                .contains(Change.removed(six));
    }

    @Test
    void anAddressThatIsNotUsableIsAbsent() {
        Assignment tentative = new Assignment(A, 1, 24, Optional.empty(), false);
        assertThat(known.assigned(tentative)).isEmpty();
        assertThat(known.assigned(on(1, A))).contains(Change.added(A));
        assertThat(known.assigned(tentative)).contains(Change.removed(A));
    }

    @Test
    void linkLocalAddressesOfTwoLinksAreTwo() throws UnknownHostException {
        InetAddress on1 = linkLocal(1);
        InetAddress on2 = linkLocal(2);
        assertThat(known.assigned(on(1, on1))).isPresent();
        assertThat(known.assigned(on(2, on2))).isPresent();
        Change change = known.withdrawn(on(2, on2)).orElseThrow();
        assertThat(((Inet6Address) change.address()).getScopeId()).isEqualTo(2);
        assertThat(known.addresses()).hasSize(1);
    }

    @Test
    void anInterfaceTakesItsAddressesWithIt() {
        known.assigned(on(1, A));
        known.assigned(on(2, A));
        known.assigned(on(2, B));
        assertThat(known.interfaceGone(2)).containsExactly(Change.removed(B));
        assertThat(known.addresses()).extracting(LocalAddress::address).containsExactly(A);
    }

    @Test
    void reconcilingGivesTheDifferenceRemovalsFirst() {
        known.assigned(on(1, A));
        assertThat(known.reconcile(new Snapshot(List.of(on(1, B)), Map.of(1, "eth0"))))
                .containsExactly(Change.removed(A), Change.added(B));
        assertThat(known.reconcile(new Snapshot(List.of(on(1, B)), Map.of(1, "eth0"))))
                .isEmpty();
    }

    @Test
    void anAddressThatMovedToAnotherInterfaceWasThereAllTheTime() {
        known.assigned(on(1, A));
        assertThat(known.reconcile(new Snapshot(List.of(on(2, A)), Map.of(2, "eth1"))))
                .isEmpty();
        assertThat(known.addresses()).containsExactly(new LocalAddress(A, List.of("eth1"), NOW));
        assertThat(known.withdrawn(on(2, A))).contains(Change.removed(A));
    }

    @Test
    void reconcilingLeavesOutWhatIsNotUsable() {
        known.assigned(on(1, A));
        Assignment failed = new Assignment(A, 1, 24, Optional.empty(), false);
        assertThat(known.reconcile(new Snapshot(List.of(failed), Map.of()))).containsExactly(Change.removed(A));
    }

    @Test
    void addressesAreSortedAndNamed() {
        known.interfaceNamed(1, "lo");
        known.interfaceNamed(2, "eth0");
        known.assigned(on(2, Ip.of("2001:db8::1")));
        known.assigned(on(2, Ip.of("192.0.2.200")));
        known.assigned(on(2, Ip.of("10.0.0.1")));
        known.assigned(on(1, Ip.of("10.0.0.1")));
        known.assigned(on(3, Ip.of("127.0.0.1")));
        known.interfaceNamed(2, "wan");

        assertThat(known.addresses())
                .containsExactly(
                        new LocalAddress(Ip.of("10.0.0.1"), List.of("lo", "wan"), NOW),
                        new LocalAddress(Ip.of("127.0.0.1"), List.of("#3"), NOW),
                        new LocalAddress(Ip.of("192.0.2.200"), List.of("wan"), NOW),
                        new LocalAddress(Ip.of("2001:db8::1"), List.of("wan"), NOW));
    }

    private static Assignment on(int interfaceIndex, InetAddress address) {
        return new Assignment(address, interfaceIndex, 24, Optional.empty(), true);
    }

    private static InetAddress linkLocal(int scope) throws UnknownHostException {
        return Inet6Address.getByAddress(null, Ip.of("fe80::1").getAddress(), scope);
    }
}
