package io.mooring.failover.internal;

import io.mooring.failover.internal.ServiceSettings.Moving;
import io.mooring.failover.internal.ServiceSettings.State;
import io.mooring.failover.internal.ServiceSettings.Tickles;
import io.mooring.vfs.service.ServiceDeclaration;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Checks the configuration: metatype's ranges are for tools, the component runtime does not look at them. */
final class Configuration {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,63}";

    private Configuration() {}

    /**
     * The service's name: what stands behind the factory's PID.
     *
     * @throws IllegalArgumentException where it is no name
     */
    static String name(String pid) {
        String name = pid.substring(pid.indexOf('~') + 1);
        if (pid.indexOf('~') < 0 || !name.matches(NAME)) {
            throw new IllegalArgumentException(
                    "no name: the file must be called etc/io.mooring.service-NAME.cfg, NAME of letters, digits, _ ."
                            + " and -");
        }
        return name;
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException naming the value that is wrong, and what it may be
     */
    static ServiceSettings read(String pid, DeclaredService.Config config) {
        String name = name(pid);
        Path state = state(text("stateDirectory", config::stateDirectory));
        ServiceDeclaration declaration =
                new ServiceDeclaration(name, addresses(config), exports(text("exports", config::exports)), pid, state);
        return new ServiceSettings(
                pid,
                declaration,
                new State(
                        within("journalBytes", config::journalBytes, 1 << 20, 1L << 40),
                        sync(text("lockDurability", config::lockDurability)),
                        config.forced(),
                        seconds("takeOverLockSeconds", config::takeOverLockSeconds, 0)),
                new Moving(
                        config.takeAutomatically(),
                        seconds("drainSeconds", config::drainSeconds, 1),
                        config.announce(),
                        new Tickles(
                                config.tickle(),
                                (int) within("tickleConnections", config::tickleConnections, 0, 1_000_000),
                                (int) within("ticklesPerSecond", config::ticklesPerSecond, 1, 100_000))));
    }

    private static Duration seconds(String key, LongSupplier setting, int min) {
        return Duration.ofSeconds(within(key, setting, min, 3600));
    }

    private static boolean sync(String durability) {
        return switch (durability) {
            case "sync" -> true;
            case "async" -> false;
            default -> throw new IllegalArgumentException("lockDurability = " + durability + " must be sync or async");
        };
    }

    private static Path state(String value) {
        try {
            Path path = Path.of(value);
            if (value.isEmpty() || !path.isAbsolute()) {
                throw new IllegalArgumentException("stateDirectory = '" + value + "' must be an absolute path");
            }
            return path.normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("stateDirectory = '" + value + "' is no path: " + e.getMessage(), e);
        }
    }

    /** Lines; a semicolon stands for the end of one, since a value is one line in most files. */
    private static List<String> exports(String value) {
        List<String> lines = Arrays.stream(value.split("[;\\n\\r]+", -1))
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("exports is empty: name at least one directory, as in exports(5)");
        }
        return lines;
    }

    /** A .cfg file gives one string, whatever is in it. */
    private static List<InetAddress> addresses(DeclaredService.Config config) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String value : String.join(",", config.addresses()).split("[,\\s]+", -1)) {
            if (!value.isEmpty() && !addresses.contains(address(value))) {
                addresses.add(address(value));
            }
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses is empty: name the service's floating address");
        }
        return addresses;
    }

    private static InetAddress address(String value) {
        // The characters keep names out: a look-up would block, and could change.
        if (!value.matches("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%\\w+)?|\\d+(\\.\\d+){3}")) {
            throw new IllegalArgumentException("addresses: '" + value + "' is no IP address");
        }
        try {
            InetAddress address = InetAddress.getByName(value);
            if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
                throw new IllegalArgumentException("addresses: '" + value + "' is no host's address");
            }
            return address;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("addresses: '" + value + "' is no IP address of this host", e);
        }
    }

    private static String text(String key, Supplier<String> setting) {
        String value = setting.get();
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value.strip();
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
            throw new IllegalArgumentException(key + " = " + value + " must be from " + min + " to " + max);
        }
        return value;
    }
}
