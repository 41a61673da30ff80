package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.itests.lab.ServiceLab.Declaration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A service is released and taken by commands, and what serves it is replaced, while a client writes and holds a lock. */
@ExtendWith(LabExtension.class)
class ServiceCommandIT {

    private static final Declaration SERVICE = Declaration.of("commanded", "10.77.0.64", "10.77.0.65");
    private static final Duration A_WHILE = Duration.ofSeconds(1);
    /** What a client waits after the service is there again; a tenth of it is seen. */
    private static final Duration BEYOND_AWAY = Duration.ofSeconds(1);
    /** What a client waits when it was told to try later, as it is when nfsd is away for more than 2 s. */
    private static final Duration TRY_LATER = Duration.ofSeconds(5);

    private Lab lab;
    private ServiceLab service;
    private MountedLoad load;
    private GuestJob contender;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        service = ServiceLab.declare(lab, List.of(SERVICE)).get(0);
        service.bring(lab.node1());
        load = MountedLoad.start(lab.client(), service, "10.77.0.64", "one");
        service.mount(lab.client(), "/mnt/two", "10.77.0.65");
        contender = load.contend(lab.client(), "/mnt/two");
    }

    @AfterEach
    void tearDown() {
        lab.resetClient();
        service.close();
        for (LabNode node : List.of(lab.node1(), lab.node2())) {
            assertThat(lab.server(node).errors()).isEmpty();
        }
    }

    private String shell(LabNode node, String command) {
        return lab.server(node).client(command).succeeded();
    }

    /** What the server has open below the service's storage. */
    private List<String> open(LabNode node) {
        String pid = Long.toString(lab.server(node).pid());
        String storage = service.storage().toString();
        return HostCommand.of("find", "/proc/" + pid + "/fd", "/proc/" + pid + "/map_files", "-lname", storage + "*")
                .run()
                .output()
                .lines()
                .filter(line -> !line.contains("No such file"))
                .toList();
    }

    private void release(LabNode node) {
        assertThat(shell(node, "service:release --wait 20 commanded")).contains("commanded is released");
    }

    private void take(LabNode node) {
        assertThat(shell(node, "service:take --wait 20 commanded")).contains("commanded is");
    }

    @Test
    void itIsReleasedAndTakenByCommand() throws IOException {
        assertThat(open(lab.node1())).isNotEmpty();
        Duration begin = load.now();
        long told = System.nanoTime();
        release(lab.node1());
        assertThat(open(lab.node1())).as("released: it can be unmounted").isEmpty();
        assertThat(shell(lab.node1(), "service:list --json")).contains("\"RELEASED\"");
        long waiting = load.written();
        Waiting.pass(A_WHILE);
        assertThat(load.written()).as("the client waits").isEqualTo(waiting);
        take(lab.node1());
        goesOn("released and taken on the same node", begin, since(told));
        assertPhases(lab.node1());

        begin = load.now();
        told = System.nanoTime();
        release(lab.node1());
        service.move(lab.node1(), lab.node2());
        Duration away = since(told);
        take(lab.node2());
        goesOn("released, moved, taken", begin, away);
        assertPhases(lab.node2());
        assertThat(open(lab.node1())).isEmpty();

        begin = load.now();
        told = System.nanoTime();
        release(lab.node2());
        take(lab.node1());
        service.move(lab.node2(), lab.node1());
        goesOn("released, taken, moved", begin, since(told));
        assertThat(service.status(lab.node2())).contains("RELEASED");
        finish();
    }

    private static Duration since(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime);
    }

    /** @param away how long the service was not served, at the most */
    private void goesOn(String how, Duration begin, Duration away) {
        load.awaitMore();
        Duration stall = load.longest(begin);
        lab.report()
                .line(
                        "service %s: longest operation %.3f s, of %.3f s away at the most",
                        how, LabReport.seconds(stall), LabReport.seconds(away));
        assertThat(stall).as(how).isLessThanOrEqualTo(away.plus(BEYOND_AWAY));
    }

    private void assertPhases(LabNode node) {
        String status = service.status(node);
        assertThat(status).contains("\"begun\"", "\"SERVING\"");
        double last = 0;
        for (String phase : List.of("state", "journal", "tickled", "nfsd", "lockd", "serving")) {
            Matcher row = Pattern.compile(
                            "\"phase\",\\s*\"name\"\\s*:\\s*\"" + phase + "\",\\s*\"value\"\\s*:\\s*([0-9.]+)")
                    .matcher(status);
            assertThat(row.find()).as("%s in %s", phase, status).isTrue();
            assertThat(Double.parseDouble(row.group(1))).as(phase).isGreaterThanOrEqualTo(last);
            last = Double.parseDouble(row.group(1));
        }
        lab.report()
                .line("phases: %s", status.replaceAll("(?s).*?\"begun\"", "").replaceAll("\\s+", " "));
    }

    private void finish() throws IOException {
        load.endContender(lab.client(), contender);
        load.finish();
    }

    @Test
    void whatServesItIsReplacedUnderAClient() throws IOException {
        for (String command : List.of(
                "bundle:update io.mooring.nfsd",
                "bundle:update io.mooring.lockd",
                "bundle:update io.mooring.failover",
                "bundle:refresh io.mooring.nfsd",
                "bundle:refresh io.mooring.lockd")) {
            Duration begin = load.now();
            long told = System.nanoTime();
            long before = service.taken(lab.node1());
            shell(lab.node1(), command);
            service.awaitTaken(lab.node1(), before);
            goesOn(command, begin, since(told).plus(TRY_LATER));
        }
        finish();
        assertThat(lab.server(lab.node1()).log()).doesNotContain("but not in its file system");
    }
}
