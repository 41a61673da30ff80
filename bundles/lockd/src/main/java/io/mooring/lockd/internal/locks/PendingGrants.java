package io.mooring.lockd.internal.locks;

import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Grants that their clients have not confirmed. Thread-safe, but one file is asked for by one thread at a time. */
final class PendingGrants {
    private final Map<FileKey, List<Grant>> grants = new ConcurrentHashMap<>();
    private final Consumer<LockRequest> ended;

    /**
     * None.
     *
     * @param ended told of each that is not pending any more
     */
    PendingGrants(Consumer<LockRequest> ended) {
        this.ended = ended;
    }

    void add(Grant grant) {
        grants.computeIfAbsent(grant.request().file(), key -> new ArrayList<>(1))
                .add(grant);
    }

    /** False where it had ended before. */
    boolean end(Grant grant) {
        FileKey file = grant.request().file();
        List<Grant> list = grants.get(file);
        if (list == null || !list.remove(grant)) {
            return false;
        }
        grant.end();
        if (list.isEmpty()) {
            grants.remove(file);
        }
        ended.accept(grant.request());
        return true;
    }

    /** The one of this request; null: there is none. */
    Grant of(LockRequest request) {
        for (Grant grant : grants.getOrDefault(request.file(), List.of())) {
            if (grant.request().equals(request)) {
                return grant;
            }
        }
        return null;
    }

    boolean contains(FileKey file, Owner owner, Range range) {
        return grants.getOrDefault(file, List.of()).stream().anyMatch(grant -> isIn(grant, owner, range));
    }

    private static boolean isIn(Grant grant, Owner owner, Range range) {
        LockRequest request = grant.request();
        return request.owner().equals(owner) && request.range().overlaps(range);
    }

    /**
     * The owner was heard of: it knows what it has of the range, or will ask.
     *
     * @return the bytes of what ended, and those between; null: nothing did
     */
    Range end(FileKey file, Owner owner, Range range) {
        Range ended = null;
        for (Grant grant : List.copyOf(grants.getOrDefault(file, List.of()))) {
            if (isIn(grant, owner, range)) {
                end(grant);
                Range bytes = grant.request().range();
                ended = ended == null ? bytes : ended.hull(bytes);
            }
        }
        return ended;
    }
}
