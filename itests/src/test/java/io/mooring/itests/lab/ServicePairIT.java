package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.itests.lab.ServiceLab.Declaration;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Services beside each other, by IPv6 and IPv4, with the kernel's client. */
@ExtendWith(LabExtension.class)
class ServicePairIT {

    private static final String SIX = "fd77::60";
    private static final Declaration ONLY_SIX = Declaration.of("six", SIX);
    private static final Declaration BOTH = Declaration.of("both", "10.77.0.61", "fd77::61");
    private static final Declaration LEFT = Declaration.of("left", "10.77.0.62", "10.77.0.72");
    private static final Declaration RIGHT = Declaration.of("right", "10.77.0.63", "10.77.0.73");

    private static final Duration LONGEST = Duration.ofSeconds(2);
    /** For the kernel to ask whether somebody else has an address: one question, and a random delay before it. */
    private static final Duration DETECTION = Duration.ofSeconds(2);

    private Lab lab;
    private final List<ServiceLab> services = new ArrayList<>();

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
    }

    @AfterEach
    void tearDown() {
        lab.resetClient();
        services.forEach(ServiceLab::close);
        for (LabNode node : List.of(lab.node1(), lab.node2())) {
            assertThat(lab.server(node).errors()).isEmpty();
        }
    }

    /** On node 1. */
    private List<ServiceLab> served(Declaration... declarations) {
        services.addAll(ServiceLab.declare(lab, List.of(declarations)));
        services.forEach(service -> service.bring(lab.node1()));
        return services;
    }

    @Test
    void anIpv6AddressMovesAsAnIpv4AddressDoes() throws IOException {
        List<ServiceLab> served = served(ONLY_SIX, BOTH);
        ServiceLab six = served.get(0);
        ServiceLab both = served.get(1);
        MountedLoad bySix = MountedLoad.start(lab.client(), six, SIX, "six");
        MountedLoad mixed6 = MountedLoad.start(lab.client(), both, "fd77::61", "mixed6");
        MountedLoad mixed4 = MountedLoad.start(lab.client(), both, "10.77.0.61", "mixed4");
        GuestJob contender = mixed6.contend(lab.client(), "/mnt/mixed4");
        List<MountedLoad> loads = List.of(bySix, mixed6, mixed4);
        LabNode from = lab.node1();
        LabNode to = lab.node2();
        for (int i = 0; i < 2; i++) {
            Duration begin = bySix.now();
            Duration away = six.move(from, to).plus(both.move(from, to));
            loads.forEach(MountedLoad::awaitMore);
            assertStalls("moved, away " + away.toMillis() + " ms", begin, away.plus(LONGEST), loads);
            assertThat(six.status(to))
                    .containsPattern("\"tickles\",\\s*\"value\"\\s*:\\s*[1-9]")
                    .containsPattern("\"client back\",\\s*\"name\"\\s*:\\s*\"fd77:0:0:0:0:0:0:100 nfsd\"");
            LabNode next = from;
            from = to;
            to = next;
        }
        Duration begin = bySix.now();
        from.removeAddress(SIX);
        to.addAddressDetecting(SIX);
        bySix.awaitMore();
        assertStalls("moved, with duplicate address detection", begin, DETECTION.plus(LONGEST), List.of(bySix));
        mixed6.endContender(lab.client(), contender);
        for (MountedLoad load : loads) {
            load.finish();
        }
    }

    private void assertStalls(String what, Duration begin, Duration bound, List<MountedLoad> loads) {
        List<Duration> longest = loads.stream().map(load -> load.longest(begin)).toList();
        lab.report()
                .line(
                        "pair: %s: longest operation in s: %s",
                        what, longest.stream().map(LabReport::seconds).toList());
        assertThat(longest).allSatisfy(stall -> assertThat(stall).isLessThanOrEqualTo(bound));
    }

    private List<LabSocket> connections(LabNode node, Declaration service) {
        return node.sockets().stream()
                .filter(socket -> service.addresses().contains(socket.local()))
                .filter(socket ->
                        Stream.of(LabServer.NFS_PORT, LabServer.LOCK_PORT).anyMatch(port -> port == socket.localPort()))
                .filter(LabSocket::established)
                .toList();
    }

    /** A handle that is right, by an address that is not its service's. */
    private void assertDeniedElsewhere(ServiceLab service, ServiceLab other) {
        lab.client().put("handle-elsewhere.py");
        String script = String.join(
                " ",
                "python3 /tmp/handle-elsewhere.py",
                service.address(),
                service.export().toString(),
                other.address());
        for (int i = 0; i < 2; i++) {
            assertThat(lab.client().succeed(script).strip())
                    .as("NFS3_OK and NFS3ERR_ACCES")
                    .isEqualTo("0 13");
        }
        String denied = "denied 10.77.0.100 at " + other.address() + ": the handle is of service " + service.name()
                + ", and the address is of service " + other.name();
        assertThat(lab.server(lab.node1()).log().lines().filter(line -> line.contains(denied)))
                .hasSize(1);
    }

    @Test
    void twoServicesMoveEachByItself() throws IOException {
        List<ServiceLab> served = served(LEFT, RIGHT);
        ServiceLab left = served.get(0);
        ServiceLab right = served.get(1);
        MountedLoad onLeft = MountedLoad.start(lab.client(), left, "10.77.0.62", "left");
        MountedLoad onRight = MountedLoad.start(lab.client(), right, "10.77.0.63", "right");
        List<MountedLoad> loads = List.of(onLeft, onRight);

        left.mount(lab.client(), "/mnt/left2", "10.77.0.72");
        right.mount(lab.client(), "/mnt/right2", "10.77.0.73");
        GuestJob leftContender = onLeft.contend(lab.client(), "/mnt/left2");
        GuestJob rightContender = onRight.contend(lab.client(), "/mnt/right2");
        assertDeniedElsewhere(left, right);

        List<LabSocket> before = connections(lab.node1(), LEFT);
        assertThat(before).hasSizeGreaterThanOrEqualTo(2);
        Duration begin = onRight.now();
        Duration away = right.move(lab.node1(), lab.node2());
        onRight.awaitMore();
        assertStalls("one of two moved", begin, away.plus(LONGEST), List.of(onRight));
        assertThat(connections(lab.node1(), LEFT)).as("of the other one").containsAll(before);

        begin = onRight.now();
        away = left.move(lab.node1(), lab.node2()).plus(right.move(lab.node2(), lab.node1()));
        loads.forEach(MountedLoad::awaitMore);
        assertStalls("swapped", begin, away.plus(LONGEST), loads);
        begin = onRight.now();
        away = right.move(lab.node1(), lab.node2()).plus(left.move(lab.node2(), lab.node1()));
        loads.forEach(MountedLoad::awaitMore);
        assertStalls("swapped back", begin, away.plus(LONGEST), loads);
        onLeft.endContender(lab.client(), leftContender);
        onRight.endContender(lab.client(), rightContender);
        for (MountedLoad load : loads) {
            load.finish();
        }
    }
}
