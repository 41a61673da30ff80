package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node: a network namespace with an address of its own, in which a server runs. Owned by the thread of the tests. */
final class LabNode {

    static final String INTERFACE = "eth0";

    private static final String PREFIX_LENGTH = "24";
    private static final String PREFIX_LENGTH6 = "64";
    private static final Duration WATCH = Duration.ofSeconds(5);

    private final String name;
    private final String namespace;
    private final String address;
    private final LabRootfs rootfs;
    private final List<Process> announcements = new ArrayList<>();

    LabNode(String name, String namespace, String address, LabRootfs rootfs) {
        this.name = name;
        this.namespace = namespace;
        this.address = address;
        this.rootfs = rootfs;
    }

    String name() {
        return name;
    }

    /** The node's own address, which never moves. */
    String address() {
        return address;
    }

    HostCommand command(String... words) {
        return HostCommand.of(List.of("ip", "netns", "exec", namespace), words);
    }

    /** One of the guest tree's programs, on this node. */
    HostCommand program(String... words) {
        return command(rootfs.chroot(words).toArray(String[]::new));
    }

    boolean hasAddress(String wanted) {
        return HostCommand.of("ip", "-n", namespace, "-o", "addr", "show", "dev", INTERFACE)
                .succeed()
                .contains(" " + wanted + "/");
    }

    /** Adds an address as a person does: nobody is told. One of IPv6 is there at once (nodad). */
    void addAddressOnly(String added) {
        List<String> words = added.contains(":") ? List.of("nodad") : List.of();
        add(added, words);
    }

    /** Adds an IPv6 address that the kernel asks for first whether somebody else has it: for a second it is tentative. */
    void addAddressDetecting(String added) {
        add(added, List.of());
    }

    private void add(String added, List<String> more) {
        HostCommand.of(
                        List.of("ip", "-n", namespace, "addr", "add", withPrefix(added), "dev", INTERFACE),
                        more.toArray(String[]::new))
                .succeed();
    }

    private static String withPrefix(String address) {
        return address + "/" + (address.contains(":") ? PREFIX_LENGTH6 : PREFIX_LENGTH);
    }

    /** Adds an address and announces it by gratuitous ARP, as a cluster manager does. */
    void addAddress(String added) {
        addAddressOnly(added);
        HostCommand arping = program("arping", "-q", "-U", "-c", "3", "-w", "4", "-I", INTERFACE, added);
        try {
            announcements.add(arping.start(Path.of("/dev/null")));
        } catch (IOException e) {
            throw new LabException("no gratuitous ARP for " + added, e);
        }
    }

    void removeAddress(String removed) {
        stopAnnouncing();
        HostCommand.of("ip", "-n", namespace, "addr", "del", withPrefix(removed), "dev", INTERFACE)
                .succeed();
    }

    /** Removes an address and watches, from inside, how long sockets with it are left in any state but TIME-WAIT. */
    AddressRemoval removeAddressAndWatch(String removed) {
        stopAnnouncing();
        CommandResult result = command(
                        "bash",
                        "-c",
                        LabResources.read("remove-address.sh"),
                        "remove-address",
                        removed,
                        PREFIX_LENGTH,
                        INTERFACE,
                        Long.toString(WATCH.toSeconds()))
                .run();
        return AddressRemoval.parse(result.output());
    }

    /** All TCP sockets in this namespace, in every state. */
    List<LabSocket> sockets() {
        return LabSocket.parse(command("ss", "-tnaoH").succeed());
    }

    boolean listensOn(int port) {
        return sockets().stream().anyMatch(socket -> socket.listens() && socket.localPort() == port);
    }

    /** One that goes on after the address moved would call the clients back to this node. */
    private void stopAnnouncing() {
        announcements.forEach(Process::destroyForcibly);
        announcements.clear();
    }
}
