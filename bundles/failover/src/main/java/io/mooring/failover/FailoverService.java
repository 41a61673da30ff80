package io.mooring.failover;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/** The services of this node, seen from outside; an OSGi service. Thread-safe. */
@ProviderType
public interface FailoverService {

    /** All that are declared, also those that are refused; sorted by name. */
    List<ServiceStatus> services();

    /**
     * Serves a service here, whether its address is here or not; does nothing where it is served.
     *
     * @return completes when it is served; fails with an IOException whose message says why it cannot be. Waits as long as
     *     another node has it: {@link ServiceStatus#message} says which
     * @throws IllegalArgumentException where there is no such service, or it is refused
     */
    CompletableFuture<Void> take(String name);

    /**
     * Gives a service up, and brings everything to stable storage first: another node may take it then. It stays so until it is
     * taken by command, or its address went and came again.
     *
     * @return completes when nothing of it is held here any more: waits for calls under way, however long they take
     * @throws IllegalArgumentException where there is no such service, or it is refused
     */
    CompletableFuture<Void> release(String name);
}
