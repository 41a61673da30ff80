package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.internal.RateLimitedLog;
import org.slf4j.Logger;

/** A server's lines about what others do to it; a flood of one kind neither fills the disk nor hides another. */
final class ServerLog {
    /** Records and datagrams that are no calls. */
    final RateLimitedLog badRecords;
    /** Connections that were not let in. */
    final RateLimitedLog refused;
    /** Connections that were closed because they stalled. */
    final RateLimitedLog stalled;
    /** Procedures that failed. */
    final RateLimitedLog failures;
    /** Sockets and transports that failed. */
    final RateLimitedLog transports;
    /** Replies that fit no datagram. */
    final RateLimitedLog longReplies;
    /** Keepers of moored addresses that failed. */
    final RateLimitedLog keepers;

    ServerLog(Logger log) {
        badRecords = new RateLimitedLog(log);
        refused = new RateLimitedLog(log);
        stalled = new RateLimitedLog(log);
        failures = new RateLimitedLog(log);
        transports = new RateLimitedLog(log);
        longReplies = new RateLimitedLog(log);
        keepers = new RateLimitedLog(log);
    }
}
