package io.mooring.lockd.internal;

import io.mooring.lockd.internal.nsm.StateDirectories;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/** Checks the configuration: metatype's ranges are for tools, the component runtime does not look at them. */
final class Configuration {
    /** Four opaque items of 1024 bytes, and the headers: no call of NLM or NSM is longer. */
    private static final int MAX_RECORD = 16 << 10;

    private static final int CALLS_PER_CONNECTION = 256;
    private static final int BYTES_PER_CONNECTION = 4 << 20;
    private static final int MAX_CALLS = 4096;
    private static final long MAX_BYTES = 64L << 20;
    private static final int REPLAY_ENTRIES = 16384;
    private static final long REPLAY_BYTES = 16L << 20;

    /** As the default of the directory that nodes may share. */
    private static final String OWN_STATE = "lockd";

    private Configuration() {}

    /**
     * Reads it.
     *
     * @param data what the state directory is relative to
     * @throws IllegalArgumentException naming the value that is wrong, and what it may be
     */
    static LockdOptions read(LockServer.Config config, Path data) {
        return new LockdOptions(
                within("port", config::port, 0, 65535),
                addresses(config.addresses()),
                config.udp(),
                new StateDirectories(
                        path("stateDirectory", data, config.stateDirectory()), path("karaf.data", data, OWN_STATE)),
                locking(config),
                limits(config));
    }

    private static LockdOptions.Locking locking(LockServer.Config config) {
        int all = Integer.MAX_VALUE;
        return new LockdOptions.Locking(
                Duration.ofSeconds(within("graceSeconds", config::graceSeconds, 1, 3600)),
                new LockTable.Limits(
                        within("maxLocks", config::maxLocks, 1, all),
                        within("maxLocksPerHost", config::maxLocksPerHost, 1, all)),
                within("maxHosts", config::maxHosts, 1, all),
                within("mirroredFiles", config::mirroredFiles, 0, all),
                Duration.ofMillis(within("localPollMillis", config::localPollMillis, 10, all)),
                names(config.serverNames()));
    }

    private static Limits limits(LockServer.Config config) {
        return new Limits(
                MAX_RECORD,
                within("maxConnections", config::maxConnections, 1, Integer.MAX_VALUE),
                CALLS_PER_CONNECTION,
                BYTES_PER_CONNECTION,
                MAX_CALLS,
                MAX_BYTES,
                within("workers", config::workers, 1, 1024),
                Duration.ofSeconds(within("idleTimeoutSeconds", config::idleTimeoutSeconds, 0, Integer.MAX_VALUE)),
                REPLAY_ENTRIES,
                REPLAY_BYTES);
    }

    private static int within(String key, LongSupplier setting, int min, int max) {
        long value;
        try {
            value = setting.getAsLong();
        } catch (RuntimeException e) {
            // The component runtime's message does not say which value it cannot convert.
            throw new IllegalArgumentException(key + " must be a number: " + e.getMessage(), e);
        }
        if (value < min || value > max) {
            String bounds = max == Integer.MAX_VALUE ? "at least " + min : "from " + min + " to " + max;
            throw new IllegalArgumentException(key + " = " + value + " must be " + bounds);
        }
        return (int) value;
    }

    private static Path path(String key, Path base, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(key + " is empty: name a directory");
        }
        try {
            return base.resolve(value).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(key + " = " + value + " is no path: " + e.getMessage(), e);
        }
    }

    /** A .cfg file gives one string, whatever is in it. */
    private static List<String> names(String[] values) {
        return Arrays.stream(String.join(",", values).split("[,\\s]+", -1))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static List<InetAddress> addresses(String[] values) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String value : names(values)) {
            // The characters keep names out: a look-up would block, and could change.
            if (!value.matches("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%\\w+)?|\\d+(\\.\\d+){3}")) {
                throw new IllegalArgumentException("addresses: '" + value + "' is no IP address");
            }
            addresses.add(address(value));
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
