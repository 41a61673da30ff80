package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A guest in which {@link PlainServer} serves: a whole machine that can lose its power, whose disk can be broken, and whose kernel
 * knows what this machine's may not (quotas, device-mapper). Owned by the thread of the tests.
 */
final class ServerGuest implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final String MEMORY = "512M";
    /** One processor and a small memory: no compiler that works long, no threads that only collect garbage. */
    private static final List<String> JAVA_OPTIONS = List.of(
            "-Xmx128M", "-XX:-UsePerfData", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=/mnt");

    private final LabGuest guest;
    private final String address;
    private final Path log;

    private ServerGuest(LabGuest guest, String address, Path log) {
        this.guest = guest;
        this.address = address;
        this.log = log;
    }

    /**
     * What the machine serves.
     *
     * @param name of the guest
     * @param number of the lab's network, and nobody else's there: a client that has just used the address elsewhere goes on looking
     *     for it there, for more than a minute
     * @param disks its block devices: ubda, ubdb and so on
     * @param mounts commands that mount something at /mnt/host/mnt, which the server sees as /mnt, and make the directories in it
     * @param exports lines as in exports(5)
     */
    record Plan(String name, int number, List<Path> disks, String mounts, String exports) {}

    /** Boots the machine and starts the server. */
    static ServerGuest start(Lab lab, Plan plan) {
        Instant begin = Instant.now();
        LabGuest guest = lab.startGuest(new LabGuest.Machine(plan.name(), plan.number(), MEMORY, plan.disks()));
        ServerGuest server = new ServerGuest(
                guest, "10.77.0." + plan.number(), lab.place("logs").resolve("in-" + plan.name() + ".log"));
        try {
            guest.awaitBoot();
            guest.put("server-guest.sh");
            guest.succeed("set -e; mkdir /mnt/host; mount -t hostfs none /mnt/host -o ro,/\n" + plan.mounts()
                    + "\ncat > /mnt/host/mnt/exports <<'END OF EXPORTS'\n" + plan.exports() + "\nEND OF EXPORTS");
            guest.run(
                            "bash /tmp/server-guest.sh "
                                    + String.join(" ", PlainServer.command(JAVA_OPTIONS, Path.of("/mnt"))),
                            START_LIMIT)
                    .succeeded();
            lab.report()
                    .line(
                            "a machine with a server up after %.1f s",
                            LabReport.seconds(Duration.between(begin, Instant.now())));
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    LabGuest guest() {
        return guest;
    }

    String address() {
        return address;
    }

    /** The lines in which the server logged an error. */
    List<String> errors() {
        return log().lines().filter(line -> line.contains("ERROR")).toList();
    }

    /** All that the server printed so far. */
    String log() {
        guest.succeed("sync /mnt/box/server.log");
        return printed();
    }

    private String printed() {
        try {
            return Files.readString(guest.box().resolve("server.log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "nothing: " + e.getMessage();
        }
    }

    /** The words that mount one of the exports in a client, at /mnt/nfs. */
    String mount(String export, String... options) {
        return "mount -t nfs -o vers=3,proto=tcp,mountproto=tcp,port=2049,mountport=2049,nolock"
                + String.join("", options) + " " + address + ":" + export + " /mnt/nfs";
    }

    /** The power is off: what was not on the disk is gone. */
    @Override
    public void close() {
        guest.kill();
        try {
            Files.writeString(log, printed(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new LabException("the server's log cannot be kept", e);
        }
    }
}
