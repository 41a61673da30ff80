package io.mooring.rpcbind.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;

/**
 * What other programs on this host registered by SET. A component of its own, and an immediate one (which
 * stays when nobody uses it), so that a change of rpcbind's configuration does not lose it. Thread-safe: every method holds the monitor, none blocks.
 */
@Component(service = ForeignRegistrations.class, immediate = true)
public final class ForeignRegistrations {
    private final Map<Registration.Key, Registration> byKey = new LinkedHashMap<>();

    /** False where something else is registered there, or the table is full; true also where it is registered already. */
    synchronized boolean set(Registration registration, int maximum) {
        Registration present = byKey.get(registration.key());
        if (present != null) {
            return present.address().equals(registration.address());
        }
        if (byKey.size() >= maximum) {
            return false;
        }
        byKey.put(registration.key(), registration);
        return true;
    }

    /**
     * Removes a version of a program from the transports named.
     *
     * @param netids empty: from all
     * @param owner the caller: only the superuser may remove what another one registered
     * @return whether anything was removed; nothing is, where one of them belongs to another owner
     */
    synchronized boolean unset(int program, int version, List<String> netids, String owner) {
        List<Registration> found = byKey.values().stream()
                .filter(r -> r.program() == program && r.version() == version)
                .filter(r -> netids.isEmpty() || netids.contains(r.netid().id()))
                .toList();
        boolean allowed = owner.equals(Registration.SUPERUSER)
                || found.stream().allMatch(r -> r.owner().equals(owner));
        if (!allowed) {
            return false;
        }
        found.forEach(r -> byKey.remove(r.key()));
        return !found.isEmpty();
    }

    synchronized List<Registration> registrations() {
        return List.copyOf(byKey.values());
    }
}
