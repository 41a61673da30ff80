package io.mooring.nfsd.internal;

import io.mooring.sunrpc.RpcServerOptions;
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
 * @param limits what clients may cost
 */
public record NfsdOptions(
        int port,
        List<InetAddress> addresses,
        boolean udp,
        Files files,
        Duration exportsPoll,
        int maxTransferBytes,
        RpcServerOptions.Limits limits) {

    /**
     * Where files are.
     *
     * @param key the key that signs handles; made where there is none
     */
    public record Files(Path exports, Path exportsDirectory, Path key) {}
}
