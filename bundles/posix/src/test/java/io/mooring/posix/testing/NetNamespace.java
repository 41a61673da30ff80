package io.mooring.posix.testing;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace for a test, with a thread of its own inside: a netlink socket that is opened there stays there.
 * Closing deletes it. Not thread-safe.
 */
public final class NetNamespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int TIMEOUT_SECONDS = 30;

    private final String name;
    private final ExecutorService inside = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "in-namespace");
        thread.setDaemon(true);
        return thread;
    });

    private NetNamespace(String name) {
        this.name = name;
    }

    /** Makes one, with loopback down and nothing else; skips the test where that is not permitted. */
    public static NetNamespace create() throws Exception {
        String name = "mooring-test-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        String problem = tryRun(List.of("ip", "netns", "add", name), "");
        Assumptions.assumeTrue(
                problem.isEmpty(), "network namespaces need root and the ip command (iproute2): " + problem);
        NetNamespace namespace = new NetNamespace(name);
        try {
            namespace.call(() -> {
                Calls.enter("/run/netns/" + name);
                return null;
            });
        } catch (Exception e) {
            namespace.close();
            throw e;
        }
        return namespace;
    }

    /** For commands: {@code ip netns exec NAME …}. */
    public String name() {
        return name;
    }

    /** Runs the task on the thread inside. */
    public <T> T call(Callable<T> task) throws Exception {
        try {
            return inside.submit(task).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** {@code ip -n NAME ARGUMENTS}, separated by spaces; what it printed. */
    public String ip(String arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments.split(" ")));
        return run(command, "");
    }

    /** Many lines of arguments to ip in one process. */
    public void batch(List<String> lines) throws IOException {
        run(List.of("ip", "-n", name, "-batch", "-"), String.join("\n", lines) + "\n");
    }

    /** Sets a kernel parameter of the namespace, by its path under /proc/sys. */
    public void sysctl(String path, String value) throws IOException {
        run(List.of("ip", "netns", "exec", name, "tee", "/proc/sys/" + path), value);
    }

    @Override
    public void close() throws IOException {
        inside.shutdownNow();
        run(List.of("ip", "netns", "del", name), "");
    }

    private static String tryRun(List<String> command, String input) {
        try {
            run(command, input);
            return "";
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private static String run(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int status = process.onExit().get(TIMEOUT_SECONDS, TimeUnit.SECONDS).exitValue();
            if (status != 0) {
                throw new IOException(String.join(" ", command) + ": " + output.trim());
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command), e);
        }
        return output;
    }

    /** setns(2) for the calling thread. */
    private static final class Calls {
        private static final int CLONE_NEWNET = 0x40000000;

        static {
            Native.register(Calls.class, Platform.C_LIBRARY_NAME);
        }

        static native int open(String path, int flags);

        static native int setns(int fd, int type);

        static native int close(int fd);

        static void enter(String path) throws IOException {
            int fd = open(path, 0);
            int result = fd < 0 ? fd : setns(fd, CLONE_NEWNET);
            int errno = Native.getLastError();
            if (fd >= 0) {
                close(fd);
            }
            if (result < 0) {
                throw new IOException("setns " + path + ": errno " + errno);
            }
        }
    }
}
