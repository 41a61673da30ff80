package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A machine with a real Linux kernel: User Mode Linux on the shared guest tree. Commands go in and results come out through a
 * directory of the host that the guest mounts. Its life is limited; it ends with {@link #kill}, or with the lab. Thread-safe.
 */
final class LabGuest implements AutoCloseable {

    private static final String KERNEL_NAME = "linux.uml";
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(90);
    private static final String LIFE_SECONDS = "3600";
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

    private final String name;
    private final Path box;
    private final Path log;
    private final Process process;
    private final AtomicInteger commands = new AtomicInteger();

    /**
     * A machine of the lab, with the addresses 10.77.0.{@code number} and fd77::{@code number}.
     *
     * @param name of the guest, and of its log
     * @param number of the lab's network
     * @param memory as the kernel's option {@code mem} has it
     * @param disks images that are its block devices: ubda, ubdb and so on
     */
    record Machine(String name, int number, String memory, List<Path> disks) {

        /** What a client needs. */
        static Machine small(String name, int number) {
            return new Machine(name, number, "256M", List.of());
        }
    }

    private LabGuest(String name, Path box, Path log, Process process) {
        this.name = name;
        this.box = box;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a guest; {@link #awaitBoot} waits for it.
     *
     * @param directory of the host; a directory for each guest is made in it
     */
    static LabGuest start(LabRootfs rootfs, LabNetwork network, Path directory, Path log, Machine machine) {
        String name = machine.name();
        try {
            HostCommand.of("rm", "-rf", directory.resolve(name).toString()).succeed();
            Path box = Files.createDirectories(directory.resolve(name));
            Files.createDirectory(box.resolve("in"));
            Files.createDirectory(box.resolve("out"));
            LabResources.copy("guest-init.sh", box.resolve("init"));
            LabResources.copy("guest-agent.sh", box.resolve("agent"));
            LabResources.copy("write-lines.py", box.resolve("write-lines.py"));
            List<String> words = new ArrayList<>(List.of("setsid"));
            words.addAll(network.inBridge());
            // Its own pid namespace is a must: the traced processes of a killed kernel would go on running on the host.
            words.addAll(List.of("unshare", "-m", "-p", "--fork", "--kill-child", "--mount-proc"));
            words.addAll(List.of("env", "TMPDIR=/dev/shm", "timeout", "-s", "KILL", LIFE_SECONDS));
            words.addAll(kernelCommand(rootfs, directory, box, network.tap(machine.number()), machine));
            Process process = HostCommand.of(words).start(log);
            return new LabGuest(name, box, log, process);
        } catch (IOException e) {
            throw new LabException("guest " + name + " did not start: " + e.getMessage(), e);
        }
    }

    private static List<String> kernelCommand(LabRootfs rootfs, Path directory, Path box, String tap, Machine machine) {
        int number = machine.number();
        List<String> words = new ArrayList<>(List.of(
                rootfs.kernel().toString(),
                "uml_dir=" + directory + "/",
                "umid=" + machine.name() + number,
                "mem=" + machine.memory(),
                "root=/dev/root",
                "rootfstype=hostfs",
                "rootflags=" + rootfs.root(),
                "ro",
                "init=" + LabRootfsRecipe.INIT,
                "labname=" + machine.name(),
                "labip=10.77.0." + number + "/24",
                "labip6=fd77::" + number + "/64",
                "labbox=" + box,
                // Without gro=1 large reads over TCP hang.
                "vec0:transport=tap,ifname=" + tap + ",gro=1,mac=" + String.format("02:77:00:00:00:%02x", number),
                "con=null",
                "con0=null,fd:1",
                "ssl=null",
                "quiet",
                "loglevel=5"));
        for (int disk = 0; disk < machine.disks().size(); disk++) {
            words.add("ubd" + disk + "=" + machine.disks().get(disk));
        }
        return words;
    }

    void awaitBoot() {
        boolean up = Waiting.until(BOOT_LIMIT, () -> !process.isAlive() || Files.exists(box.resolve("booted")));
        if (!up || !process.isAlive()) {
            throw new LabException("guest " + name + (up ? " died while it booted" : " did not boot") + ": see " + log);
        }
    }

    String name() {
        return name;
    }

    /** What the guest sees as /mnt/box. */
    Path box() {
        return box;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Runs commands of bash and waits for their end. */
    CommandResult run(String commandText, Duration limit) {
        return start(commandText).await(limit);
    }

    /** Runs commands that must succeed within a minute, and gives their output. */
    String succeed(String commandText) {
        return run(commandText, Duration.ofMinutes(1)).succeeded();
    }

    /** Puts one of the lab's scripts into the guest, as /tmp/{@code script}. */
    void put(String script) {
        succeed("cat > /tmp/" + script + " <<'END OF SCRIPT'\n" + LabResources.read(script) + "END OF SCRIPT");
    }

    /** Starts commands of bash in the background. */
    GuestJob start(String commandText) {
        String id = String.format("%06d", commands.incrementAndGet());
        try {
            Path hidden = box.resolve("in").resolve("." + id);
            Files.writeString(hidden, commandText + "\n", StandardCharsets.UTF_8);
            Files.move(hidden, box.resolve("in").resolve(id + ".sh"));
        } catch (IOException e) {
            throw new LabException("guest " + name + " cannot be told: " + commandText, e);
        }
        return new GuestJob(this, commandText, box.resolve("out"), id);
    }

    /** Ends all commands that still run, and what they left running. */
    void killJobs() {
        Path request = ask("killjobs");
        if (!Waiting.until(ANSWER_LIMIT, () -> Files.notExists(request))) {
            throw new LabException("guest " + name + " does not answer");
        }
    }

    private Path ask(String request) {
        try {
            return Files.createFile(box.resolve(request));
        } catch (IOException e) {
            throw new LabException("guest " + name + " cannot be asked: " + request, e);
        }
    }

    /** Stops its kernel between two instructions, with all that it has yet to write; the host's files stay as they are now. */
    void pause() {
        signalKernel("-STOP");
    }

    /** Lets it go on. */
    void resume() {
        signalKernel("-CONT");
    }

    private void signalKernel(String signal) {
        List<String> words = new ArrayList<>(List.of("kill", signal));
        process.descendants().filter(LabGuest::isKernel).forEach(handle -> words.add(Long.toString(handle.pid())));
        HostCommand.of(words).succeed();
    }

    /** The guest's processes are processes of the host as well; its kernel traces them and never stops on its own. */
    private static boolean isKernel(ProcessHandle handle) {
        try {
            List<String> status = Files.readAllLines(Path.of("/proc", Long.toString(handle.pid()), "status"));
            return status.contains("Name:\t" + KERNEL_NAME) && status.contains("TracerPid:\t0");
        } catch (IOException e) {
            return false; // ended meanwhile
        }
    }

    /** As a power failure: nothing is written back. */
    void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new LabException("guest " + name + " survived SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the guest by its own kernel, and by force when that takes too long. */
    @Override
    public void close() {
        try {
            ask("poweroff");
            Waiting.until(ANSWER_LIMIT, () -> !process.isAlive());
        } finally {
            kill();
        }
    }
}
