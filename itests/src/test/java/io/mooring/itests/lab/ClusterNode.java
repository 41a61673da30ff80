package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A machine on a node's network, in which Debian's cluster programs run: the guest tree, in namespaces of its own for mounts,
 * processes and its name. The server runs beside it, on the host. Owned by the thread of the tests.
 */
final class ClusterNode implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** As a service manager leaves it. */
    private static final List<String> ENVIRONMENT = List.of("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin");

    private final Lab lab;
    private final LabNode node;
    private final Path directory;
    private final Process process;
    private final List<String> enter;
    private int daemons;

    private ClusterNode(Lab lab, LabNode node, Path directory, Process process) {
        this.lab = lab;
        this.node = node;
        this.directory = directory;
        this.process = process;
        long first = process.children().findFirst().orElseThrow().pid();
        List<String> words = new ArrayList<>(List.of("nsenter", "--target", Long.toString(first)));
        words.addAll(List.of("--mount", "--uts", "--pid", "--net", "--root", "--wd", "--"));
        words.addAll(ENVIRONMENT);
        this.enter = List.copyOf(words);
    }

    static ClusterNode boot(Lab lab, LabNode node) {
        Path directory = lab.place("cluster-" + node.name());
        HostCommand.of("find", directory.toString(), "-mindepth", "1", "-delete")
                .succeed();
        Path script = LabResources.copy("cluster-node.sh", directory.resolve("boot.sh"));
        Path log = directory.resolve("boot.log");
        String root = lab.rootfs().root().toString();
        Process process = start(
                node.command(
                        "unshare",
                        "--mount",
                        "--uts",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "sh",
                        script.toString(),
                        root,
                        node.name()),
                log);
        boolean up = Waiting.until(
                LIMIT, () -> !process.isAlive() || Files.readString(log).contains("up"));
        if (!up || !process.isAlive()) {
            process.destroyForcibly();
            throw new LabException("no cluster machine on " + node.name() + ": see " + log);
        }
        return new ClusterNode(lab, node, directory, process);
    }

    private static Process start(HostCommand command, Path log) {
        try {
            return command.start(log);
        } catch (IOException e) {
            throw new LabException("did not start: " + command.words(), e);
        }
    }

    LabNode node() {
        return node;
    }

    /** How a file of the host is called in here. */
    static String inside(Path file) {
        return "/mnt" + file;
    }

    /** A file that both sides see; it is gone with the next machine on this node. */
    Path file(String name) {
        return directory.resolve(name);
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(file(name), text);
        } catch (IOException e) {
            throw new LabException("no file " + name, e);
        }
    }

    String read(String name) {
        try {
            return Files.exists(file(name)) ? Files.readString(file(name)) : "";
        } catch (IOException e) {
            throw new LabException("cannot read " + name, e);
        }
    }

    /** What is in the distribution for cluster managers. */
    static Path shipped(String name) {
        return Lab.launcher().resolveSibling("karaf-assembly/target/assembly/cluster/" + name);
    }

    /** The words that run a command, which is to be put behind them, in the shell of the node's server. */
    String client() {
        Path data = lab.server(node).configuration().getParent();
        return "chroot /mnt " + Lab.launcher() + " client --data " + data;
    }

    HostCommand command(String... words) {
        return HostCommand.of(enter, words).within(Duration.ofMinutes(2));
    }

    /** Starts what stays; gives the name of its log. */
    String daemon(String... words) {
        daemons++;
        String log = "daemon-" + daemons + ".log";
        start(command(words), file(log));
        return log;
    }

    /** The end of all its processes. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new LabException("the cluster machine on " + node.name() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
