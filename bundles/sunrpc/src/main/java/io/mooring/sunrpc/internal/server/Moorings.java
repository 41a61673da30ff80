package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.internal.replay.ReplayCache;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.OpenTransport;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server's moored addresses. Transports know theirs by a field, so that a call looks nothing up; this object's monitor orders
 * all changes of those fields. Thread-safe.
 */
final class Moorings {
    private final Limits limits;
    private final TransportRegistry registry;
    private final Notes notes;
    private final ServerLog log;
    private final Map<AddressKey, Moored> moored = new HashMap<>();

    Moorings(Limits limits, TransportRegistry registry, Notes notes, ServerLog log) {
        this.limits = limits;
        this.registry = registry;
        this.notes = notes;
        this.log = log;
    }

    Moored moor(AddressKey local, AddressKeeper keeper) {
        ReplayCache<ServerCall> replies = new ReplayCache<>(limits.replayEntries(), limits.replayBytes());
        Moored address = new Moored(this, local, keeper, new Moored.Books(replies, notes), log);
        synchronized (this) {
            if (moored.putIfAbsent(local, address) != null) {
                throw new IllegalStateException(local + " is in somebody's care already");
            }
            bound(local).forEach(transport -> transport.moor(address));
        }
        // Not under the monitor, like all that may ask the keeper.
        regate(local);
        return address;
    }

    void letGo(Moored address) {
        synchronized (this) {
            moored.remove(address.key());
            bound(address.key()).forEach(transport -> transport.moor(null));
        }
        regate(address.key());
    }

    synchronized boolean has(AddressKey local) {
        return moored.containsKey(local);
    }

    /** On its event loop, a transport that was added to the registry just now; those added before are found there. */
    void admit(CallTransport transport) {
        synchronized (this) {
            transport.moor(moored.get(transport.localKey()));
        }
        if (transport.moored() != null) {
            transport.lookAtGate();
        }
    }

    /** Lets the address's transports look at its gate. */
    void regate(AddressKey local) {
        bound(local).forEach(CallTransport::regate);
    }

    private List<CallTransport> bound(AddressKey local) {
        List<CallTransport> transports = new ArrayList<>();
        for (OpenTransport transport : registry.boundTo(local)) {
            if (transport instanceof CallTransport calls) {
                transports.add(calls);
            }
        }
        return transports;
    }
}
