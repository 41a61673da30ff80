package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against the kernel: real addresses on real interfaces, in a network namespace (root). */
@Timeout(120)
class NetlinkNamespaceTest {
    private static final int BIG_BUFFER = 1024 * 1024;

    private MonitoredNamespace host;

    @BeforeEach
    void create() throws Exception {
        host = MonitoredNamespace.create(BIG_BUFFER);
    }

    @AfterEach
    void close() throws IOException {
        if (host != null) {
            host.close();
        }
    }

    @Test
    void anAddressComesAndGoes() throws IOException {
        host.ip("addr add 192.0.2.1/24 dev lo");
        host.awaitTold("+192.0.2.1");
        assertThat(host.book.addresses())
                .singleElement()
                .satisfies(it -> assertThat(it.interfaces()).containsExactly("lo"));

        host.ip("addr del 192.0.2.1/24 dev lo");
        host.awaitTold("+192.0.2.1", "-192.0.2.1");
        assertThat(host.present()).isEmpty();
    }

    @Test
    void loopbackAddressesAreAddressesLikeAnyOther() throws IOException {
        host.ip("link set lo up");
        host.awaitTold("+127.0.0.1", "+0:0:0:0:0:0:0:1");
    }

    @Test
    void anAddressOnTwoInterfacesGoesWithTheLast() throws IOException {
        host.ip(
                "link add d0 type veth peer name p0",
                "link add d1 type veth peer name p1",
                "addr add 192.0.2.1/24 dev d0",
                "addr add 192.0.2.1/24 dev d1",
                "addr del 192.0.2.1/24 dev d0",
                "addr add 192.0.2.99/24 dev d1");
        host.awaitTold("+192.0.2.1", "+192.0.2.99");
        assertThat(host.present()).contains("192.0.2.1");

        host.ip("addr del 192.0.2.1/24 dev d1");
        await().untilAsserted(() -> assertThat(host.listener.told()).endsWith("-192.0.2.1"));
    }

    @Test
    void anAddressWithTwoPrefixesOnOneInterfaceGoesWithTheLast() throws IOException {
        host.ip(
                "addr add 192.0.2.1/24 dev lo",
                "addr add 192.0.2.1/32 dev lo",
                "addr del 192.0.2.1/24 dev lo",
                "addr add 192.0.2.99/32 dev lo");
        host.awaitTold("+192.0.2.1", "+192.0.2.99");
        host.ip("addr del 192.0.2.1/32 dev lo");
        host.awaitTold("+192.0.2.1", "+192.0.2.99", "-192.0.2.1");
    }

    @Test
    void withThePrimaryItsSecondariesGo() throws IOException {
        host.namespace.sysctl("net/ipv4/conf/all/promote_secondaries", "0");
        host.namespace.sysctl("net/ipv4/conf/lo/promote_secondaries", "0");
        addThreeAndRemoveThePrimary();

        await().untilAsserted(() -> assertThat(host.present()).isEmpty());
        assertThat(host.listener.told()).hasSize(6).endsWith("-192.0.2.1").contains("-192.0.2.2", "-192.0.2.3");
        assertThat(host.shownByIp()).isEmpty();
    }

    @Test
    void withPromotionOnlyThePrimaryGoes() throws IOException {
        host.namespace.sysctl("net/ipv4/conf/all/promote_secondaries", "1");
        addThreeAndRemoveThePrimary();
        host.ip("addr add 192.0.2.99/32 dev lo");

        host.awaitTold("+192.0.2.1", "+192.0.2.2", "+192.0.2.3", "-192.0.2.1", "+192.0.2.99");
        assertThat(host.shownByIp()).containsExactly("192.0.2.2", "192.0.2.3", "192.0.2.99");
    }

    private void addThreeAndRemoveThePrimary() throws IOException {
        host.ip(
                "addr add 192.0.2.1/24 dev lo",
                "addr add 192.0.2.2/24 dev lo",
                "addr add 192.0.2.3/24 dev lo",
                "addr del 192.0.2.1/24 dev lo");
    }

    @Test
    void anIpv6AddressIsPresentOnlyWhenItIsNoLongerTentative() throws IOException {
        vethUp();
        // Detection that takes its time: the address is tentative while it is asked for.
        host.namespace.sysctl("net/ipv6/conf/v0/dad_transmits", "2");
        host.ip("addr add 2001:db8::1/64 dev v0", "addr add 192.0.2.1/24 dev v0");
        await().until(() -> host.listener.told().contains("+192.0.2.1"));
        assertThat(host.namespace.ip("-6 addr show dev v0 tentative")).contains("2001:db8::1");
        assertThat(host.listener.told()).doesNotContain("+2001:db8:0:0:0:0:0:1");

        await().until(() -> host.listener.told().contains("+2001:db8:0:0:0:0:0:1"));
        assertThat(host.namespace.ip("-6 addr show dev v0 tentative")).doesNotContain("2001:db8::1");

        host.ip("addr del 2001:db8::1/64 dev v0");
        await().untilAsserted(() -> assertThat(host.listener.told()).endsWith("-2001:db8:0:0:0:0:0:1"));
    }

    @Test
    void anIpv6AddressThatAnotherHostHasIsNotPresent() throws IOException {
        vethUp();
        host.ip("addr add 2001:db8::1/64 dev v1 nodad");
        await().until(() -> host.listener.told().contains("+2001:db8:0:0:0:0:0:1"));
        host.ip("addr add 2001:db8::1/64 dev v0");

        await().until(() -> host.namespace.ip("-6 addr show dev v0").contains("dadfailed"));
        assertThat(host.book.addresses())
                .filteredOn(it -> it.address().getHostAddress().startsWith("2001"))
                .singleElement()
                .satisfies(it -> assertThat(it.interfaces()).containsExactly("v1"));
        host.ip("addr del 2001:db8::1/64 dev v1");
        await().untilAsserted(() -> assertThat(host.listener.told()).endsWith("-2001:db8:0:0:0:0:0:1"));
    }

    @Test
    void linkLocalAddressesCarryTheirScope() throws IOException {
        host.ip(
                "link add d0 type veth peer name p0",
                "link add d1 type veth peer name p1",
                "addr add fe80::1/64 dev d0 nodad",
                "addr add fe80::1/64 dev d1 nodad");
        String on0 = "fe80:0:0:0:0:0:0:1%" + index("d0");
        String on1 = "fe80:0:0:0:0:0:0:1%" + index("d1");
        host.awaitTold("+" + on0, "+" + on1);
        host.ip("addr del fe80::1/64 dev d0");
        host.awaitTold("+" + on0, "+" + on1, "-" + on0);
    }

    /** As the kernel has it: IPv4 addresses stay with the host, IPv6 ones leave it. */
    @Test
    void aLinkThatGoesDownKeepsItsIpv4Address() throws IOException {
        vethUp();
        host.ip("addr add 192.0.2.1/24 dev v0", "addr add 2001:db8::1/64 dev v0 nodad");
        await().until(() -> host.present().contains("2001:db8:0:0:0:0:0:1"));
        host.ip("link set v0 down");

        await().until(() -> host.listener.told().contains("-2001:db8:0:0:0:0:0:1"));
        assertThat(host.present()).containsExactly("192.0.2.1");
        assertThat(host.shownByIp()).containsExactly("192.0.2.1");
    }

    @Test
    void anInterfaceThatIsDeletedTakesItsAddressesWithIt() throws IOException {
        host.ip("link add d0 type veth peer name p0", "addr add 192.0.2.1/24 dev d0", "link del d0");

        host.awaitTold("+192.0.2.1", "-192.0.2.1");
    }

    @Test
    void anInterfaceIsShownByItsNewName() throws IOException {
        host.ip("link add d0 type veth peer name p0", "addr add 192.0.2.1/24 dev d0", "link set d0 name wan");

        await().untilAsserted(() -> assertThat(host.book.addresses())
                .singleElement()
                .satisfies(it -> assertThat(it.interfaces()).containsExactly("wan")));
    }

    @Test
    void aListenerThatComesLaterGetsWhatIsPresent() throws IOException {
        host.ip("addr add 192.0.2.2/32 dev lo", "addr add 192.0.2.1/32 dev lo");
        host.awaitTold("+192.0.2.2", "+192.0.2.1");
        RecordingListener late = new RecordingListener("late");
        host.book.listen(late);
        host.ip("addr del 192.0.2.2/32 dev lo");

        await().untilAsserted(() -> assertThat(late.told()).containsExactly("+192.0.2.1", "+192.0.2.2", "-192.0.2.2"));
    }

    @Test
    void everyChangeOfABurstIsToldInOrder() throws IOException {
        List<String> batch = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 250; i++) {
            String address = "10.0.0." + i;
            batch.addAll(List.of("addr add " + address + "/32 dev lo", "addr del " + address + "/32 dev lo"));
            expected.addAll(List.of("+" + address, "-" + address));
        }
        host.namespace.batch(batch);

        host.awaitTold(expected.toArray(new String[0]));
    }

    /** "3: d0@p0: …". */
    private String index(String link) throws IOException {
        String shown = host.namespace.ip("-o link show dev " + link);
        return shown.substring(0, shown.indexOf(':'));
    }

    private void vethUp() throws IOException {
        host.ip("link add v0 type veth peer name v1");
        for (String link : List.of("v0", "v1")) {
            host.namespace.sysctl("net/ipv6/conf/" + link + "/addr_gen_mode", "1"); // none by itself
            host.ip("link set " + link + " up");
        }
    }
}
