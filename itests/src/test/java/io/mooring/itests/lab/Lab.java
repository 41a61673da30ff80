package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The lab: two nodes, a floating address, servers and a guest with a real Linux kernel client, all on this machine. One is made
 * for all tests of a JVM ({@link LabExtension}). What it wrote stays below {@code target/lab}. Owned by the thread of the tests.
 */
final class Lab implements AutoCloseable {

    private static final int CLIENT_NUMBER = 100;
    private static final int NODE1 = 11;
    private static final int NODE2 = 12;
    private static final Duration SHORT = Duration.ofSeconds(15);

    private final Path directory;
    private final Path temporary;
    private final LabRootfs rootfs;
    private final LabReaper reaper;
    private final LabNetwork network;
    private final LabNode node1;
    private final LabNode node2;
    private final LabReport report;
    private final LabPackets packets;
    private final Map<String, LabServer> servers = new TreeMap<>();
    private final Map<String, LabNode> more = new TreeMap<>();
    private final List<LabGuest> guests = new ArrayList<>();
    private LabGuest client;

    private Lab(Path directory, Path temporary, LabRootfs rootfs, LabReaper reaper) throws IOException {
        this.directory = directory;
        this.temporary = temporary;
        this.rootfs = rootfs;
        this.reaper = reaper;
        this.report = new LabReport(directory.resolve("report.txt"));
        this.network = LabNetwork.create(rootfs);
        this.packets = LabPackets.record(network, directory.resolve("packets.txt"));
        this.node1 = network.addNode("node1", NODE1);
        this.node2 = network.addNode("node2", NODE2);
        Files.createDirectory(export());
    }

    /** Makes network and guest; the servers start when a test first asks for them. */
    static Lab boot() {
        Instant begin = Instant.now();
        LabRequirements.check();
        Path directory = Path.of("target", "lab").toAbsolutePath();
        LabRootfs rootfs = LabRootfsCache.usual(Path.of("target", "lab-cache").toAbsolutePath())
                .tree();
        LabNetwork.removeLeftovers();
        HostCommand.of("rm", "-rf", "--one-file-system", directory.toString()).succeed();
        try {
            Files.createDirectories(directory);
            Path temporary = Files.createTempDirectory("mooring-lab");
            LabReaper reaper = LabReaper.watch(LabNetwork.prefix(), temporary);
            try {
                Lab lab = new Lab(directory, temporary, rootfs, reaper);
                lab.client = lab.startGuest("client", CLIENT_NUMBER);
                lab.client.awaitBoot();
                lab.report.line(
                        "network and guest up after %.1f s", LabReport.seconds(Duration.between(begin, Instant.now())));
                return lab;
            } catch (IOException | RuntimeException e) {
                reaper.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LabException("no lab in " + directory + ": " + e.getMessage(), e);
        }
    }

    LabNode node1() {
        return node1;
    }

    LabNode node2() {
        return node2;
    }

    /** A further node, with .{@code number} as its address; made when it is first asked for. */
    LabNode node(String name, int number) {
        return more.computeIfAbsent(name, absent -> network.addNode(name, number));
    }

    LabRootfs rootfs() {
        return rootfs;
    }

    /** The script at the top of the repository, or what is tried instead of it. */
    static Path launcher() {
        return Path.of(System.getProperty("mooring.lab.launcher", "../mooring"))
                .toAbsolutePath()
                .normalize();
    }

    LabGuest client() {
        return client;
    }

    /**
     * Runs commands of sh on this machine, beside the server, with the guest tree's programs, as root; what lies in the directory
     * is /mnt for them, and the working directory.
     */
    CommandResult besideServer(Path mounted, String commandText) {
        String enter = "mount --bind \"$0\" \"$1/mnt\" && exec chroot \"$1\" sh -c \"cd /mnt; $2\"";
        return HostCommand.of(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        enter,
                        mounted.toString(),
                        rootfs.root().toString(),
                        commandText)
                .within(Duration.ofMinutes(1))
                .run();
    }

    LabReport report() {
        return report;
    }

    LabPackets packets() {
        return packets;
    }

    /** The directory that both nodes export, under this name. */
    Path export() {
        return directory.resolve("export");
    }

    LabServer server(LabNode node) {
        return Objects.requireNonNull(servers.get(node.name()), "call startServers() first");
    }

    /** Those that run now. */
    List<LabServer> runningServers() {
        return servers.values().stream().filter(LabServer::isAlive).toList();
    }

    /** A further guest, with .{@code number} as its address. */
    LabGuest startGuest(String name, int number) {
        return startGuest(LabGuest.Machine.small(name, number));
    }

    LabGuest startGuest(LabGuest.Machine machine) {
        LabGuest guest =
                LabGuest.start(rootfs, network, temporary, directory.resolve(machine.name() + ".log"), machine);
        guests.removeIf(before -> !before.isAlive());
        guests.add(guest);
        return guest;
    }

    /** Those that run now, the client among them. */
    List<LabGuest> runningGuests() {
        return guests.stream().filter(LabGuest::isAlive).toList();
    }

    /** Where reports are written. */
    Path directory() {
        return directory;
    }

    /** For what a test class makes beside the export; the first lab that comes finds it empty. */
    Path place(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new LabException("no directory " + name, e);
        }
    }

    /** Starts those servers that are not there, and waits until they serve. */
    void startServers() {
        Instant begin = Instant.now();
        boolean started = false;
        for (LabNode node : List.of(node1, node2)) {
            LabServer server = servers.get(node.name());
            if (server == null || !server.isAlive()) {
                servers.put(node.name(), startServer(node));
                started = true;
            }
        }
        if (started) {
            servers.values().forEach(LabServer::awaitReady);
            report.line("servers ready after %.1f s", LabReport.seconds(Duration.between(begin, Instant.now())));
        }
    }

    /** Cuts a node's link, until {@link #mend} or {@link #reset}. */
    void cut(LabNode node) {
        network.link(node == node1 ? NODE1 : NODE2, false);
    }

    void mend(LabNode node) {
        network.link(node == node1 ? NODE1 : NODE2, true);
    }

    /** Ends the server on a node and removes its instance: the next test finds a new one, whatever was done to this. */
    void discardServer(LabNode node) {
        server(node).kill();
        HostCommand.of("rm", "-rf", data(node).toString()).succeed();
    }

    private Path data(LabNode node) {
        return directory.resolve("data-" + node.name());
    }

    private LabServer startServer(LabNode node) {
        List<String> shared =
                List.of("--lock-state", directory.resolve("lock-state").toString());
        LabServer.Options options =
                new LabServer.Options(launcher(), data(node), export(), directory.resolve("handle.key"), shared);
        Path log = directory.resolve("server-" + node.name() + ".log");
        if (Files.notExists(data(node)) && Files.exists(log)) {
            // A new instance begins with a new log.
            HostCommand.of("mv", log.toString(), log + ".before").succeed();
        }
        return LabServer.start(node, options, log);
    }

    /** Brings all to where a test begins: servers up, the floating address on node 1, nothing mounted, the export empty. */
    void reset() {
        network.link(NODE1, true);
        network.link(NODE2, true);
        startServers();
        if (node2.hasAddress(LabNetwork.FLOATING)) {
            node2.removeAddress(LabNetwork.FLOATING);
        }
        if (!node1.hasAddress(LabNetwork.FLOATING)) {
            node1.addAddress(LabNetwork.FLOATING);
        }
        resetClient();
        HostCommand.of("find", export().toString(), "-mindepth", "1", "-delete").succeed();
        HostCommand.of("chmod", "0777", export().toString()).succeed();
    }

    /** Nothing is mounted and nothing runs; a client that hangs on what the last test left is started anew. */
    void resetClient() {
        if (!client.isAlive() || !cleanClient()) {
            report.line("the client hangs and is started anew");
            client.kill();
            client = startGuest("client", CLIENT_NUMBER);
            client.awaitBoot();
        }
    }

    private boolean cleanClient() {
        try {
            client.killJobs();
            String commands = "rm -rf /tmp/*; umount -a -f -t nfs; ! grep ' nfs ' /proc/mounts";
            return client.run(commands, SHORT).status() == 0;
        } catch (LabException e) {
            report.line("%s", e.getMessage());
            return false;
        }
    }

    /** Stops the servers cleanly; everything else, and what does not stop, is ended by the reaper. */
    @Override
    public void close() {
        try (reaper) {
            servers.values().forEach(LabServer::stop);
        }
    }
}
