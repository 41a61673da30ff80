package io.mooring.lockd.internal.locks;

import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcException.Answer;
import io.mooring.vfs.service.ServiceJournal;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journals of the services that this node has, by their addresses: nobody is told of what is not on stable storage there.
 * Other addresses have none, and wait for nothing. Thread-safe.
 */
public final class Durability {
    private static final Logger LOG = LoggerFactory.getLogger(Durability.class);

    private final Map<InetAddress, ServiceJournal> journals = new ConcurrentHashMap<>();

    public void attach(InetAddress service, ServiceJournal journal) {
        journals.put(service, journal);
    }

    /** Nobody is told any more of what was done until now. */
    public void detach(InetAddress service) {
        journals.remove(service);
    }

    /** What is there now; to be asked for before something is done that is to be waited for. */
    public Snapshot begin() {
        return new Snapshot(Map.copyOf(journals));
    }

    /** Likewise, where only what comes by one address is done. */
    public Snapshot begin(InetAddress service) {
        ServiceJournal journal = journals.get(service);
        return new Snapshot(journal == null ? Map.of() : Map.of(service, journal));
    }

    /** The journals of a moment. */
    public final class Snapshot {
        private final Map<InetAddress, ServiceJournal> before;

        private Snapshot(Map<InetAddress, ServiceJournal> before) {
            this.before = before;
        }

        /**
         * Returns when all that was done since is on stable storage. May block; to be called without any lock held.
         *
         * @throws RpcException NO_REPLY where that cannot be said: who asked must not be answered, and asks again
         */
        public void await() throws RpcException {
            if (!journals.equals(before)) {
                throw new RpcException(Answer.NO_REPLY, "a service came or went meanwhile");
            }
            for (Map.Entry<InetAddress, ServiceJournal> journal : before.entrySet()) {
                await(journal.getKey(), journal.getValue());
            }
        }

        /** Likewise, of what came by one address. */
        public void await(InetAddress service) throws RpcException {
            await(service, before.get(service));
        }

        private void await(InetAddress service, ServiceJournal journal) throws RpcException {
            if (journals.get(service) != journal) {
                throw new RpcException(Answer.NO_REPLY, service.getHostAddress() + " came or went meanwhile");
            }
            if (journal == null) {
                return;
            }
            try {
                journal.durable().get();
            } catch (ExecutionException e) {
                LOG.debug("lockd: the journal cannot be written", e);
                throw new RpcException(Answer.NO_REPLY, "the journal cannot be written: " + e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RpcException(Answer.NO_REPLY, "interrupted");
            }
        }
    }

    /**
     * Runs the task when all that was done until now is on stable storage; never where that fails.
     *
     * @param executor runs it where it has to wait
     */
    public void whenDurable(InetAddress service, Executor executor, Runnable task) {
        ServiceJournal journal = journals.get(service);
        if (journal == null) {
            task.run();
            return;
        }
        var unused = journal.durable().thenRunAsync(task, executor).exceptionally(failure -> {
            LOG.debug("lockd: a client of {} is not told", service, failure);
            return null;
        });
    }
}
