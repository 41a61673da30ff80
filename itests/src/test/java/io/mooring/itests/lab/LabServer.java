package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Mooring on a node, started by the launcher as an administrator would. Owned by the thread of the tests. */
final class LabServer {

    static final int NFS_PORT = 2049;
    static final int RPCBIND_PORT = 111;
    static final int LOCK_PORT = 4045;

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);

    private final LabNode node;
    private final Options options;
    private final Path log;
    private final Process process;

    /**
     * How a server is started.
     *
     * @param launcher the script {@code mooring} at the top of the repository
     * @param data the instance directory
     * @param export the directory to export, under its own name
     * @param handleKey the key of the file handles, the same on all nodes
     * @param more further words for the launcher
     */
    record Options(Path launcher, Path data, Path export, Path handleKey, List<String> more) {}

    private LabServer(LabNode node, Options options, Path log, Process process) {
        this.node = node;
        this.options = options;
        this.log = log;
        this.process = process;
    }

    /** Starts the process; {@link #awaitReady} waits for it. */
    static LabServer start(LabNode node, Options options, Path log) {
        if (!Files.isExecutable(options.launcher())) {
            throw new LabException("there is no launcher " + options.launcher());
        }
        HostCommand command = node.command(
                options.launcher().toString(),
                "--data",
                options.data().toString(),
                "--export",
                options.export().toString(),
                "--port",
                Integer.toString(NFS_PORT),
                "--clients",
                LabNetwork.CLIENTS,
                "--handle-key",
                options.handleKey().toString());
        return start(
                node, options, HostCommand.of(command.words(), options.more().toArray(String[]::new)), log);
    }

    /** Starts it by other words than usual, which become the launcher with this instance directory. */
    static LabServer start(LabNode node, List<String> words, Path launcher, Path data, Path log) {
        Options options = new Options(launcher, data, null, null, List.of());
        return start(node, options, node.command(words.toArray(String[]::new)), log);
    }

    private static LabServer start(LabNode node, Options options, HostCommand command, Path log) {
        try {
            return new LabServer(node, options, log, command.start(log));
        } catch (IOException e) {
            throw new LabException("the server on " + node.name() + " did not start: " + e.getMessage(), e);
        }
    }

    /** Waits until the ports of NFS, rpcbind and locks are being listened on; a server that does not get there is killed. */
    void awaitReady() {
        awaitListening(NFS_PORT, RPCBIND_PORT, LOCK_PORT);
    }

    /** Likewise for these ports. */
    void awaitListening(Integer... ports) {
        List<Integer> wanted = List.of(ports);
        boolean ended = Waiting.until(
                START_LIMIT, () -> !process.isAlive() || wanted.stream().allMatch(node::listensOn));
        if (!process.isAlive()) {
            throw new LabException(
                    "the server on " + node.name() + " ended with status " + process.exitValue() + ":\n" + lastLines());
        }
        if (!ended) {
            String last = lastLines();
            // What its threads are at, into the log.
            signal("-QUIT");
            Waiting.pass(Duration.ofSeconds(2));
            kill();
            throw new LabException("the server on " + node.name() + " did not listen on " + wanted + " within "
                    + START_LIMIT.toSeconds() + " s; its threads are in " + log + ":\n" + last);
        }
    }

    LabNode node() {
        return node;
    }

    /** Where its configuration is. */
    Path configuration() {
        return options.data().resolve("etc");
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The process that serves: the launcher becomes the JVM; if it does not, the JVM is among its descendants. */
    long pid() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .filter(handle -> handle.info()
                        .command()
                        .filter(command -> command.endsWith("/java"))
                        .isPresent())
                .findFirst()
                .orElse(process.toHandle())
                .pid();
    }

    /** The memory of this machine that it has now. */
    long residentBytes() {
        try (Stream<String> status = Files.lines(Path.of("/proc", Long.toString(pid()), "status"))) {
            String line =
                    status.filter(text -> text.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        } catch (IOException e) {
            throw new LabException("the server on " + node.name() + " is gone", e);
        }
    }

    /** Runs a command of the server's shell. */
    CommandResult client(String shellCommand) {
        return node.command(
                        options.launcher().toString(),
                        "client",
                        "--data",
                        options.data().toString(),
                        shellCommand)
                .within(Duration.ofMinutes(1))
                .run();
    }

    /** One of the counters that {@code nfs:stats} shows. */
    long counter(String name) {
        String output = client("nfs:stats --json").succeeded();
        Matcher matcher = Pattern.compile("\"" + name + "\"\\s*,\\s*\"count\"\\s*:\\s*([0-9]+)")
                .matcher(output);
        if (!matcher.find()) {
            throw new LabException("nfs:stats --json shows no " + name + ":\n" + output);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** The lines in which the server logged an error. */
    List<String> errors() {
        return log().lines().filter(line -> line.contains("ERROR")).toList();
    }

    /** All that the server printed so far. */
    String log() {
        try {
            return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new LabException("no log of the server on " + node.name(), e);
        }
    }

    /** Asks the server to stop and waits for its end. */
    void stop() {
        signal("-TERM");
        awaitEnd();
    }

    /** As a crash of the JVM. */
    void kill() {
        signal("-KILL");
        awaitEnd();
    }

    /** Stops all its threads between two instructions. */
    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        if (process.isAlive()) {
            HostCommand.of("kill", signal, Long.toString(pid())).run();
        }
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new LabException(
                        "the server on " + node.name() + " did not end within " + STOP_LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String lastLines() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }
}
