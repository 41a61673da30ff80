package io.mooring.nfsd.internal.mount;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who mounted what, as far as clients tell: they may forget to say UMNT, and a restart forgets all. Nothing depends on it.
 * Bounded: past the limit the oldest is forgotten. Thread-safe.
 */
public final class Mounts {
    private static final int MAX_MOUNTS = 4096;

    private final Clock clock;
    private final Map<Key, Instant> mounts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Instant> eldest) {
            return size() > MAX_MOUNTS;
        }
    };

    public Mounts(Clock clock) {
        this.clock = clock;
    }

    private record Key(InetAddress client, String path) {}

    /** One of them. */
    public record Mount(InetAddress client, String path, Instant since) {}

    public synchronized void add(InetAddress client, String path) {
        Key key = new Key(client, path);
        mounts.remove(key);
        mounts.put(key, clock.instant());
    }

    public synchronized void remove(InetAddress client, String path) {
        mounts.remove(new Key(client, path));
    }

    public synchronized void removeAll(InetAddress client) {
        mounts.keySet().removeIf(key -> key.client().equals(client));
    }

    public synchronized List<Mount> list() {
        List<Mount> list = new ArrayList<>(mounts.size());
        mounts.forEach((key, since) -> list.add(new Mount(key.client(), key.path(), since)));
        return list;
    }
}
