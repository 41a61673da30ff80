package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.itests.lab.ServiceLab.Declaration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Services that cannot be served, beside one that is: each is one line in the log, and that one is not disturbed. */
@ExtendWith(LabExtension.class)
class ServiceRefusalIT {

    private static final Declaration GOOD = Declaration.of("good", "10.77.0.66");
    private static final Declaration TWIN = Declaration.of("twin", "10.77.0.70").with("addresses = 10.77.0.66");
    private static final Declaration NESTED = Declaration.of("nested", "10.77.0.67");
    private static final Declaration READ_ONLY = Declaration.of("readonly", "10.77.0.68");
    private static final Declaration FULL = Declaration.of("full", "10.77.0.69");
    private static final List<Declaration> WRONG = List.of(TWIN, NESTED, READ_ONLY, FULL);

    private static final Duration LIMIT = Duration.ofMinutes(1);
    /** Longer than what failed waits before it is tried again. */
    private static final Duration TRIED_AGAIN = Duration.ofSeconds(6);

    private Lab lab;
    private LabNode node;
    private final List<ServiceLab> services = new ArrayList<>();

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        node = lab.node1();
    }

    @AfterEach
    void tearDown() {
        lab.resetClient();
        services.forEach(ServiceLab::close);
        // What is mounted there goes with them; their logs have errors in them that are meant to be there.
        lab.discardServer(lab.node1());
        lab.discardServer(lab.node2());
    }

    private List<ServiceLab> declared(Declaration... declarations) {
        List<ServiceLab> fresh = ServiceLab.declare(lab, List.of(declarations));
        services.addAll(fresh);
        return fresh;
    }

    /** Runs it where the node's server sees its mounts. */
    private void inNode(String... words) {
        String pid = Long.toString(lab.server(node).pid());
        HostCommand.of(List.of("nsenter", "-m", "-t", pid, "--"), words).succeed();
    }

    private List<String> errors(Declaration service) {
        return lab.server(node).errors().stream()
                .filter(line -> line.contains("failover: " + service.name() + ": is not served")
                        || line.contains("the service " + service.name() + " is not served"))
                .toList();
    }

    private void assertOneLine(Declaration service, String... parts) {
        assertThat(Waiting.until(LIMIT, () -> !errors(service).isEmpty()))
                .as("a line of " + service)
                .isTrue();
        assertThat(errors(service)).hasSize(1);
        assertThat(errors(service).get(0)).contains(parts);
    }

    @Test
    void whatIsWrongWithOneTouchesNoOther() throws IOException {
        ServiceLab good = declared(GOOD).get(0);
        good.bring(node);
        MountedLoad load = MountedLoad.start(lab.client(), good, "10.77.0.66", "good");
        List<LabSocket> before = connections();

        Declaration nested = NESTED.with("stateDirectory = " + good.state() + "/inside");
        List<ServiceLab> wrong = declared(TWIN, nested, READ_ONLY, FULL);
        ServiceLab readOnly = wrong.get(2);
        ServiceLab full = wrong.get(3);
        inNode("mount", "--bind", readOnly.state().toString(), readOnly.state().toString());
        inNode("mount", "-o", "remount,bind,ro", readOnly.state().toString());
        inNode("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", full.state().toString());
        wrong.forEach(service -> service.bring(node));

        assertOneLine(TWIN, "addresses: 10.77.0.66", "service good");
        assertOneLine(NESTED, "stateDirectory: ", good.state() + "/inside", "service good");
        assertOneLine(READ_ONLY, readOnly.state().toString(), "read-only");
        assertOneLine(FULL, full.state().toString(), "room");
        GuestJob twin = mount(good.address(), wrong.get(0));
        List<GuestJob> mounts =
                wrong.stream().map(service -> mount(service.address(), service)).toList();
        Waiting.pass(TRIED_AGAIN);
        assertThat(twin.await(LIMIT).status()).as("through the other's address").isNotZero();
        assertThat(mounts)
                .allSatisfy(mount -> assertThat(mount.await(LIMIT).status()).isNotZero());
        WRONG.forEach(service -> assertThat(errors(service)).hasSize(1));
        assertThat(errors(GOOD)).isEmpty();

        inNode("mount", "-o", "remount,bind,rw", readOnly.state().toString());
        inNode("mount", "-o", "remount,size=64m", full.state().toString());
        readOnly.awaitTaken(node, 0);
        full.awaitTaken(node, 0);
        becomesFull(full);
        load.awaitMore();
        assertThat(connections()).containsAll(before);
        load.finish();
    }

    private List<LabSocket> connections() {
        return node.sockets().stream()
                .filter(socket -> GOOD.addresses().contains(socket.local()) && socket.established())
                .toList();
    }

    private GuestJob mount(String address, ServiceLab service) {
        return lab.client()
                .start("timeout 5 mount -t nfs -o vers=3,retry=0 " + address + ":" + service.export() + " /mnt/own");
    }

    /** Its state has what it needs, whatever else takes the room: locks come and go, and it is taken again. */
    private void becomesFull(ServiceLab full) throws IOException {
        MountedLoad load = MountedLoad.start(lab.client(), full, "10.77.0.69", "full");
        Path filling = full.state().resolve("filling");
        inNode("sh", "-c", "dd if=/dev/zero of=" + filling + " bs=64k 2>&1 | grep 'No space'");
        lab.client().succeed("flock /mnt/full/other mkdir /mnt/full/made && rmdir /mnt/full/made");
        lab.server(node).client("service:release full").succeeded();
        lab.server(node).client("service:take full").succeeded();
        load.awaitMore();
        load.finish();
        assertThat(errors(FULL)).hasSize(1);
    }
}
