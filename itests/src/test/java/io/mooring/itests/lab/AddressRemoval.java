package io.mooring.itests.lab;

import java.time.Duration;
import java.util.List;

/**
 * What was seen of an address's sockets after its removal. Immutable.
 *
 * @param looks one for each look at the sockets, in order
 */
record AddressRemoval(List<Look> looks) {

    /**
     * @param after from the end of the removal to the end of the look
     * @param sockets how many were left, those in TIME-WAIT not counted
     */
    record Look(Duration after, int sockets) {}

    /** Reads lines of microseconds and a count; other lines are messages that go with a failure. */
    static AddressRemoval parse(String output) {
        List<Look> looks = output.lines()
                .filter(line -> line.matches("[0-9]+ [0-9]+"))
                .map(line -> line.split(" ", -1))
                .map(words -> new Look(
                        Duration.ofNanos(Math.multiplyExact(Long.parseLong(words[0]), 1_000L)),
                        Integer.parseInt(words[1])))
                .toList();
        if (looks.isEmpty()) {
            throw new LabException("nothing was seen after the address was removed:\n" + output);
        }
        return new AddressRemoval(looks);
    }

    boolean allGone() {
        return left() == 0;
    }

    /** How many sockets the last look saw. */
    int left() {
        return last().sockets();
    }

    /** When the last look ended: with {@link #allGone} no socket was left by then, and perhaps earlier. */
    Duration after() {
        return last().after();
    }

    private Look last() {
        return looks.get(looks.size() - 1);
    }
}
