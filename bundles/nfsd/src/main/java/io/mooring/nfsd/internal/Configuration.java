package io.mooring.nfsd.internal;

import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Checks the configuration: metatype's ranges are for tools, the component runtime does not look at them. */
final class Configuration {
    /** Headers, handle and padding around the data of a WRITE. */
    private static final int RECORD_OVERHEAD = 64 << 10;

    private Configuration() {}

    /**
     * Where the Karaf instance is; an empty path is not known.
     *
     * @param etc what the exports files and the netgroup file are relative to
     * @param data what the key file is relative to
     */
    record Instance(Path base, Path etc, Path data) {
        private OwnFiles own(Path key) {
            List<Path> directories = Stream.of(base, etc, data)
                    .filter(path -> !path.toString().isEmpty())
                    .map(Path::toAbsolutePath)
                    .toList();
            return new OwnFiles(directories, List.of(key));
        }
    }

    /**
     * @throws IllegalArgumentException naming the value that is wrong, and what it may be
     */
    static NfsdOptions read(NfsServer.Config config, Instance instance) {
        int maxTransfer = within("maxTransferBytes", config::maxTransferBytes, 4096, 16 << 20);
        return new NfsdOptions(
                within("port", config::port, 0, 65535),
                addresses(config.addresses()),
                config.udp(),
                files(config, instance),
                Duration.ofMillis(within("exportsPollMillis", config::exportsPollMillis, 100, Integer.MAX_VALUE)),
                maxTransfer,
                config.manageGids(),
                limits(config, maxTransfer + RECORD_OVERHEAD));
    }

    private static NfsdOptions.Files files(NfsServer.Config config, Instance instance) {
        Path etc = instance.etc();
        Path key = path("keyFile", instance.data(), config.keyFile());
        return new NfsdOptions.Files(
                path("exportsFile", etc, config.exportsFile()),
                path("exportsDirectory", etc, config.exportsDirectory()),
                key,
                path("netgroupFile", etc, config.netgroupFile()),
                instance.own(key));
    }

    /** What one connection, and all of them, may hold must be enough for one call and its reply. */
    private static Limits limits(NfsServer.Config config, int record) {
        int all = Integer.MAX_VALUE;
        int enough = 2 * record;
        int perConnection = within("bytesPerConnection", config::bytesPerConnection, enough, all);
        return new Limits(
                record,
                within("maxConnections", config::maxConnections, 1, all),
                within("callsPerConnection", config::callsPerConnection, 1, all),
                perConnection,
                within("maxCalls", config::maxCalls, 1, all),
                within("maxBytes", config::maxBytes, perConnection, Long.MAX_VALUE),
                within("workers", config::workers, 1, 1024),
                Duration.ofSeconds(within("idleTimeoutSeconds", config::idleTimeoutSeconds, 0, all)),
                within("replayEntries", config::replayEntries, 0, all),
                within("replayBytes", config::replayBytes, 0, Long.MAX_VALUE));
    }

    private static int within(String key, LongSupplier value, int min, int max) {
        return (int) within(key, value, min, (long) max);
    }

    private static long within(String key, LongSupplier setting, long min, long max) {
        long value;
        try {
            value = setting.getAsLong();
        } catch (RuntimeException e) {
            // The component runtime's message does not say which value it cannot convert.
            throw new IllegalArgumentException(key + " must be a number: " + e.getMessage(), e);
        }
        if (value < min || value > max) {
            String bounds = max >= Integer.MAX_VALUE ? "at least " + min : "from " + min + " to " + max;
            throw new IllegalArgumentException(key + " = " + value + " must be " + bounds);
        }
        return value;
    }

    private static Path path(String key, Path base, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(key + " is empty: name a file");
        }
        try {
            return base.resolve(value).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(key + " = " + value + " is no path: " + e.getMessage(), e);
        }
    }

    private static List<InetAddress> addresses(String[] values) {
        List<InetAddress> addresses = new ArrayList<>();
        // A .cfg file gives one string, whatever is in it.
        for (String value : String.join(",", values).split("[,\\s]+", -1)) {
            // The characters keep names out: a look-up would block, and could change.
            if (!value.isEmpty()) {
                if (!value.matches("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%\\w+)?|\\d+(\\.\\d+){3}")) {
                    throw new IllegalArgumentException("addresses: '" + value + "' is no IP address");
                }
                addresses.add(address(value));
            }
        }
        return addresses;
    }

    private static InetAddress address(String value) {
        try {
            return InetAddress.getByName(value);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("addresses: '" + value + "' is no IP address of this host", e);
        }
    }
}
