package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A service moves between nodes whose firewall drops what the kernel's connection tracking calls invalid. */
@ExtendWith(LabExtension.class)
class ServiceFirewallIT {

    private static final int MOVES = 4;
    private static final Duration BETWEEN = Duration.ofSeconds(3);
    /**
     * A client that was cut off may stay so until the rules are gone, which is after less than 20 s here, and then its retransmission
     * timer, whose waits double, may need as long again. Seen: 14 s.
     */
    private static final Duration CUT_OFF = Duration.ofSeconds(60);
    /** Several times what is seen; where the rules cut a client off, it is more than {@link #BETWEEN}. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private static final String INPUT = """
            counter dropped { }
            chain input { type filter hook input priority filter; ct state invalid counter name dropped drop; }
            """;
    private static final String OUTPUT = """
            chain output { type filter hook output priority filter; ct state invalid counter name dropped drop; }
            """;
    /** What docs/failover.md recommends. */
    private static final String NOT_FOLLOWED = """
            chain arriving { type filter hook prerouting priority raw; tcp dport { 2049, 4045 } notrack; }
            chain leaving { type filter hook output priority raw; tcp sport { 2049, 4045 } notrack; }
            """;

    private final List<LabFirewall> firewalls = new ArrayList<>();
    private Lab lab;
    private ServiceLab service;
    private MoveClients clients;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        service = ServiceLab.declare(lab);
    }

    @AfterEach
    void tearDown() {
        takeFirewallsAway();
        if (clients != null) {
            clients.close();
        }
        service.close();
        for (LabNode node : nodes()) {
            assertThat(lab.server(node).errors()).isEmpty();
        }
    }

    private void takeFirewallsAway() {
        firewalls.forEach(LabFirewall::close);
        firewalls.clear();
    }

    private List<LabNode> nodes() {
        return List.of(lab.node1(), lab.node2());
    }

    /** The firewall is there before the first connection, until the last move is over. */
    private List<Duration> stalls(String title, String rules) throws IOException {
        nodes().forEach(node -> firewalls.add(LabFirewall.on(node, rules)));
        service.bring(lab.node1());
        service.awaitServing(lab.node1());
        clients = MoveClients.mount(lab, service);
        clients.start();
        Waiting.pass(BETWEEN);
        List<MoveReport.Move> moves = clients.loads().move(MOVES, BETWEEN, nodes(), service::move);
        List<Long> dropped =
                firewalls.stream().map(each -> each.packets("dropped")).toList();
        takeFirewallsAway();
        MoveReport report = new MoveReport(title, moves, clients.finish(0));
        lab.report().line("%s; packets dropped by the nodes: %s", title, dropped);
        report.table().lines().forEach(line -> lab.report().line("%s", line));
        return moves.stream().map(report::stall).toList();
    }

    /** Clients are cut off, mostly when their service comes back to a node that remembers an older connection; that is all. */
    @Test
    void nothingIsLostWhereAFirewallDropsWhatIsInvalid() throws IOException {
        List<Duration> stalls = stalls("firewall", INPUT);
        assertThat(stalls).allMatch(stall -> stall.compareTo(CUT_OFF) <= 0);
    }

    /** In both directions, which is more than distributions' firewalls do. */
    @Test
    void movesAreHardlyNoticedWhereTheServicesPortsAreNotFollowed() throws IOException {
        List<Duration> stalls = stalls("firewall, ports not followed", INPUT + OUTPUT + NOT_FOLLOWED);
        assertThat(stalls).allMatch(stall -> stall.compareTo(LONGEST) <= 0);
    }
}
