package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.ExportDefinition.Rule;
import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.MountPoint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** An export that is served. Thread-safe: immutable but for when it was used, and its cache of decisions. */
public final class Export {
    /** Past it the cache starts anew: a flood of clients costs bounded memory. */
    private static final int MAX_DECISIONS = 4096;

    /** How long an answer of the name service counts. */
    private static final Duration NAMES_LIFETIME = Duration.ofMinutes(1);

    private final ExportDefinition definition;
    private final Opened opened;
    private final HostNames names;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<InetAddress, Decision> decisions = new ConcurrentHashMap<>();
    private volatile long usedNanos;

    Export(ExportDefinition definition, Opened opened, HostNames names, LongSupplier nanoClock) {
        this.definition = definition;
        this.opened = opened;
        this.names = names;
        this.nanoClock = nanoClock;
        this.usedNanos = nanoClock.getAsLong();
    }

    /**
     * An open file system, and what was opened.
     *
     * @param directory what names its root on this host (device and inode); null: not known
     * @param mount where it is mounted; null where only the directory counts
     */
    record Opened(FileSystem fileSystem, Object directory, MountPoint mount) {}

    /** The same file system, exported like this. */
    Export as(ExportDefinition changed) {
        return changed.equals(definition) ? this : new Export(changed, opened, names, nanoClock);
    }

    private record Decision(ExportOptions options, long takenNanos) {}

    public ExportDefinition definition() {
        return definition;
    }

    public long fsid() {
        return definition.fsid();
    }

    public FileSystem fileSystem() {
        return opened.fileSystem();
    }

    Opened opened() {
        return opened;
    }

    /** Somebody uses it now. */
    public void used() {
        if (definition.isImplied()) {
            usedNanos = nanoClock.getAsLong();
        }
    }

    boolean isUnusedFor(Duration time) {
        return nanoClock.getAsLong() - usedNanos > time.toNanos();
    }

    /** What this client may do; null: nothing. May block on the name service where names are in the rules. */
    public ExportOptions optionsFor(InetAddress client) throws NameServiceException {
        Decision decision = decisions.get(client);
        if (decision == null || isOld(decision)) {
            decision = new Decision(decide(client), nanoClock.getAsLong());
            if (decisions.size() >= MAX_DECISIONS) {
                decisions.clear();
            }
            decisions.put(client, decision);
        }
        return decision.options();
    }

    int decisionsCached() {
        return decisions.size();
    }

    private boolean isOld(Decision decision) {
        return definition.usesNames() && nanoClock.getAsLong() - decision.takenNanos() > NAMES_LIFETIME.toNanos();
    }

    private ExportOptions decide(InetAddress client) throws NameServiceException {
        for (Rule rule : definition.rules()) {
            if (rule.client().matches(client, names)) {
                boolean beyond = definition.isImplied() && !rule.options().crossMount();
                return beyond ? null : rule.options();
            }
        }
        return null;
    }
}
