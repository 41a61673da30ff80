package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * The groups that this host knows of a user: AUTH_SYS has room for 16, and a client may make them up. Remembered for a time.
 * Thread-safe.
 */
public final class ServerGroups {
    private static final TimedCache.Limits LIMITS = new TimedCache.Limits(Duration.ofMinutes(5), 16384);
    private static final int[] NONE = new int[0];

    private final Getent getent;
    private final TimedCache<Integer, int[]> cache;

    public ServerGroups(Getent getent, LongSupplier nanoClock) {
        this.getent = getent;
        this.cache = new TimedCache<>(this::ask, LIMITS, nanoClock);
    }

    /** Not to be changed. None where the user is unknown here. May block. */
    public int[] of(int uid) throws NameServiceException {
        return cache.get(uid);
    }

    private int[] ask(int uid) throws NameServiceException {
        String id = Integer.toUnsignedString(uid);
        Optional<String> user = getent.ask("passwd", id);
        if (user.isEmpty()) {
            return NONE;
        }
        String[] fields = user.get().split(":", -1);
        // getent takes a name of digits for an id, and the other way round.
        if (fields.length < 4 || fields[0].isEmpty() || fields[0].startsWith("-") || !fields[2].equals(id)) {
            throw new NameServiceException("the name service's answer for user " + id + " makes no sense");
        }
        String[] words = getent.ask("initgroups", fields[0]).orElse("").strip().split("\\s+", -1);
        try {
            return IntStream.concat(
                            IntStream.of(Integer.parseUnsignedInt(fields[3])),
                            Arrays.stream(words).skip(1).mapToInt(Integer::parseUnsignedInt))
                    .distinct()
                    .toArray();
        } catch (NumberFormatException e) {
            throw new NameServiceException(
                    "the name service's answer for the groups of user " + id + " makes no sense: " + e.getMessage());
        }
    }
}
