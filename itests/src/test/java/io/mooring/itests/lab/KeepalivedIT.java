package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Debian's keepalived moves the address, and calls the script of the distribution, while a client writes. */
@ExtendWith(LabExtension.class)
class KeepalivedIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String PID = "/run/keepalived.pid";
    private static final String CALLS = "calls";
    private static final String RECORD = "record-call.sh";

    private Lab lab;
    private ServiceLab service;
    private ClusterNode node1;
    private ClusterNode node2;
    /** Of the keepalived that was started last. */
    private final Map<ClusterNode, String> logs = new HashMap<>();

    private ServiceLoad load;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        service = ServiceLab.declare(lab);
        node1 = ClusterNode.boot(lab, lab.node1());
        node2 = ClusterNode.boot(lab, lab.node2());
        start(node1);
        awaitAddress(node1);
        start(node2);
        awaitStandby(node2, 1);
        load = ServiceLoad.start(lab.client(), service);
        load.awaitLineAfter(load.now());
    }

    @AfterEach
    void tearDown() {
        for (ClusterNode machine : new ClusterNode[] {node1, node2}) {
            if (machine != null) {
                machine.close();
            }
        }
        lab.resetClient();
        service.close();
    }

    /** The script of the distribution as keepalived is told of it; what it tells the server is written down. */
    private static String script(ClusterNode machine) {
        return "/bin/sh %s %s /bin/sh %s %s %s"
                .formatted(
                        ClusterNode.inside(ClusterNode.shipped("keepalived-notify")),
                        ServiceLab.NAME,
                        ClusterNode.inside(machine.file(RECORD)),
                        ClusterNode.inside(machine.file(CALLS)),
                        machine.client());
    }

    /** The configuration of the README. */
    private static String configuration(ClusterNode machine) {
        return """
                global_defs {
                    enable_script_security
                    script_user root
                }
                vrrp_script mooring {
                    script "/usr/bin/nc -z -w 1 127.0.0.1 2049"
                    interval 2
                    timeout 10
                    fall 2
                }
                vrrp_instance data {
                    state BACKUP
                    nopreempt
                    interface eth0
                    virtual_router_id 51
                    priority 100
                    virtual_ipaddress { %s/24 }
                    track_script { mooring }
                    notify "%s"
                }
                """.formatted(ServiceLab.ADDRESS, script(machine));
    }

    private void start(ClusterNode machine) {
        LabResources.copy(RECORD, machine.file(RECORD));
        String configuration = ClusterNode.inside(machine.write("keepalived.conf", configuration(machine)));
        logs.put(
                machine,
                machine.daemon(
                        "keepalived",
                        "--dont-fork",
                        "--log-console",
                        "--vrrp",
                        "--pid=" + PID,
                        "--use-file=" + configuration));
    }

    private static void signal(ClusterNode machine, String signal) {
        machine.command("sh", "-c", "kill -" + signal + " $(cat " + PID + ")").succeed();
    }

    private void awaitAddress(ClusterNode machine) {
        assertThat(Waiting.until(LIMIT, () -> machine.node().hasAddress(ServiceLab.ADDRESS)))
                .as("the address comes to %s: %s", machine.node().name(), machine.read(logs.get(machine)))
                .isTrue();
    }

    /** It waits for the other one now, so many times since it was started. */
    private void awaitStandby(ClusterNode machine, int times) {
        assertThat(Waiting.until(
                        LIMIT, () -> machine.read(logs.get(machine)).split("Entering BACKUP STATE", -1).length > times))
                .as(() -> machine.read(logs.get(machine)))
                .isTrue();
    }

    /** The script has told the server, and it was done. */
    private static void awaitCall(ClusterNode machine, String command) {
        String line = "0 service:" + command + " " + ServiceLab.NAME + ";";
        assertThat(Waiting.until(LIMIT, () -> machine.read(CALLS).contains(line)))
                .as("%s on %s: %s", line, machine.node().name(), machine.read(CALLS))
                .isTrue();
    }

    /** What the client noticed of something that makes another node serve. */
    private void move(String what, Runnable change, ClusterNode to) {
        Duration begin = load.now();
        change.run();
        awaitAddress(to);
        load.awaitLineAfter(load.now());
        Duration stall = load.journal("lines").longest(begin, load.now());
        lab.report().line("keepalived, %s: longest line %.3f s", what, LabReport.seconds(stall));
    }

    /** keepalived does not wait for one call before it makes the next: it may be about what was. */
    private void lateCallsChangeNothing() {
        awaitScripts(node1);
        awaitScripts(node2);
        long taken = counter(node1, "take-overs");
        call(node1, "BACKUP");
        assertThat(service.status(lab.node1())).contains("SERVING");
        assertThat(counter(node1, "take-overs")).isEqualTo(taken);
        call(node2, "MASTER");
        assertThat(counter(node2, "take-overs")).isZero();
    }

    /** As keepalived does. */
    private static void call(ClusterNode machine, String state) {
        machine.command("sh", "-c", script(machine) + " INSTANCE data " + state + " 100")
                .succeed();
    }

    private static void awaitScripts(ClusterNode machine) {
        assertThat(Waiting.until(
                        LIMIT,
                        () -> machine.command("pgrep", "-f", "keepalived-notify")
                                        .run()
                                        .status()
                                == 1))
                .isTrue();
    }

    private long counter(ClusterNode machine, String name) {
        String status = service.status(machine.node());
        Matcher matcher =
                Pattern.compile('"' + name + "\",\\s*\"value\": ([0-9]+)").matcher(status);
        assertThat(matcher.find()).as(status).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private void releaseAndStop() {
        lab.server(lab.node1()).client("service:release " + ServiceLab.NAME).succeeded();
        signal(node1, "TERM");
    }

    @Test
    void theServiceFollowsItsAddress() throws IOException {
        awaitCall(node1, "take");
        awaitCall(node2, "release");
        lateCallsChangeNothing();
        move("released and stopped", this::releaseAndStop, node2);
        awaitCall(node2, "take");
        start(node1);
        awaitStandby(node1, 1);
        move("killed", () -> signal(node2, "KILL"), node1);
        start(node2);
        awaitStandby(node2, 1);
        move("link lost", () -> lab.cut(lab.node1()), node2);
        // By the script: what lost its address only is absent.
        assertThat(Waiting.until(LIMIT, () -> service.status(lab.node1()).contains("RELEASED")))
                .as(node1.read(CALLS))
                .isTrue();
        lab.mend(lab.node1());
        awaitStandby(node1, 2);
        try {
            // keepalived's check of the server finds it.
            move("server killed", () -> lab.server(lab.node2()).kill(), node1);
            load.finish(1);
        } finally {
            lab.discardServer(lab.node2());
        }
    }
}
