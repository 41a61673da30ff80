package io.mooring.addressmonitor.internal;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An address came or went. Immutable. */
record Change(Kind kind, InetAddress address) {

    enum Kind {
        ADDED,
        REMOVED
    }

    static Change added(InetAddress address) {
        return new Change(Kind.ADDED, address);
    }

    static Change removed(InetAddress address) {
        return new Change(Kind.REMOVED, address);
    }

    /**
     * The shortest sequence with the same effect. An address that went and came again keeps both changes, since its
     * connections must go; one that came and went leaves none. At most two remain per address.
     */
    static List<Change> compact(Collection<Change> changes) {
        Map<AddressKey, List<Change>> byAddress = new LinkedHashMap<>();
        for (Change change : changes) {
            byAddress
                    .computeIfAbsent(AddressKey.of(change.address()), key -> new ArrayList<>())
                    .add(change);
        }
        List<Change> compact = new ArrayList<>();
        for (List<Change> each : byAddress.values()) {
            Change first = each.get(0);
            Change last = each.get(each.size() - 1);
            if (first.kind() == last.kind()) {
                compact.add(first);
            } else if (first.kind() == Kind.REMOVED) {
                compact.add(first);
                compact.add(last);
            }
        }
        return compact;
    }
}
