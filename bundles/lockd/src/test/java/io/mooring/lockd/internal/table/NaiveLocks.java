package io.mooring.lockd.internal.table;

import io.mooring.lockd.internal.table.UnionPart.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the table should do, byte by byte, in files of {@value #CELLS} cells: the last one is all bytes to the end. */
final class NaiveLocks {
    static final int CELLS = 20;

    /** Per file and owner what each cell is. */
    final Map<FileKey, Map<Owner, Kind[]>> cells = new LinkedHashMap<>();

    final List<LockRequest> waiters = new ArrayList<>();

    private Kind[] cells(FileKey file, Owner owner) {
        return cells.computeIfAbsent(file, f -> new LinkedHashMap<>()).computeIfAbsent(owner, o -> {
            Kind[] none = new Kind[CELLS];
            Arrays.fill(none, Kind.NONE);
            return none;
        });
    }

    private static int last(Range range) {
        return range.end() == Range.EOF ? CELLS - 1 : (int) range.end();
    }

    void set(FileKey file, Owner owner, Range range, Kind kind) {
        Kind[] own = cells(file, owner);
        for (int i = (int) range.start(); i <= last(range); i++) {
            own[i] = kind;
        }
    }

    /** The owners that are in the way. */
    Set<Owner> blockers(LockRequest request) {
        Set<Owner> found = new HashSet<>();
        cells.getOrDefault(request.file(), Map.of()).forEach((owner, own) -> {
            for (int i = (int) request.range().start(); i <= last(request.range()); i++) {
                boolean inTheWay = own[i] == Kind.EXCLUSIVE || (own[i] == Kind.SHARED && request.exclusive());
                if (inTheWay && !owner.equals(request.owner())) {
                    found.add(owner);
                }
            }
        });
        return found;
    }

    boolean wouldDeadlock(LockRequest request) {
        Set<Owner> reached = new HashSet<>(blockers(request));
        boolean grows = true;
        while (grows) {
            Set<Owner> more = new HashSet<>();
            waiters.stream().filter(w -> reached.contains(w.owner())).forEach(w -> more.addAll(blockers(w)));
            grows = reached.addAll(more);
        }
        return reached.contains(request.owner());
    }

    /** Grants what can be granted, in order; what the owner had exclusively it keeps so. */
    List<LockRequest> serve() {
        List<LockRequest> granted = new ArrayList<>();
        for (LockRequest waiter : List.copyOf(waiters)) {
            if (blockers(waiter).isEmpty()) {
                waiters.remove(waiter);
                Kind[] own = cells(waiter.file(), waiter.owner());
                for (int i = (int) waiter.range().start(); i <= last(waiter.range()); i++) {
                    own[i] = waiter.exclusive() || own[i] == Kind.EXCLUSIVE ? Kind.EXCLUSIVE : Kind.SHARED;
                }
                granted.add(waiter);
            }
        }
        return granted;
    }

    Kind strongest(FileKey file, int cell) {
        Kind strongest = Kind.NONE;
        for (Kind[] own : cells.getOrDefault(file, Map.of()).values()) {
            strongest = own[cell].compareTo(strongest) > 0 ? own[cell] : strongest;
        }
        return strongest;
    }

    /** Runs of cells that are alike. */
    List<String> held(FileKey file, Owner owner) {
        Kind[] own = cells(file, owner);
        List<String> runs = new ArrayList<>();
        int start = 0;
        for (int i = 1; i <= CELLS; i++) {
            if (i == CELLS || own[i] != own[start]) {
                if (own[start] != Kind.NONE) {
                    runs.add(new Range(start, i == CELLS ? Range.EOF : i - 1) + " " + own[start]);
                }
                start = i;
            }
        }
        return runs;
    }

    int count() {
        int count = waiters.size();
        for (Map.Entry<FileKey, Map<Owner, Kind[]>> file : cells.entrySet()) {
            for (Owner owner : file.getValue().keySet()) {
                count += held(file.getKey(), owner).size();
            }
        }
        return count;
    }
}
