package io.mooring.addressmonitor.internal;

import java.util.List;
import java.util.Map;

/**
 * All that a source sees at one time. Immutable.
 *
 * @param interfaceNames by interface index
 */
record Snapshot(List<Assignment> assignments, Map<Integer, String> interfaceNames) {
    Snapshot {
        assignments = List.copyOf(assignments);
        interfaceNames = Map.copyOf(interfaceNames);
    }
}
