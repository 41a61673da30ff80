package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is registered for a server follows from where it listens. */
final class LocalProgramsTest {

    @Test
    void anIpv6WildcardTakesBothFamilies() {
        assertThat(netids(2049, 2049, Registration.ANY_IPV6)).containsExactlyInAnyOrder("tcp", "udp", "tcp6", "udp6");
    }

    @Test
    void anIpv4WildcardTakesOne() {
        assertThat(netids(2049, 2049, Registration.ANY_IPV4)).containsExactlyInAnyOrder("tcp", "udp");
    }

    @Test
    void withoutTcpThereIsUdpOnBoth() {
        assertThat(netids(-1, 2049)).containsExactlyInAnyOrder("udp", "udp6");
    }

    @Test
    void withoutUdpThereIsTcp() {
        assertThat(netids(2049, -1, Registration.ANY_IPV6)).containsExactlyInAnyOrder("tcp", "tcp6");
    }

    @Test
    void singleAddressesAreNamed() {
        FakeServer server = new FakeServer(
                List.of(FakeServer.program(100003, 3)),
                2049,
                -1,
                FakeCall.address("10.0.0.5"),
                FakeCall.address("::1"));

        assertThat(LocalPrograms.registrationsOf(server))
                .extracting(r -> r.netid().id() + " " + r.address().format())
                .containsExactly("tcp 10.0.0.5.8.1", "tcp6 ::1.8.1");
    }

    @Test
    void severalProgramsOfSeveralServersAreAllThere() {
        LocalPrograms local = new LocalPrograms();
        FakeServer first = new FakeServer(
                List.of(FakeServer.program(100003, 3), FakeServer.program(100005, 3)), 2049, -1, Registration.ANY_IPV4);
        FakeServer second = FakeServer.of(100021, 4, 4045, -1);
        local.add(first);
        local.add(second);
        assertThat(local.registrations()).extracting(Registration::program).contains(100003, 100005, 100021);

        local.remove(first);
        assertThat(local.registrations()).extracting(Registration::program).containsOnly(100021);
    }

    private static List<String> netids(int tcpPort, int udpPort, InetAddress... listeners) {
        FakeServer server = new FakeServer(List.of(FakeServer.program(100003, 3)), tcpPort, udpPort, listeners);
        return LocalPrograms.registrationsOf(server).stream()
                .map(r -> r.netid().id())
                .toList();
    }
}
