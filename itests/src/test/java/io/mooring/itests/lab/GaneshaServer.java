package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** NFS-Ganesha and rpcbind on a node, for comparison. Owned by the thread of the tests. */
final class GaneshaServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final LabNode node;
    private final Path log;
    private final Process process;

    private GaneshaServer(LabNode node, Path log, Process process) {
        this.node = node;
        this.log = log;
        this.process = process;
    }

    /** @param directory for its configuration and its log */
    static GaneshaServer start(LabNode node, GaneshaPackages packages, Path directory, Path exported) {
        try {
            Path work = Files.createDirectories(directory.resolve("ganesha-" + node.name()));
            Path log = work.resolve("log");
            HostCommand command = node.command(
                    "bash",
                    "-c",
                    LabResources.read("ganesha-node.sh"),
                    "ganesha-node",
                    packages.tree().toAbsolutePath().toString(),
                    work.toString(),
                    exported.toString());
            return new GaneshaServer(node, log, command.start(log));
        } catch (IOException e) {
            throw new LabException("NFS-Ganesha on " + node.name() + " did not start", e);
        }
    }

    void awaitReady() {
        boolean ended = Waiting.until(START_LIMIT, () -> !process.isAlive() || node.listensOn(LabServer.NFS_PORT));
        if (!ended || !process.isAlive()) {
            throw new LabException("NFS-Ganesha on " + node.name() + " does not serve: see " + log);
        }
    }

    /** Ends rpcbind, too, which is its child. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            children.forEach(ProcessHandle::destroy);
        }
    }
}
