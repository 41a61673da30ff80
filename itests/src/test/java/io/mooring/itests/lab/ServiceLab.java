package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A service that both nodes of the lab declare, and its floating address. Owned by the thread of the tests. */
final class ServiceLab implements AutoCloseable {

    static final String NAME = "moved";
    static final String ADDRESS = "10.77.0.60";

    private static final String FILE = "io.mooring.service-" + NAME + ".cfg";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Lab lab;
    private final Path storage;
    private final Path export;
    private final Path state;

    private ServiceLab(Lab lab, Path storage, Path export, Path state) {
        this.lab = lab;
        this.storage = storage;
        this.export = export;
        this.state = state;
    }

    /** Declares the service on both nodes, state and export side by side on its storage; its address is on none. */
    static ServiceLab declare(Lab lab, String... more) {
        Path storage = lab.place("storage");
        return declare(new ServiceLab(lab, storage, storage.resolve("export"), storage.resolve("state")), more);
    }

    /** Declares it with a storage of this name that is the export as a whole; the state is elsewhere. */
    static ServiceLab declareWith(Lab lab, String name, String... more) {
        Path storage = lab.place(name);
        return declare(new ServiceLab(lab, storage, storage, lab.place("state")), more);
    }

    private static ServiceLab declare(ServiceLab service, String... more) {
        Lab lab = service.lab;
        for (Path each : List.of(service.storage, service.export, service.state)) {
            HostCommand.of("rm", "-rf", each.toString()).succeed();
        }
        for (Path each : List.of(service.storage, service.export, service.state)) {
            HostCommand.of("mkdir", "-p", each.toString()).succeed();
        }
        HostCommand.of("chmod", "0777", service.export.toString()).succeed();
        try {
            for (LabNode node : service.nodes()) {
                service.removeAddress(node);
                Files.writeString(service.file(node), service.text(more));
            }
        } catch (IOException e) {
            throw new LabException("the service cannot be declared", e);
        }
        service.nodes()
                .forEach(node -> assertThat(Waiting.until(
                                LIMIT,
                                () -> shell(lab, node, "service:list --json").contains('"' + NAME + '"')))
                        .as("declared on " + node.name())
                        .isTrue());
        return service;
    }

    private String text(String... more) {
        return """
                addresses = %s
                exports = %s %s(rw,no_root_squash)
                stateDirectory = %s
                %s
                """.formatted(ADDRESS, export(), LabNetwork.CLIENTS, state, String.join("\n", more));
    }

    private List<LabNode> nodes() {
        return List.of(lab.node1(), lab.node2());
    }

    private Path file(LabNode node) {
        return lab.server(node).configuration().resolve(FILE);
    }

    Path storage() {
        return storage;
    }

    Path export() {
        return export;
    }

    Path state() {
        return state;
    }

    /** The address comes to this node, and nothing else is done. */
    void bring(LabNode node) {
        node.addAddressOnly(ADDRESS);
    }

    void removeAddress(LabNode node) {
        if (node.hasAddress(ADDRESS)) {
            node.removeAddress(ADDRESS);
        }
    }

    /** Moves the address by hand; gives how long it was on neither node, at the most. */
    Duration move(LabNode from, LabNode to) {
        long begin = System.nanoTime();
        from.removeAddress(ADDRESS);
        to.addAddressOnly(ADDRESS);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    void awaitServing(LabNode node) {
        assertThat(Waiting.until(LIMIT, () -> status(node).contains("SERVING")))
                .as("%s serves: %s", node.name(), status(node))
                .isTrue();
    }

    String status(LabNode node) {
        return shell(lab, node, "service:status --json " + NAME);
    }

    void mount(LabGuest guest, String directory) {
        guest.succeed(
                "mkdir -p " + directory + "; mount -t nfs -o vers=3 " + ADDRESS + ":" + export() + " " + directory);
    }

    private static String shell(Lab lab, LabNode node, String command) {
        return lab.server(node).client(command).output();
    }

    /** Not declared any more, and the address on no node. */
    @Override
    public void close() {
        try {
            for (LabNode node : nodes()) {
                removeAddress(node);
                Files.deleteIfExists(file(node));
            }
        } catch (IOException e) {
            throw new LabException("the service stays declared", e);
        }
    }
}
