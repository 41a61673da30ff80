package io.mooring.nfsd;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The NFS server, seen from outside; an OSGi service while it serves. Thread-safe. */
@ProviderType
public interface NfsService {

    /**
     * One row per export and client that the exports files and declared services name, and one per line that is refused.
     */
    List<ExportStatus> exports();

    /**
     * A dry run: what would be wrong with exports files, those that are served among them. Changes nothing. Opens each
     * directory for a moment, so it may block.
     *
     * @param files absolute; empty: those of the configuration
     * @return in the order of files and lines; empty where all is well
     */
    List<ExportProblem> checkExports(List<Path> files);

    /** Who mounted what, as far as clients tell: advisory. */
    List<MountEntry> mounts();

    NfsStatistics statistics();

    /**
     * A part of an export.
     *
     * @param path the directory; null for a refused line
     * @param client as in exports(5); null for a refused line
     * @param options as in exports(5)
     * @param fsid 16 hexadecimal digits
     * @param origin "file:line"
     * @param state whether it is served
     * @param reason why it is not served; null where it is
     * @param service through whose addresses alone it is served; null: the exports files'
     */
    record ExportStatus(
            String path,
            String client,
            String options,
            String fsid,
            String origin,
            ExportState state,
            String reason,
            String service) {}

    /** Whether an export is served. */
    enum ExportState {
        SERVED,
        /** It is served because it is mounted below an export with crossmnt, and in use. */
        IMPLIED,
        /** It is wanted, and is served as soon as its directory can be opened. */
        UNAVAILABLE,
        /** Its service is not taken here: another node has it, or none. */
        STANDBY,
        /** Its line is wrong. */
        REFUSED
    }

    /**
     * Why a line of an exports file would not be served.
     *
     * @param line from 1; 0: the file as a whole
     */
    record ExportProblem(String file, int line, String reason) {}

    /** A client that mounted a path. */
    record MountEntry(String client, String path, Instant since) {}

    /**
     * Counters since the server started.
     *
     * @param addressRemovals addresses that went away
     * @param transportsClosed transports closed because of that
     * @param replays calls answered from the duplicate-request cache
     * @param rpcErrors calls answered at the RPC level
     * @param procedures those that were called
     */
    record NfsStatistics(
            long addressRemovals,
            long transportsClosed,
            long replays,
            long rpcErrors,
            List<ProcedureCount> procedures) {}

    /**
     * One procedure's counters.
     *
     * @param program name as in rpc(5)
     * @param meanMicros time spent per call, microseconds
     */
    record ProcedureCount(String program, int version, String procedure, long calls, double meanMicros) {}
}
