package io.mooring.rpcbind.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What GETSTAT tells. Thread-safe: every method holds the monitor, none blocks. */
final class Counters {
    /** Anybody can ask for any program: what does not fit is not counted. */
    static final int MAX_ASKED = 64;

    private record Asked(int version, Registration.Key key) {}

    private final int[][] calls = new int[RpcbindStat.VERSIONS][RpcbindStat.PROCEDURES];
    private final int[] sets = new int[RpcbindStat.VERSIONS];
    private final int[] unsets = new int[RpcbindStat.VERSIONS];
    /** Values are success and failure. */
    private final Map<Asked, int[]> asked = new LinkedHashMap<>();

    synchronized void called(int version, int procedure) {
        calls[version - Portmap2.VERSION][procedure]++;
    }

    synchronized void set(int version) {
        sets[version - Portmap2.VERSION]++;
    }

    synchronized void unset(int version) {
        unsets[version - Portmap2.VERSION]++;
    }

    synchronized void asked(int version, Registration.Key key, boolean found) {
        Asked what = new Asked(version, key);
        if (asked.size() < MAX_ASKED || asked.containsKey(what)) {
            asked.computeIfAbsent(what, k -> new int[2])[found ? 0 : 1]++;
        }
    }

    synchronized RpcbindStat snapshot() {
        List<RpcbindStat.Version> versions = new ArrayList<>();
        for (int i = 0; i < RpcbindStat.VERSIONS; i++) {
            List<RpcbindStat.Asked> addresses = new ArrayList<>();
            for (Map.Entry<Asked, int[]> entry : asked.entrySet()) {
                if (entry.getKey().version() == i + Portmap2.VERSION) {
                    Registration.Key key = entry.getKey().key();
                    int[] counts = entry.getValue();
                    addresses.add(
                            new RpcbindStat.Asked(key.program(), key.version(), counts[0], counts[1], key.netid()));
                }
            }
            List<Integer> perProcedure = Arrays.stream(calls[i]).boxed().toList();
            versions.add(new RpcbindStat.Version(perProcedure, sets[i], unsets[i], addresses, List.of()));
        }
        return new RpcbindStat(versions);
    }
}
