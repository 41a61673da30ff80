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
     * The shortest sequence with the same effect. An address that went keeps that change, also when it came before and comes again,
     * since its connections must go. At most three remain per address.
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
            compact.add(first);
            if (first.kind() != last.kind()) {
                compact.add(last);
            } else if (first.kind() == Kind.ADDED && each.size() > 1) {
                compact.add(each.get(1));
                compact.add(last);
            }
        }
        return compact;
    }
}
