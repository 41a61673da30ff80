package io.mooring.failover.internal.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A file system in memory, mounted for a test, and unmounted in any case. */
final class TestMount implements AutoCloseable {
    private final Path point;

    /** Skips the test where nothing can be mounted. */
    TestMount(Path point, String options) throws IOException {
        this.point = point;
        boolean mounted = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", point.toString());
        Assumptions.assumeTrue(mounted, "mounting needs root and CAP_SYS_ADMIN");
    }

    void remount(String options) throws IOException {
        Assumptions.assumeTrue(run("mount", "-o", "remount," + options, point.toString()), "remounting needs root");
    }

    /** Whether it could be unmounted: nobody has anything open. */
    boolean unmount() throws IOException {
        return run("umount", point.toString());
    }

    /** Also while it is in use: it leaves the tree of names at once. */
    @Override
    public void close() throws IOException {
        run("umount", "-l", point.toString());
    }

    private static boolean run(String... words) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor(30, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return false;
    }
}
