package io.mooring.nfsd.internal.exports;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the system's resolver, on threads of its own and with a bound on the wait: a dead name server must not take the
 * server's workers with it. What it said is remembered by each {@link Export} for a minute. Thread-safe.
 */
public final class SystemHostNames implements HostNames, AutoCloseable {
    private static final int THREADS = 4;
    private static final int QUEUED = 64;

    private final Duration patience;
    private final Lookup lookup;
    private final NetgroupLookup netgroups;
    private final ExecutorService resolvers;

    public SystemHostNames(Duration patience, Netgroups netgroups) {
        this(patience, new SystemLookup(), netgroups::hosts);
    }

    SystemHostNames(Duration patience, Lookup lookup, NetgroupLookup netgroups) {
        this.patience = patience;
        this.lookup = lookup;
        this.netgroups = netgroups;
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), task -> {
                    Thread thread = new Thread(task, "nfsd-names");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.resolvers = pool;
    }

    /** The resolver itself: it may block for long. */
    interface Lookup {
        /** None where the name is unknown. */
        List<InetAddress> addresses(String name) throws NameServiceException;

        /** The address itself where it has no name. */
        String name(InetAddress address) throws UnknownHostException;
    }

    /** Bounds its time itself. */
    interface NetgroupLookup {
        Set<String> hosts(String name) throws NameServiceException;
    }

    @Override
    public List<InetAddress> addresses(String name) throws NameServiceException {
        return await(name, () -> lookup.addresses(name));
    }

    @Override
    public String name(InetAddress address) throws NameServiceException {
        return await(address.getHostAddress(), () -> {
            String name = lookup.name(address);
            boolean trusted = !name.equals(address.getHostAddress())
                    && lookup.addresses(name).contains(address);
            return trusted ? name : null;
        });
    }

    @Override
    public Set<String> netgroup(String name) throws NameServiceException {
        return netgroups.hosts(name);
    }

    private <T> T await(String what, Callable<T> question) throws NameServiceException {
        try {
            Future<T> answer = resolvers.submit(question);
            try {
                return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                answer.cancel(true);
            }
        } catch (TimeoutException | RejectedExecutionException e) {
            throw new NameServiceException("the name service does not answer for " + what);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof NameServiceException failed) {
                throw failed;
            }
            throw new NameServiceException("the name service failed for " + what + ": " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NameServiceException("interrupted while asking for " + what);
        }
    }

    @Override
    public void close() {
        resolvers.shutdownNow();
    }
}
