package io.mooring.rpcbind.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace of its own, with a loopback interface only: port 111 is free in it. Programs in it see an /etc
 * and a /run of their own, since rpcbind has a socket, a lock and a user there. Used by one thread; closing it ends
 * what was started and deletes the namespace.
 */
final class NamespaceLab {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** $1: where the Debian packages are. */
    private static final String PREPARE = """
            set -e
            mount -t tmpfs tmpfs /run
            cp -a /etc /run/etc
            [ -e /etc/netconfig ] || cp "$1/etc/netconfig" /run/etc/
            grep -q '^_rpc:' /etc/passwd || echo '_rpc:x:65533:65534::/run:/bin/false' >> /run/etc/passwd
            mount --bind /run/etc /etc
            shift
            exec "$@"
            """;

    private final String name;
    private final Path directory;
    private final DebianPackages packages;
    private final List<Process> started = new ArrayList<>();

    private NamespaceLab(String name, Path directory, DebianPackages packages) {
        this.name = name;
        this.directory = directory;
        this.packages = packages;
    }

    static NamespaceLab open(String name, Path directory, DebianPackages packages)
            throws IOException, InterruptedException {
        NamespaceLab lab = new NamespaceLab(name, directory, packages);
        lab.must("ip", "netns", "add", name);
        try {
            lab.must("ip", "-n", name, "link", "set", "lo", "up");
        } catch (IOException e) {
            lab.close();
            throw e;
        }
        return lab;
    }

    /** Runs Debian's rpcinfo in the namespace. */
    Command.Result rpcinfo(String... arguments) throws IOException, InterruptedException {
        return Command.run(PATIENCE, directory, inside(packages.rpcinfo().toString(), arguments));
    }

    /** Starts Debian's rpcbind in the namespace. */
    Process startRpcbind() throws IOException {
        return start("rpcbind", inside(packages.rpcbind().toString(), "-f"));
    }

    /** Starts {@link RpcbindProcess} in the namespace; closing its input ends it. */
    Process startOurs(Path output, boolean privileged) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name));
        if (!privileged) {
            command.addAll(List.of("setpriv", "--bounding-set", "-net_bind_service"));
        }
        command.addAll(List.of(java, "-Xmx128m", "-cp", classPath, RpcbindProcess.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        return process;
    }

    private Process start(String what, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(directory, what, ".log").toFile())
                .start();
        started.add(process);
        return process;
    }

    private List<String> inside(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", name, "unshare", "-m"));
        command.addAll(List.of("sh", "-c", PREPARE, "sh", packages.root().toString()));
        command.addAll(List.of("env", "LD_LIBRARY_PATH=" + packages.libraries(), program));
        command.addAll(List.of(arguments));
        return command;
    }

    private void must(String... command) throws IOException, InterruptedException {
        Command.Result result = Command.run(PATIENCE, directory, List.of(command));
        if (result.exit() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.output());
        }
    }

    void close() throws IOException, InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        must("ip", "netns", "delete", name);
    }
}
