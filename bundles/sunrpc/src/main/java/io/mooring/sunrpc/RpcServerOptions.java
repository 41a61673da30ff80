package io.mooring.sunrpc;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a server serves, where, and within which limits.
 *
 * @param name for people and thread names: "nfsd"
 * @param programs the programs and versions served
 * @param addresses where TCP listens; empty: on every address, IPv4 and IPv6
 * @param tcpPort 1 to 65535, 0 for any free one, -1 for no TCP
 * @param udpPort likewise; 0 takes the number that TCP got. UDP sockets are opened by {@link RpcServer#addressAdded}
 * @param limits what one client, and all of them together, may cost
 */
public record RpcServerOptions(
        String name, List<RpcProgram> programs, List<InetAddress> addresses, int tcpPort, int udpPort, Limits limits) {

    public RpcServerOptions {
        programs = List.copyOf(programs);
        addresses = List.copyOf(addresses);
    }

    /**
     * What one client, and all of them together, may cost.
     *
     * @param maxRecordBytes the longest record that is accepted; a longer one closes its connection
     * @param maxConnections temporary transports; past it new ones are reset
     * @param callsPerConnection calls in flight of one connection; at the bound it is not read
     * @param bytesPerConnection bytes of calls and replies in flight of one connection; at the bound it is not read
     * @param calls calls in flight of all connections that are new, and again of all that have proved to be of good will
     * @param bytes bytes in flight of them, likewise
     * @param workers threads that run procedures which may block
     * @param idleTimeout the aging timer's period: a temporary transport unused for two passes is closed; zero: never
     * @param replayEntries replies kept by the duplicate-request cache
     * @param replayBytes their bytes at the most
     */
    public record Limits(
            int maxRecordBytes,
            int maxConnections,
            int callsPerConnection,
            int bytesPerConnection,
            int calls,
            long bytes,
            int workers,
            Duration idleTimeout,
            int replayEntries,
            long replayBytes) {

        /** Good for an NFS server with 1 MiB reads and writes. */
        public static Limits defaults() {
            return new Limits(
                    (1 << 20) + (64 << 10),
                    8192,
                    256,
                    16 << 20,
                    4096,
                    256L << 20,
                    32,
                    Duration.ofMinutes(6),
                    65536,
                    32L << 20);
        }
    }
}
