package io.mooring.nfsd.internal.exports;

import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Asks what may never be answered, as a path of a dead NFS server is not: on threads of its own, one question at a time,
 * and with a bound on the wait. A path that did not answer is not asked again before that thread is back, so that each path
 * costs one thread at the most, and the wait only once. Thread-safe.
 */
final class Patience implements AutoCloseable {
    private final Duration limit;

    /** Paths that a thread is asking. */
    private final Set<Path> asked = ConcurrentHashMap.newKeySet();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "nfsd-export-path");
        thread.setDaemon(true);
        return thread;
    });

    Patience(Duration limit) {
        this.limit = limit;
    }

    /** May block for ever. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws VfsException;
    }

    /**
     * The answer about a path.
     *
     * @param late takes an answer that nobody waits for any more
     * @throws VfsException the question's own; JUKEBOX where there is no answer in time
     */
    synchronized <T> T ask(Path path, Question<T> question, Consumer<T> late) throws VfsException {
        if (!asked.add(path)) {
            throw silent(path);
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.execute(() -> run(path, question, answer, late));
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return givenUp(answer, silent(path));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return givenUp(answer, new VfsException(Status.JUKEBOX, "interrupted while " + path + " was asked"));
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private <T> void run(Path path, Question<T> question, CompletableFuture<T> answer, Consumer<T> late) {
        try {
            T value = question.ask();
            // Before it is told: who is told may ask again.
            asked.remove(path);
            if (!answer.complete(value)) {
                late.accept(value);
            }
        } catch (VfsException | RuntimeException | Error e) {
            asked.remove(path);
            answer.completeExceptionally(e);
        }
    }

    /** Either this tells that there is no answer, or the answer came just now. */
    private static <T> T givenUp(CompletableFuture<T> answer, VfsException reason) throws VfsException {
        answer.completeExceptionally(reason);
        try {
            return answer.join();
        } catch (RuntimeException e) {
            throw failure(e);
        }
    }

    private static VfsException failure(Exception e) {
        return e.getCause() instanceof VfsException failed
                ? failed
                : new VfsException(Status.SERVERFAULT, String.valueOf(e.getCause()));
    }

    private static VfsException silent(Path path) {
        return new VfsException(
                Status.JUKEBOX, path + " does not answer: is it on a file system whose server or process is dead?");
    }

    /** A thread that is stuck in the kernel stays there; it keeps nothing from ending. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
