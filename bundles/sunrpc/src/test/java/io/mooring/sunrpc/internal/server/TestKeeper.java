package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.KeptReply;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A keeper that does what a test wants, and remembers what it was told. Thread-safe. */
final class TestKeeper implements AddressKeeper {
    volatile BooleanSupplier serves = () -> true;
    volatile Predicate<KeptReply> keeps = reply -> true;
    final AtomicInteger asked = new AtomicInteger();
    final List<KeptReply> kept = new CopyOnWriteArrayList<>();
    /** Whatever it was told of connections. */
    final AtomicInteger told = new AtomicInteger();

    final Map<InetSocketAddress, InetSocketAddress> connected = new ConcurrentHashMap<>();
    /** Connections told twice, or ended without a beginning. */
    final List<String> unbalanced = new CopyOnWriteArrayList<>();

    @Override
    public boolean mayServe() {
        asked.incrementAndGet();
        return serves.getAsBoolean();
    }

    @Override
    public void connected(InetSocketAddress client, InetSocketAddress local) {
        told.incrementAndGet();
        if (connected.putIfAbsent(client, local) != null) {
            unbalanced.add("again: " + client);
        }
    }

    @Override
    public void disconnected(InetSocketAddress client, InetSocketAddress local) {
        told.incrementAndGet();
        if (!connected.remove(client, local)) {
            unbalanced.add("unknown: " + client);
        }
    }

    @Override
    public boolean keep(KeptReply reply) {
        boolean does = keeps.test(reply);
        if (does) {
            kept.add(reply);
        }
        return does;
    }
}
