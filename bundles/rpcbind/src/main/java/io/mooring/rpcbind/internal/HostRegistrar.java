package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.RpcException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the programs of this process registered with the host's rpcbind: computes the difference between what should
 * be there and what is, and applies it. What it did not register, or what another registered since, it leaves alone.
 * Used by one thread, the registrar's.
 */
final class HostRegistrar {
    private static final Logger LOG = LoggerFactory.getLogger(HostRegistrar.class);

    private final HostRpcbind host;
    private final Supplier<List<Registration>> wanted;
    private final Consumer<String> warn;
    /** What is registered there by us, or as if by us. */
    private final Map<Registration.Key, Registration> held = new LinkedHashMap<>();
    /** Lines are repeated only after something else was said. */
    private final Set<String> said = new LinkedHashSet<>();

    HostRegistrar(HostRpcbind host, Supplier<List<Registration>> wanted, Consumer<String> warn) {
        this.host = host;
        this.wanted = wanted;
        this.warn = warn;
    }

    /** Makes the host's rpcbind agree with the programs that are open now. */
    void reconcile() {
        reconcile(firstOfEachKey(wanted.get()));
    }

    /** Takes everything back that was registered. */
    void withdraw() {
        if (!held.isEmpty()) {
            reconcile(Map.of());
        }
    }

    private void reconcile(Map<Registration.Key, Registration> target) {
        Set<String> lines = new LinkedHashSet<>();
        try (HostRpcbind.Session session = host.connect()) {
            Map<Registration.Key, UniversalAddress> present = session.dump();
            unsetStale(session, present, target);
            setMissing(session, present, target, lines);
        } catch (IOException e) {
            lines.add("rpcbind: none answers at " + host.name() + " (" + e.getMessage()
                    + "): clients need the mount options port= and mountport=, until one does");
        } catch (RpcException e) {
            lines.add("rpcbind: the one at " + host.name() + " refuses to take registrations (" + e.getMessage()
                    + "): start Mooring as root, so that it calls from a privileged port; until then clients need the mount options port="
                    + " and mountport= (mode=off in io.mooring.rpcbind silences this)");
        }
        lines.stream().filter(line -> !said.contains(line)).forEach(warn);
        said.clear();
        said.addAll(lines);
    }

    private void unsetStale(
            HostRpcbind.Session session,
            Map<Registration.Key, UniversalAddress> present,
            Map<Registration.Key, Registration> target)
            throws IOException, RpcException {
        List<Registration> gone = new ArrayList<>();
        for (Registration mine : new ArrayList<>(held.values())) {
            Registration should = target.get(mine.key());
            if (should != null && should.address().equals(mine.address())) {
                continue;
            }
            if (mine.address().equals(present.get(mine.key())) && session.unset(mine)) {
                present.remove(mine.key());
                gone.add(mine);
            }
            held.remove(mine.key());
        }
        report("unregistered from", gone);
    }

    private void setMissing(
            HostRpcbind.Session session,
            Map<Registration.Key, UniversalAddress> present,
            Map<Registration.Key, Registration> target,
            Set<String> lines)
            throws IOException, RpcException {
        List<Registration> added = new ArrayList<>();
        for (Registration registration : target.values()) {
            UniversalAddress there = present.get(registration.key());
            if (!session.supports(registration)) {
                lines.add("rpcbind: the one at " + host.name() + " knows only version 2: no IPv6 registrations");
            } else if (there == null && session.set(registration)) {
                held.put(registration.key(), registration);
                added.add(registration);
            } else if (registration.address().equals(there)) {
                held.put(registration.key(), registration);
            } else {
                held.remove(registration.key());
                lines.add("rpcbind: another program holds " + describe(registration) + " with the rpcbind at "
                        + host.name()
                        + (there == null ? "" : " at " + there.format()) + ": stop it, or remove its registration"
                        + " with rpcinfo -d");
            }
        }
        report("registered with", added);
    }

    /** One line for all of them, the netids of a program together. */
    private void report(String what, List<Registration> changed) {
        Map<String, String> netids = new LinkedHashMap<>();
        changed.forEach(
                r -> netids.merge(program(r) + " port " + r.port(), r.netid().id(), (a, b) -> a + "," + b));
        if (!netids.isEmpty()) {
            String all = netids.entrySet().stream()
                    .map(e -> e.getKey() + " " + e.getValue())
                    .collect(Collectors.joining("; "));
            LOG.info("rpcbind: {} the one at {}: {}", what, host.name(), all);
        }
    }

    private static Map<Registration.Key, Registration> firstOfEachKey(List<Registration> registrations) {
        Map<Registration.Key, Registration> first = new LinkedHashMap<>();
        for (Registration registration : registrations) {
            first.putIfAbsent(registration.key(), registration);
        }
        return first;
    }

    private static String describe(Registration r) {
        return program(r) + " " + r.netid().id() + " port " + r.port();
    }

    private static String program(Registration r) {
        return "program " + Integer.toUnsignedString(r.program()) + " version " + Integer.toUnsignedString(r.version());
    }
}
