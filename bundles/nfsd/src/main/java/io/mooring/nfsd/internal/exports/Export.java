package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.ExportDefinition.Rule;
import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import io.mooring.vfs.FileSystem;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/** An export that is served. Thread-safe: immutable but for its cache of decisions, which is a concurrent map. */
public final class Export {
    /** Past it the cache starts anew: a flood of clients costs bounded memory. */
    private static final int MAX_DECISIONS = 4096;

    /** How long an answer of the name service counts. */
    private static final Duration NAMES_LIFETIME = Duration.ofMinutes(1);

    private final ExportDefinition definition;
    private final FileSystem fileSystem;
    private final Object directory;
    private final HostNames names;
    private final LongSupplier nanoClock;
    private final ConcurrentMap<InetAddress, Decision> decisions = new ConcurrentHashMap<>();

    /**
     * An export of an open file system.
     *
     * @param opened the file system, and which directory its root was when it was opened
     */
    Export(ExportDefinition definition, Opened opened, HostNames names, LongSupplier nanoClock) {
        this.definition = definition;
        this.fileSystem = opened.fileSystem();
        this.directory = opened.directory();
        this.names = names;
        this.nanoClock = nanoClock;
    }

    /** A file system, and what names its root on this host (device and inode); null: not known. */
    record Opened(FileSystem fileSystem, Object directory) {}

    private record Decision(ExportOptions options, long takenNanos) {}

    public ExportDefinition definition() {
        return definition;
    }

    public long fsid() {
        return definition.fsid();
    }

    public FileSystem fileSystem() {
        return fileSystem;
    }

    Opened opened() {
        return new Opened(fileSystem, directory);
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
                return rule.options();
            }
        }
        return null;
    }
}
