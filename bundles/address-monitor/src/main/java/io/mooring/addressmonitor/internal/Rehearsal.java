package io.mooring.addressmonitor.internal;

import io.mooring.addressmonitor.AddressListener;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * An address comes and goes in a book that nobody reads. The first time through code costs the virtual machine some 20
 * ms of loading and linking, and the first real removal should not be the one to pay. Stateless.
 */
final class Rehearsal {
    private static final int ROUNDS = 20;
    private static final long LIMIT_SECONDS = 5;

    private Rehearsal() {}

    /** Returns when it is over; if it takes unexpectedly long, that is no reason to wait. */
    static void run() {
        InetAddress address = InetAddress.getLoopbackAddress();
        Assignment assignment = new Assignment(address, 1, 8, Optional.empty(), true);
        CountDownLatch told = new CountDownLatch(2 * ROUNDS + 1);
        try (AddressBook book = new AddressBook(Clock.systemUTC(), Duration.ofSeconds(LIMIT_SECONDS))) {
            book.reconcile(new Snapshot(List.of(), Map.of(1, "lo")));
            book.listen(new Extra(told));
            for (int i = 0; i < ROUNDS; i++) {
                book.assigned(assignment);
                book.withdrawn(assignment);
            }
            book.reconcile(new Snapshot(List.of(assignment), Map.of(1, "lo")));
            if (!told.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Extra(CountDownLatch told) implements AddressListener {
        @Override
        public String name() {
            return "rehearsal";
        }

        @Override
        public void addressAdded(InetAddress address) {
            told.countDown();
        }

        @Override
        public void addressRemoved(InetAddress address) {
            told.countDown();
        }
    }
}
