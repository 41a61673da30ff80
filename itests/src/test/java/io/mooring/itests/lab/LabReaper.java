package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ends everything in a lab's namespaces, and the namespaces, as soon as this object is closed or this JVM dies, be it by kill -9:
 * a small process of its own session waits for the end of a pipe that this JVM holds. Thread-safe.
 */
final class LabReaper implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;

    private final Process process;

    private LabReaper(Process process) {
        this.process = process;
    }

    /** @param prefix what the names of all the lab's namespaces begin with */
    static LabReaper watch(String prefix, Path temporaryDirectory) {
        List<String> words = List.of(
                "setsid", "bash", "-c", LabResources.read("reap.sh"), "reap", prefix, temporaryDirectory.toString());
        try {
            return new LabReaper(new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new LabException("the lab's reaper did not start", e);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new LabException("the lab's namespaces were not cleaned up within " + LIMIT_SECONDS + " s");
            }
        } catch (IOException e) {
            throw new LabException("the lab's reaper could not be told to end", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
