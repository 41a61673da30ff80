package io.mooring.addressmonitor;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The addresses that a listener was told of, so that when the monitor comes back only what changed meanwhile is acted on,
 * and connections to an address that stayed go on. Thread-safe.
 */
public final class ToldAddresses {
    /** By text: unlike an IPv6 address's equals it tells scopes apart. */
    private final Map<String, InetAddress> told = new LinkedHashMap<>();

    public synchronized void added(InetAddress address) {
        told.put(address.getHostAddress(), address);
    }

    public synchronized void removed(InetAddress address) {
        told.remove(address.getHostAddress());
    }

    /** Tells the listener the difference between what it was told of and what is present: first what is gone. */
    public void reconcile(List<InetAddress> present, AddressListener listener) {
        List<InetAddress> gone;
        List<InetAddress> fresh = new ArrayList<>();
        synchronized (this) {
            Map<String, InetAddress> missing = new LinkedHashMap<>(told);
            for (InetAddress address : present) {
                if (missing.remove(address.getHostAddress()) == null) {
                    fresh.add(address);
                }
            }
            gone = List.copyOf(missing.values());
        }
        gone.forEach(listener::addressRemoved);
        fresh.forEach(listener::addressAdded);
    }
}
