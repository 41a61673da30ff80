package io.mooring.failover.internal;

import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what two services would both have. Stateless. */
final class Overlaps {
    private static final Logger LOG = LoggerFactory.getLogger(Overlaps.class);

    private Overlaps() {}

    /** What a new service has in common with another one that must not be, as a line; empty: nothing. */
    static Optional<String> between(ServiceSettings fresh, ServiceSettings other) {
        String taken = " is that of the service " + other.name();
        if (fresh.name().equals(other.name())) {
            return Optional.of("the name " + fresh.name() + taken + " in " + other.pid());
        }
        for (InetAddress address : fresh.declaration().addresses()) {
            if (other.declaration().addresses().contains(address)) {
                return Optional.of("addresses: " + address.getHostAddress() + taken);
            }
        }
        Path state = fresh.declaration().stateDirectory();
        Path otherState = other.declaration().stateDirectory();
        if (nested(state, otherState)) {
            return Optional.of("stateDirectory: " + state + " overlaps that of the service " + other.name());
        }
        return exports(fresh, other);
    }

    private static Optional<String> exports(ServiceSettings fresh, ServiceSettings other) {
        List<Path> others = paths(other);
        for (Path path : paths(fresh)) {
            if (others.stream().anyMatch(export -> nested(path, export))) {
                return Optional.of("exports: " + path + " overlaps an export of the service " + other.name());
            }
            if (other.declaration().stateDirectory().startsWith(path)) {
                return Optional.of("exports: " + path + " has the state directory of the service " + other.name());
            }
        }
        Path state = fresh.declaration().stateDirectory();
        return others.stream()
                .filter(state::startsWith)
                .findFirst()
                .map(export -> "stateDirectory: " + state + " is in " + export + ", which the service " + other.name()
                        + " exports");
    }

    private static boolean nested(Path a, Path b) {
        return a.startsWith(b) || b.startsWith(a);
    }

    /** The directories; lines that are no exports are refused by nfsd, with a better message. */
    private static List<Path> paths(ServiceSettings settings) {
        List<Path> paths = new ArrayList<>();
        for (String line : settings.declaration().exports()) {
            boolean quoted = line.startsWith("\"") && line.indexOf('"', 1) > 0;
            String path = quoted ? line.substring(1, line.indexOf('"', 1)) : line.split("\\s", 2)[0];
            try {
                if (path.startsWith("/")) {
                    paths.add(Path.of(path.replace("\\040", " ")).normalize());
                }
            } catch (InvalidPathException e) {
                LOG.debug("failover: {} is left to nfsd", line, e);
            }
        }
        return paths;
    }
}
