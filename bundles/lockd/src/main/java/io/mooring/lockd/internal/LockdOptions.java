package io.mooring.lockd.internal;

import io.mooring.lockd.internal.nsm.StateDirectories;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * How lockd serves. Immutable.
 *
 * @param port of NLM and NSM; 0 for any free one
 * @param addresses where it listens; empty: on all
 * @param udp serve UDP as well
 * @param state where hosts are recorded
 * @param locking what clients' locks may cost, and how they are kept
 * @param limits what clients' calls may cost
 */
public record LockdOptions(
        int port, List<InetAddress> addresses, boolean udp, StateDirectories state, Locking locking, Limits limits) {

    /**
     * How locks are kept.
     *
     * @param grace how long hosts may reclaim
     * @param table limits of the table
     * @param maxHosts hosts that are monitored, per address
     * @param mirroredFiles files that are locked in their file systems, too
     * @param localPoll how often waiters try again that a local process keeps waiting
     * @param names what clients may call this server, beside its addresses
     */
    public record Locking(
            Duration grace,
            LockTable.Limits table,
            int maxHosts,
            int mirroredFiles,
            Duration localPoll,
            List<String> names) {

        public Locking {
            names = List.copyOf(names);
        }
    }

    /** Whether the locks can stay when these options come after others. */
    boolean keepsLocksOf(LockdOptions before) {
        return state.equals(before.state)
                && locking.maxHosts == before.locking.maxHosts
                && locking.mirroredFiles == before.locking.mirroredFiles
                && locking.localPoll.equals(before.locking.localPoll);
    }

    /** Whether a server that was opened with others can serve like this without being opened again. */
    boolean fitsServerOf(LockdOptions opened) {
        return port == opened.port
                && addresses.equals(opened.addresses)
                && udp == opened.udp
                && limits.equals(opened.limits);
    }
}
