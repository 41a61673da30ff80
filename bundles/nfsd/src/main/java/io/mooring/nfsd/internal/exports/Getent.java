package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Asks the system's name service switch by getent(1): Java has no call for netgroups and groups, and the switch's modules
 * (LDAP, NIS, files) are none of ours. Each question is a process: few at a time, and each with a bound on its time and on
 * what it says. Blocks: not for event loops. Thread-safe.
 */
public final class Getent {
    private static final int PROCESSES = 4;
    private static final int MAX_BYTES = 4 << 20;

    /** getent(1): one or more keys could not be found. */
    private static final int NOT_FOUND = 2;

    private final String command;
    private final Duration patience;
    private final Semaphore free = new Semaphore(PROCESSES);

    public Getent(Duration patience) {
        this("getent", patience);
    }

    Getent(String command, Duration patience) {
        this.command = command;
        this.patience = patience;
    }

    /** What the database has for the key; empty where it has nothing. */
    Optional<String> ask(String database, String key) throws NameServiceException {
        String what = database + " " + key;
        try {
            if (!free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new NameServiceException("too many questions are under way to ask for " + what);
            }
            try {
                return run(database, key, what);
            } finally {
                free.release();
            }
        } catch (IOException e) {
            throw new NameServiceException("asking for " + what + " failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NameServiceException("interrupted while asking for " + what);
        }
    }

    private Optional<String> run(String database, String key, String what)
            throws IOException, InterruptedException, NameServiceException {
        Process process = new ProcessBuilder(command, database, key)
                .redirectError(Redirect.DISCARD)
                .start();
        CompletableFuture<Boolean> late = process.onExit()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((exited, timeout) -> {
                    if (timeout != null) {
                        kill(process);
                    }
                    return timeout != null;
                });
        try (InputStream out = process.getInputStream()) {
            process.getOutputStream().close();
            byte[] bytes = out.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new NameServiceException("the answer for " + what + " is too long");
            }
            int status = process.waitFor();
            if (late.join()) {
                throw new NameServiceException("the name service does not answer for " + what);
            }
            if (status != 0 && status != NOT_FOUND) {
                throw new NameServiceException("the name service failed for " + what + ": getent ended with " + status);
            }
            return status == 0 ? Optional.of(new String(bytes, StandardCharsets.UTF_8)) : Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * With its children, as they have the pipe as well. It is what ends the reading: a read from a pipe cannot be interrupted.
     * By its handle: {@link Process#destroyForcibly} would close the pipe under the reader.
     */
    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }
}
