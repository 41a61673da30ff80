package io.mooring.itests.crash;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link CrashNode} in a JVM of its own, which is killed. Used by one thread. */
final class NodeProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader said;
    private final String[] ports;

    private NodeProcess(Process process) throws Exception {
        this.process = process;
        this.said = process.inputReader(StandardCharsets.US_ASCII);
        this.ports = expect("SERVING").split(" ", 3);
    }

    /** Serves when this returns. Its log goes to a file beside the test's own reports. */
    static NodeProcess start(Path directory, File log) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        // Its life is short.
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CrashNode.class.getName(),
                        directory.toString()))
                .redirectError(Redirect.appendTo(log))
                .start();
        try {
            return new NodeProcess(process);
        } catch (Exception e) {
            process.destroyForcibly();
            throw new IOException("the node does not serve: see " + log, e);
        }
    }

    int nfsPort() {
        return Integer.parseInt(ports[1]);
    }

    int lockPort() {
        return Integer.parseInt(ports[2]);
    }

    /** Calls stop at this point. */
    void arm(CrashPoint point, int calls) throws Exception {
        Writer orders = process.outputWriter(StandardCharsets.US_ASCII);
        orders.write("ARM " + point + " " + calls + "\n");
        orders.flush();
        expect("ARMED");
    }

    /** Returns when they are all there. */
    void awaitCalls() throws Exception {
        expect("REACHED");
    }

    private String expect(String word) throws Exception {
        String line = CompletableFuture.supplyAsync(this::read).get(PATIENCE_SECONDS, SECONDS);
        if (line == null || !line.startsWith(word)) {
            throw new IOException(word + " was expected, and it said " + line);
        }
        return line;
    }

    private String read() {
        try {
            return said.readLine();
        } catch (IOException e) {
            return null;
        }
    }

    /** As kill -9 does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(PATIENCE_SECONDS, SECONDS)) {
            throw new AssertionError("a killed process goes on");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
