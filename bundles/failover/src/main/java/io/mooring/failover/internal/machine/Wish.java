package io.mooring.failover.internal.machine;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wanted of a service, by its addresses and by people. Thread-safe by its monitor. */
final class Wish {
    private final List<InetAddress> addresses;
    private final boolean automatically;
    private final Set<InetAddress> present = new LinkedHashSet<>();
    private long seen;
    /** No take-over has begun since. */
    private boolean unanswered;

    private boolean released;
    private boolean lost;
    private boolean taken;
    private boolean interrupted;
    private boolean withdrawn;

    /**
     * What is wanted at a moment.
     *
     * @param wanted it shall be served
     * @param released it shall not, by command
     * @param lost another node has it
     * @param here one of its addresses is
     * @param interrupted there was none for a moment since it was begun to be taken: it must be taken anew
     * @param withdrawn it is declared no more
     * @param seen when the first address that is here was seen, by {@link System#nanoTime}
     */
    record View(
            boolean wanted,
            boolean released,
            boolean lost,
            boolean here,
            boolean interrupted,
            boolean withdrawn,
            long seen) {}

    Wish(List<InetAddress> addresses, boolean automatically) {
        this.addresses = addresses;
        this.automatically = automatically;
    }

    /** False where it is none of the service's, or no news. */
    synchronized boolean arrived(InetAddress address, long now) {
        if (!addresses.contains(address) || present.contains(address)) {
            return false;
        }
        if (present.isEmpty()) {
            released = false;
            unanswered = true;
            seen = now;
        }
        return present.add(address);
    }

    /** False where it is none of the service's, or no news. */
    synchronized boolean left(InetAddress address) {
        boolean news = present.remove(address);
        if (news && present.isEmpty()) {
            interrupted = true;
            taken = false;
            lost = false;
        }
        return news;
    }

    synchronized void take() {
        released = false;
        lost = false;
        taken = true;
    }

    /** By command: until it is taken by command, or its address comes again. */
    synchronized void release() {
        released = true;
        taken = false;
    }

    /** Another node has it. Not again by itself, while the address is here: where each forces the other out, neither serves. */
    synchronized void lose() {
        lost = true;
        taken = false;
    }

    synchronized void withdraw() {
        withdrawn = true;
    }

    /** From now on interruptions count. Returns why it begins now: when the address was seen, or what comes now. */
    synchronized long begin(long now) {
        long since = unanswered ? seen : now;
        interrupted = false;
        unanswered = false;
        return since;
    }

    synchronized Set<InetAddress> present() {
        return new LinkedHashSet<>(present);
    }

    synchronized View view() {
        boolean wanted = !withdrawn && !released && !lost && (taken || (automatically && !present.isEmpty()));
        return new View(wanted, released, lost, !present.isEmpty(), interrupted, withdrawn, seen);
    }
}
