package io.mooring.lockd.internal.nsm;

import io.mooring.lockd.internal.wire.Sm1.Mon;
import io.mooring.lockd.internal.wire.Sm1.MonId;
import io.mooring.lockd.internal.wire.Sm1.MyId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What programs of this host asked to be told of, by SM_MON: not lockd, which sees its clients by their addresses. It is in
 * memory only, as those programs ask again when they start. Thread-safe by its monitor.
 */
final class LocalMonitors {
    /** Far more than a host has programs of this kind. */
    static final int MAX = 1024;

    private final Map<Key, Mon> monitors = new LinkedHashMap<>();

    private record Key(String monName, MyId myId) {

        static Key of(MonId id) {
            return new Key(id.monName().toLowerCase(Locale.ROOT), id.myId());
        }
    }

    /** False where there are too many. */
    synchronized boolean add(Mon mon) {
        Key key = Key.of(mon.monId());
        if (monitors.size() >= MAX && !monitors.containsKey(key)) {
            return false;
        }
        monitors.put(key, mon);
        return true;
    }

    synchronized void remove(MonId id) {
        monitors.remove(Key.of(id));
    }

    /** All of one program. */
    synchronized void removeAll(MyId id) {
        monitors.keySet().removeIf(key -> key.myId().equals(id));
    }

    /** Those of the hosts that are chosen by their names, in lower case. */
    synchronized List<Mon> of(Predicate<String> chosen) {
        List<Mon> found = new ArrayList<>();
        monitors.forEach((key, mon) -> {
            if (chosen.test(key.monName())) {
                found.add(mon);
            }
        });
        return found;
    }
}
