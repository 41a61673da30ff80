package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.Netid;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that is registered: the programs of this process, then those that others registered where they don't
 * collide. Thread-safe, because its parts are.
 */
final class Directory {
    private final LocalPrograms local;
    private final ForeignRegistrations foreign;
    private final int maxForeign;

    Directory(LocalPrograms local, ForeignRegistrations foreign, int maxForeign) {
        this.local = local;
        this.foreign = foreign;
        this.maxForeign = maxForeign;
    }

    List<Registration> all() {
        List<Registration> all = new ArrayList<>(local.registrations());
        Set<Registration.Key> taken = new HashSet<>();
        all.forEach(r -> taken.add(r.key()));
        foreign.registrations().stream().filter(r -> !taken.contains(r.key())).forEach(all::add);
        return all;
    }

    /**
     * The best registration for a call that came to {@code calledAt}: of the version asked for, else, unless {@code
     * exact}, of the highest one (as with rpcbind(8), the program itself then says which versions it has); on the
     * address called, else on every address, else on whatever address it is.
     */
    Optional<Registration> find(int program, int version, Netid netid, InetAddress calledAt, boolean exact) {
        return all().stream()
                .filter(r -> r.program() == program && r.netid() == netid)
                .filter(r -> !exact || r.version() == version)
                .filter(r -> isReachable(r, calledAt))
                .max(Comparator.comparing((Registration r) -> r.version() == version)
                        .thenComparing(Registration::version, Integer::compareUnsigned)
                        .thenComparing(r -> r.host().equals(calledAt))
                        .thenComparing(r -> r.host().isAnyLocalAddress()));
    }

    /** A program on a loopback address is nothing for a client elsewhere: it would look for it on itself. */
    private static boolean isReachable(Registration r, InetAddress calledAt) {
        return !r.host().isLoopbackAddress() || calledAt.isLoopbackAddress();
    }

    /** The address to tell the caller: a wildcard becomes the address of ours that the caller can reach. */
    static UniversalAddress merge(Registration registration, InetAddress calledAt) {
        boolean sameFamily = registration.host().getAddress().length == calledAt.getAddress().length;
        return registration.host().isAnyLocalAddress() && sameFamily
                ? new UniversalAddress(calledAt, registration.port())
                : registration.address();
    }

    boolean set(Registration registration) {
        List<Registration> ours = local.registrations().stream()
                .filter(r -> r.key().equals(registration.key()))
                .toList();
        return ours.isEmpty()
                ? foreign.set(registration, maxForeign)
                : ours.stream().anyMatch(r -> r.address().equals(registration.address()));
    }

    /** Never removes a program of this process: it is registered as long as its server is open. */
    boolean unset(int program, int version, List<String> netids, String owner) {
        return foreign.unset(program, version, netids, owner);
    }
}
