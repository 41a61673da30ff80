package io.mooring.addressmonitor.internal;

import io.mooring.addressmonitor.AddressMonitor.LocalAddress;
import io.mooring.addressmonitor.internal.Assignment.Slot;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The known set: which addresses are present, and on which interfaces. An address is present while any interface has
 * it. Each method takes news of a source and gives what changed by them. Not thread-safe: {@link AddressBook} guards it.
 */
final class KnownAddresses {
    private final Clock clock;
    private final Map<AddressKey, Entry> present = new TreeMap<>();
    private final Map<Integer, String> interfaceNames = new HashMap<>();

    KnownAddresses(Clock clock) {
        this.clock = clock;
    }

    private record Entry(InetAddress address, Instant since, Set<Slot> slots) {}

    /** An interface has the address; one that is not usable (yet) counts as absent. */
    Optional<Change> assigned(Assignment assignment) {
        if (!assignment.usable()) {
            return withdrawn(assignment);
        }
        AddressKey key = AddressKey.of(assignment.address());
        Entry known = present.get(key);
        if (known != null) {
            known.slots().add(assignment.slot());
            return Optional.empty();
        }
        Entry entry = new Entry(assignment.address(), clock.instant(), new LinkedHashSet<>());
        entry.slots().add(assignment.slot());
        present.put(key, entry);
        return Optional.of(Change.added(entry.address()));
    }

    /** An interface no longer has the address. */
    Optional<Change> withdrawn(Assignment assignment) {
        AddressKey key = AddressKey.of(assignment.address());
        Entry entry = present.get(key);
        if (entry == null
                || !entry.slots().remove(assignment.slot())
                || !entry.slots().isEmpty()) {
            return Optional.empty();
        }
        present.remove(key);
        return Optional.of(Change.removed(entry.address()));
    }

    /** An interface is gone, and with it all that it had. */
    List<Change> interfaceGone(int index) {
        interfaceNames.remove(index);
        return retain((key, slot) -> slot.interfaceIndex() != index);
    }

    void interfaceNamed(int index, String name) {
        interfaceNames.put(index, name);
    }

    /** What is, whatever was known: the difference, removals first, since connections wait to be closed. */
    List<Change> reconcile(Snapshot snapshot) {
        interfaceNames.clear();
        interfaceNames.putAll(snapshot.interfaceNames());
        Map<AddressKey, Set<Slot>> listed = new HashMap<>();
        for (Assignment assignment : snapshot.assignments()) {
            if (assignment.usable()) {
                listed.computeIfAbsent(AddressKey.of(assignment.address()), key -> new HashSet<>())
                        .add(assignment.slot());
            }
        }
        // Added before stale slots go: an address that moved to another interface was present all the time.
        List<Change> added = new ArrayList<>();
        snapshot.assignments().stream()
                .filter(Assignment::usable)
                .forEach(assignment -> assigned(assignment).ifPresent(added::add));
        List<Change> changes =
                retain((key, slot) -> listed.getOrDefault(key, Set.of()).contains(slot));
        changes.addAll(added);
        return changes;
    }

    /** Those present, by family and value. */
    List<LocalAddress> addresses() {
        return present.values().stream()
                .map(entry -> new LocalAddress(entry.address(), names(entry.slots()), entry.since()))
                .toList();
    }

    private List<String> names(Set<Slot> slots) {
        return slots.stream()
                .map(slot -> interfaceNames.getOrDefault(slot.interfaceIndex(), "#" + slot.interfaceIndex()))
                .distinct()
                .sorted()
                .toList();
    }

    private interface SlotFilter {
        boolean keeps(AddressKey key, Slot slot);
    }

    private List<Change> retain(SlotFilter filter) {
        List<Change> removed = new ArrayList<>();
        present.entrySet().removeIf(it -> {
            Entry entry = it.getValue();
            entry.slots().removeIf(slot -> !filter.keeps(it.getKey(), slot));
            if (entry.slots().isEmpty()) {
                removed.add(Change.removed(entry.address()));
                return true;
            }
            return false;
        });
        return removed;
    }
}
