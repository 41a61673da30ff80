package io.mooring.failover.internal.machine;

import io.mooring.failover.internal.ServiceSettings;

/** Where the state of services is had from. Thread-safe. */
@FunctionalInterface
public interface StateSource {

    /**
     * Takes a service's state; waits for nobody.
     *
     * @param force also where another node holds the owner lock: the epoch shuts that one out
     * @throws StateUnavailable saying why not; nothing is held then
     */
    HeldState take(ServiceSettings service, boolean force) throws StateUnavailable;
}
