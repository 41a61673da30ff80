package io.mooring.lockd.internal.table;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Our addresses through which locks may be taken, and who is told of what changes there. Guarded by the table's monitor. */
final class Addresses {
    private final Set<InetAddress> open = new HashSet<>();
    private final Map<InetAddress, Consumer<Change>> listeners = new HashMap<>();

    void open(InetAddress service) {
        open.add(service);
    }

    void attach(Set<InetAddress> services, Consumer<Change> listener) {
        services.forEach(service -> listeners.put(service, listener));
        open.addAll(services);
    }

    void close(Set<InetAddress> services) {
        open.removeAll(services);
    }

    /** They are closed, too. */
    void detach(Set<InetAddress> services) {
        close(services);
        listeners.keySet().removeAll(services);
    }

    boolean isOpen(Owner owner) {
        return open.contains(owner.host().service());
    }

    void tell(Change change) {
        Consumer<Change> listener = listeners.get(change.owner().host().service());
        if (listener != null) {
            listener.accept(change);
        }
    }
}
