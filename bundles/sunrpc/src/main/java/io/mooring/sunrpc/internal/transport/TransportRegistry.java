package io.mooring.sunrpc.internal.transport;

import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.RpcTransport.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A server's open transports, and the local addresses that were removed from the host. One lock guards both, so that a
 * connection is either among those that a removal collects, or sees that its address was removed when it is added.
 * Thread-safe.
 */
public final class TransportRegistry {
    /** Privacy addresses come and go for years. */
    private static final int MAX_REMOVED = 4096;

    /** What becomes of a transport that asks to be added. */
    public enum Verdict {
        ADDED,
        SERVER_CLOSED,
        ADDRESS_REMOVED,
        TOO_MANY
    }

    private final int maxConnections;
    private final Predicate<AddressKey> present;

    private final Map<Long, OpenTransport> permanent = new LinkedHashMap<>();
    private final Map<Long, OpenTransport> temporary = new HashMap<>();
    private final Map<Long, OpenTransport> clients = new HashMap<>();
    private final Set<AddressKey> udp = new HashSet<>();
    private final Set<AddressKey> removed = new LinkedHashSet<>();
    private boolean closed;

    /**
     * @param maxConnections temporary transports at the most
     * @param present asked for an address that was removed: it may be back before anybody told
     */
    public TransportRegistry(int maxConnections, Predicate<AddressKey> present) {
        this.maxConnections = maxConnections;
        this.present = present;
    }

    /** Adds a transport, unless its address is gone, the server is closed or full. */
    public synchronized Verdict add(OpenTransport transport) {
        if (closed) {
            return Verdict.SERVER_CLOSED;
        }
        AddressKey local = transport.localKey();
        if (removed.contains(local) && !isBack(local)) {
            return Verdict.ADDRESS_REMOVED;
        }
        if (transport.kind() == Kind.TEMPORARY && temporary.size() >= maxConnections) {
            return Verdict.TOO_MANY;
        }
        of(transport.kind()).put(transport.id(), transport);
        return Verdict.ADDED;
    }

    /** Takes a closed transport out, and with a UDP socket its reservation. Does nothing the second time. */
    public synchronized void remove(OpenTransport transport) {
        boolean known = of(transport.kind()).remove(transport.id()) != null;
        if (known && transport.kind() == Kind.PERMANENT && !isTcp(transport)) {
            udp.remove(transport.localKey());
        }
    }

    /**
     * Reserves the address's UDP socket until {@link #releaseUdp}, or until the socket was added and removed again; false
     * where there is one, or the server is closed.
     */
    public synchronized boolean reserveUdp(AddressKey local) {
        return !closed && udp.add(local);
    }

    public synchronized void releaseUdp(AddressKey local) {
        udp.remove(local);
    }

    /** Notes the address as removed, and gives all transports that are bound to it and go with it. */
    public synchronized List<OpenTransport> addressRemoved(AddressKey local) {
        removed.remove(local);
        removed.add(local);
        if (removed.size() > MAX_REMOVED) {
            removed.remove(removed.iterator().next());
        }
        List<OpenTransport> gone = boundTo(local, temporary.values());
        gone.addAll(boundTo(local, clients.values()));
        for (OpenTransport transport : boundTo(local, permanent.values())) {
            // A listener on that address stays: it serves again when the address is back.
            if (!isTcp(transport)) {
                gone.add(transport);
            }
        }
        return gone;
    }

    /** Notes the address as there. What was bound to it before was given by {@link #addressRemoved}. */
    public synchronized void addressAdded(AddressKey local) {
        removed.remove(local);
    }

    /** Adds no more, and gives all that must be closed; nothing the second time. */
    public synchronized List<OpenTransport> close() {
        if (closed) {
            return List.of();
        }
        closed = true;
        List<OpenTransport> all = new ArrayList<>(permanent.values());
        all.addAll(temporary.values());
        all.addAll(clients.values());
        return all;
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    public synchronized OpenTransport temporary(long id) {
        return temporary.get(id);
    }

    public synchronized List<OpenTransport> temporary() {
        return new ArrayList<>(temporary.values());
    }

    /** Permanent and temporary ones that are bound to the address. */
    public synchronized List<OpenTransport> boundTo(AddressKey local) {
        List<OpenTransport> bound = boundTo(local, permanent.values());
        bound.addAll(boundTo(local, temporary.values()));
        return bound;
    }

    /** All, permanent ones first. */
    public List<RpcTransport> snapshot() {
        List<OpenTransport> all;
        int first;
        synchronized (this) {
            all = new ArrayList<>(permanent.values());
            first = all.size();
            all.addAll(temporary.values());
            all.addAll(clients.values());
        }
        all.subList(first, all.size()).sort(Comparator.comparingLong(OpenTransport::id));
        List<RpcTransport> snapshots = new ArrayList<>(all.size());
        for (OpenTransport transport : all) {
            snapshots.add(transport.snapshot());
        }
        return snapshots;
    }

    private static boolean isTcp(OpenTransport transport) {
        return transport.snapshot().netid().isTcp();
    }

    private boolean isBack(AddressKey local) {
        return present.test(local) && removed.remove(local);
    }

    private Map<Long, OpenTransport> of(Kind kind) {
        return switch (kind) {
            case PERMANENT -> permanent;
            case TEMPORARY -> temporary;
            case CLIENT -> clients;
        };
    }

    private static List<OpenTransport> boundTo(AddressKey local, Collection<OpenTransport> transports) {
        List<OpenTransport> bound = new ArrayList<>();
        for (OpenTransport transport : transports) {
            if (transport.localKey().equals(local)) {
                bound.add(transport);
            }
        }
        return bound;
    }
}
