package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The resource agent with the library, the tester and the schema of Debian's resource-agents. */
@ExtendWith(LabExtension.class)
class ResourceAgentIT {

    /** Exit statuses of the OCF resource agent API 1.1. */
    private static final int SUCCESS = 0;

    private static final int UNIMPLEMENTED = 3;
    private static final int NOT_INSTALLED = 5;
    private static final int NOT_CONFIGURED = 6;
    private static final int NOT_RUNNING = 7;

    private static final String AGENT = "/usr/lib/ocf/resource.d/mooring/mooring";

    private Lab lab;
    private ServiceLab service;
    private ClusterNode machine;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        service = ServiceLab.declare(lab);
        machine = ClusterNode.boot(lab, lab.node2());
        install(machine);
    }

    @AfterEach
    void tearDown() {
        if (machine != null) {
            machine.close();
        }
        service.close();
    }

    /** As the README says. */
    static void install(ClusterNode machine) {
        machine.command("install", "-D", "-m", "0755", ClusterNode.inside(ClusterNode.shipped("mooring")), AGENT)
                .succeed();
    }

    /** Calls it as Pacemaker does. */
    static CommandResult call(ClusterNode machine, String action, String... parameters) {
        List<String> words = new ArrayList<>(List.of("env", "OCF_ROOT=/usr/lib/ocf", "OCF_RESOURCE_INSTANCE=data-nfs"));
        for (String parameter : parameters) {
            words.add("OCF_RESKEY_" + parameter);
        }
        words.addAll(List.of(AGENT, action));
        return machine.command(words.toArray(String[]::new)).run();
    }

    @Test
    void passesTheTesterOfResourceAgents() {
        String said = machine.command(
                        "ocf-tester",
                        "-n",
                        "data-nfs",
                        "-o",
                        "service=" + ServiceLab.NAME,
                        "-o",
                        "client=" + machine.client(),
                        AGENT)
                .succeed();
        assertThat(said).contains("passed all tests").doesNotContain("rc=");
    }

    @Test
    void metaDataIsAsTheSchemaWants() {
        machine.command(
                        "sh",
                        "-c",
                        AGENT + " meta-data > /tmp/meta-data"
                                + " && xmllint --noout --relaxng /usr/share/resource-agents/metadata.rng /tmp/meta-data")
                .succeed();
    }

    @Test
    void saysWhatIsWrong() {
        String name = "service=" + ServiceLab.NAME;
        String client = "client=" + machine.client();
        assertThat(call(machine, "validate-all", client).status()).isEqualTo(NOT_CONFIGURED);
        assertThat(call(machine, "validate-all", name, "client=/nowhere/mooring client")
                        .status())
                .isEqualTo(NOT_INSTALLED);
        assertThat(call(machine, "promote", name, client).status()).isEqualTo(UNIMPLEMENTED);
        assertThat(call(machine, "monitor", "service=unknown", client).status()).isEqualTo(NOT_RUNNING);
        assertThat(call(machine, "stop", "service=unknown", client).status()).isEqualTo(SUCCESS);
        CommandResult start = call(machine, "start", "service=unknown", client);
        assertThat(start.status()).isEqualTo(NOT_INSTALLED);
        assertThat(start.output()).contains("there is no service unknown").doesNotContain("\u001b");
    }

    /** It must not be taken for one that runs no more: the manager would take the service elsewhere. */
    @Test
    void aServerThatCannotBeAskedIsNoServerThatIsDown() {
        String name = "service=" + ServiceLab.NAME;
        assertThat(call(machine, "monitor", name, "client=false").status()).isEqualTo(1);
        assertThat(call(machine, "stop", name, "client=false").status()).isEqualTo(1);
    }

    /** It may be served all the same. */
    @Test
    void aServerWhoseCommandsAreGoneIsNoServerThatIsDown() {
        LabServer server = lab.server(lab.node2());
        String name = "service=" + ServiceLab.NAME;
        String client = "client=" + machine.client();
        server.client("bundle:stop io.mooring.failover.commands").succeeded();
        try {
            assertThat(call(machine, "monitor", name, client, "CRM_meta_interval=10000")
                            .status())
                    .isEqualTo(1);
            CommandResult stop = call(machine, "stop", name, client, "CRM_meta_timeout=2000");
            assertThat(stop.status()).as(stop.output()).isEqualTo(1);
        } finally {
            server.client("bundle:start io.mooring.failover.commands").succeeded();
        }
        assertThat(call(machine, "stop", name, client).status()).isEqualTo(SUCCESS);
    }

    /** As failed on this node it would be stopped where it is served, too. */
    @Test
    void aProbeWaitsForAServerThatIsStarting() {
        String name = "service=" + ServiceLab.NAME;
        String client = "client=" + machine.client();
        lab.server(lab.node2()).kill();
        CompletableFuture<Void> started = CompletableFuture.runAsync(lab::startServers);
        List<Integer> probes = new ArrayList<>();
        do {
            probes.add(call(machine, "monitor", name, client, "CRM_meta_interval=0", "CRM_meta_timeout=120000")
                    .status());
        } while (!started.isDone());
        started.join();
        assertThat(probes).containsOnly(NOT_RUNNING);
    }

    @Test
    void aServerThatWasKilledHoldsNothing() {
        String name = "service=" + ServiceLab.NAME;
        String client = "client=" + machine.client();
        lab.server(lab.node2()).kill();
        try {
            assertThat(call(machine, "monitor", name, client).status()).isEqualTo(NOT_RUNNING);
            assertThat(call(machine, "stop", name, client).status()).isEqualTo(SUCCESS);
        } finally {
            lab.discardServer(lab.node2());
        }
    }
}
