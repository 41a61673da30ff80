package io.mooring.nfsd.internal;

import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How nfsd serves. Immutable.
 *
 * @param port of NFS and MOUNT; 0 for any free one
 * @param addresses where it listens; empty: on all
 * @param udp serve UDP as well
 * @param files where its files are
 * @param exportsPoll how often the exports files are looked at
 * @param maxTransferBytes of one READ or WRITE over TCP
 * @param manageGids take supplementary groups from this host, not from the client
 * @param limits what clients may cost
 */
public record NfsdOptions(
        int port,
        List<InetAddress> addresses,
        boolean udp,
        Files files,
        Duration exportsPoll,
        int maxTransferBytes,
        boolean manageGids,
        Limits limits) {

    /**
     * Where files are.
     *
     * @param key the key that signs handles; made where there is none
     * @param netgroup netgroup(5); may be missing
     * @param own what no export may give away, the key among it
     */
    public record Files(Path exports, Path exportsDirectory, Path key, Path netgroup, OwnFiles own) {}

    /** Whether a server that was opened with others can serve like this without being opened again. */
    boolean fitsServerOf(NfsdOptions opened) {
        return port == opened.port
                && addresses.equals(opened.addresses)
                && udp == opened.udp
                && files.key().equals(opened.files.key())
                // Records of calls may be as long as they could be when the server was opened, and no longer.
                && limits.maxRecordBytes() <= opened.limits.maxRecordBytes()
                && limits.equals(withRecord(opened.limits, limits.maxRecordBytes()));
    }

    private static Limits withRecord(Limits limits, int maxRecordBytes) {
        return new Limits(
                maxRecordBytes,
                limits.maxConnections(),
                limits.callsPerConnection(),
                limits.bytesPerConnection(),
                limits.calls(),
                limits.bytes(),
                limits.workers(),
                limits.idleTimeout(),
                limits.replayEntries(),
                limits.replayBytes());
    }

    boolean followsSameExports(NfsdOptions other) {
        return files.exports().equals(other.files.exports())
                && files.exportsDirectory().equals(other.files.exportsDirectory())
                && exportsPoll.equals(other.exportsPoll);
    }
}
