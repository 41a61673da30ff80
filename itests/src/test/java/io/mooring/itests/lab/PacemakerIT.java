package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Debian's Pacemaker and corosync on both nodes move a group of an address and a service, while a client writes. */
@ExtendWith(LabExtension.class)
class PacemakerIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CLIENT = "/tmp/mooring-client";

    private Lab lab;
    private ServiceLab service;
    private ClusterNode node1;
    private ClusterNode node2;
    private ServiceLoad load;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        service = ServiceLab.declare(lab);
        node1 = boot(lab.node1());
        node2 = boot(lab.node2());
        awaitGroup(node1);
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

    private ClusterNode boot(LabNode node) {
        ClusterNode machine = ClusterNode.boot(lab, node);
        ResourceAgentIT.install(machine);
        // The resource has the same attributes on all nodes.
        Path client = machine.write("client", "exec " + machine.client() + " \"$@\"\n");
        machine.command("cp", ClusterNode.inside(client), CLIENT).succeed();
        String cib = LabResources.read("cib.xml")
                .replace("ADDRESS", ServiceLab.ADDRESS)
                .replace("SERVICE", ServiceLab.NAME);
        String database = ClusterNode.inside(machine.write("cib.xml", cib));
        machine.command(
                        "install",
                        "-o",
                        "hacluster",
                        "-g",
                        "haclient",
                        "-m",
                        "600",
                        database,
                        "/var/lib/pacemaker/cib/cib.xml")
                .succeed();
        String corosync = ClusterNode.inside(machine.write("corosync.conf", corosync()));
        machine.daemon("corosync", "-f", "-c", corosync);
        assertThat(Waiting.until(
                        LIMIT,
                        () -> machine.command("corosync-quorumtool", "-s").run().status() == 0))
                .as("corosync on " + node.name())
                .isTrue();
        machine.daemon("env", "PCMK_logfile=none", "PCMK_stderr=1", "pacemakerd", "-f");
        return machine;
    }

    private String corosync() {
        return """
                totem {
                    version: 2
                    cluster_name: mooring
                    transport: knet
                    crypto_cipher: none
                    crypto_hash: none
                }
                quorum {
                    provider: corosync_votequorum
                    two_node: 1
                    wait_for_all: 0
                }
                nodelist {
                    node {
                        name: node1
                        nodeid: 1
                        ring0_addr: %s
                    }
                    node {
                        name: node2
                        nodeid: 2
                        ring0_addr: %s
                    }
                }
                logging {
                    to_syslog: no
                    to_stderr: yes
                }
                """.formatted(lab.node1().address(), lab.node2().address());
    }

    private static String state(ClusterNode machine) {
        return machine.command("crm_mon", "-1", "-n", "-r", "-f").run().output();
    }

    /** Pacemaker has started all of it here, which is more than that the service is served. */
    private void awaitGroup(ClusterNode machine) {
        String here = "running on: " + machine.node().name();
        assertThat(Waiting.until(
                        LIMIT,
                        () -> machine.command("crm_resource", "--resource", "data-nfs", "--locate")
                                .run()
                                .output()
                                .contains(here)))
                .as("the group comes to %s: %s", machine.node().name(), state(machine))
                .isTrue();
        assertThat(machine.node().hasAddress(ServiceLab.ADDRESS)).isTrue();
        assertThat(service.status(machine.node())).contains("SERVING");
    }

    /** What the client noticed of something that makes another node serve. */
    private void move(String what, Runnable change, ClusterNode to) {
        Duration begin = load.now();
        change.run();
        awaitGroup(to);
        load.awaitLineAfter(load.now());
        Duration stall = load.journal("lines").longest(begin, load.now());
        lab.report().line("Pacemaker, %s: longest line %.3f s", what, LabReport.seconds(stall));
    }

    private static void standby(ClusterNode machine, String value) {
        String name = machine.node().name();
        machine.command("crm_attribute", "--node", name, "--name", "standby", "--update", value)
                .succeed();
    }

    @Test
    void theGroupMovesAndComesBackWhenTheServerDies() throws IOException {
        move("node in standby", () -> standby(node1, "on"), node2);
        assertThat(service.status(lab.node1())).contains("RELEASED");
        assertThat(state(node2)).doesNotContain("Failed");
        standby(node1, "off");
        try {
            move("server killed", () -> lab.server(lab.node2()).kill(), node1);
            load.finish(1);
            String[] parameters = {"service=" + ServiceLab.NAME, "client=" + node2.client()};
            assertThat(List.of(
                            ResourceAgentIT.call(node2, "monitor", parameters).status(),
                            ResourceAgentIT.call(node2, "stop", parameters).status()))
                    .as("a server that does not run has nothing")
                    .containsExactly(7, 0);
        } finally {
            lab.discardServer(lab.node2());
        }
    }
}
