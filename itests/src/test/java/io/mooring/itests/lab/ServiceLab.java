package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A service that both nodes of the lab declare, and its floating addresses. Owned by the thread of the tests. */
final class ServiceLab implements AutoCloseable {

    static final String NAME = "moved";
    static final String ADDRESS = "10.77.0.60";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Lab lab;
    private final Declaration declaration;
    private final Path storage;
    private final Path export;
    private final Path state;

    /**
     * What is said of a service, beside its export and state.
     *
     * @param addresses the first is where clients mount it from, where nothing else is said
     * @param more further lines, which win over those before
     */
    record Declaration(String name, List<String> addresses, List<String> more) {

        static Declaration of(String name, String... addresses) {
            return new Declaration(name, List.of(addresses), List.of());
        }

        Declaration with(String... lines) {
            return new Declaration(name, addresses, List.of(lines));
        }
    }

    private ServiceLab(Lab lab, Declaration declaration, Path storage, Path export, Path state) {
        this.lab = lab;
        this.declaration = declaration;
        this.storage = storage;
        this.export = export;
        this.state = state;
    }

    /** Declares the service on both nodes, state and export side by side on its storage; its address is on none. */
    static ServiceLab declare(Lab lab, String... more) {
        Path storage = lab.place("storage");
        ServiceLab service =
                new ServiceLab(lab, usual(more), storage, storage.resolve("export"), storage.resolve("state"));
        return declare(service);
    }

    /** Declares it with a storage of this name that is the export as a whole; the state is elsewhere. */
    static ServiceLab declareWith(Lab lab, String name, String... more) {
        Path storage = lab.place(name);
        return declare(new ServiceLab(lab, usual(more), storage, storage, lab.place("state")));
    }

    private static Declaration usual(String... more) {
        return Declaration.of(NAME, ADDRESS).with(more);
    }

    /** Declares others, each with a storage of its own; their addresses are on no node. */
    static List<ServiceLab> declare(Lab lab, List<Declaration> declarations) {
        List<ServiceLab> services = declarations.stream()
                .map(each -> {
                    Path storage = lab.place("storage-" + each.name());
                    return new ServiceLab(lab, each, storage, storage.resolve("export"), storage.resolve("state"));
                })
                .toList();
        services.forEach(ServiceLab::write);
        awaitDeclared(lab, services);
        return services;
    }

    private static ServiceLab declare(ServiceLab service) {
        service.write();
        awaitDeclared(service.lab, List.of(service));
        return service;
    }

    private void write() {
        for (Path each : List.of(storage, export, state)) {
            HostCommand.of("rm", "-rf", each.toString()).succeed();
        }
        for (Path each : List.of(storage, export, state)) {
            HostCommand.of("mkdir", "-p", each.toString()).succeed();
        }
        HostCommand.of("chmod", "0777", export.toString()).succeed();
        try {
            for (LabNode node : nodes()) {
                removeAddress(node);
                Files.writeString(file(node), text());
            }
        } catch (IOException e) {
            throw new LabException("the service cannot be declared", e);
        }
    }

    private static void awaitDeclared(Lab lab, List<ServiceLab> services) {
        for (LabNode node : List.of(lab.node1(), lab.node2())) {
            assertThat(Waiting.until(LIMIT, () -> {
                        String list = shell(lab, node, "service:list --json");
                        return services.stream().allMatch(service -> list.contains('"' + service.name() + '"'));
                    }))
                    .as("declared on " + node.name())
                    .isTrue();
        }
    }

    private String text() {
        return """
                addresses = %s
                exports = %s %s(rw,no_root_squash) %s(rw,no_root_squash)
                stateDirectory = %s
                %s
                """.formatted(
                        String.join(", ", declaration.addresses()),
                        export,
                        LabNetwork.CLIENTS,
                        LabNetwork.CLIENTS6,
                        state,
                        String.join("\n", declaration.more()));
    }

    private List<LabNode> nodes() {
        return List.of(lab.node1(), lab.node2());
    }

    private Path file(LabNode node) {
        return lab.server(node).configuration().resolve("io.mooring.service-" + name() + ".cfg");
    }

    String name() {
        return declaration.name();
    }

    /** The first one. */
    String address() {
        return declaration.addresses().get(0);
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

    /** Its addresses come to this node, and nothing else is done. */
    void bring(LabNode node) {
        declaration.addresses().forEach(node::addAddressOnly);
    }

    void removeAddress(LabNode node) {
        declaration.addresses().stream().filter(node::hasAddress).forEach(node::removeAddress);
    }

    /** Moves its addresses by hand; gives how long they were on neither node, at the most. */
    Duration move(LabNode from, LabNode to) {
        long begin = System.nanoTime();
        declaration.addresses().forEach(from::removeAddress);
        bring(to);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    void awaitServing(LabNode node) {
        assertThat(Waiting.until(LIMIT, () -> status(node).contains("SERVING")))
                .as("%s serves: %s", node.name(), status(node))
                .isTrue();
    }

    /** How often it was taken there, as the log has it. */
    long taken(LabNode node) {
        return lab.server(node)
                .log()
                .lines()
                .filter(line -> line.contains("failover: " + name() + ": serves"))
                .count();
    }

    /** Waits until it was taken there once more than it had been. */
    void awaitTaken(LabNode node, long before) {
        assertThat(Waiting.until(LIMIT, () -> taken(node) > before))
                .as("%s takes %s", node.name(), name())
                .isTrue();
    }

    String status(LabNode node) {
        return shell(lab, node, "service:status --json " + name());
    }

    void mount(LabGuest guest, String directory) {
        mount(guest, directory, address());
    }

    /** Mounts it from one of its addresses; further options may be said. */
    void mount(LabGuest guest, String directory, String address, String... more) {
        boolean six = address.contains(":");
        String source = (six ? "[" + address + "]" : address) + ":" + export();
        List<String> options = new ArrayList<>(List.of(six ? "vers=3,proto=tcp6" : "vers=3"));
        options.addAll(List.of(more));
        guest.succeed("mkdir -p " + directory + "; mount -t nfs -o " + String.join(",", options) + " " + source + " "
                + directory);
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
