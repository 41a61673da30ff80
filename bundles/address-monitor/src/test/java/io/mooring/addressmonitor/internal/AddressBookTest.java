package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.addressmonitor.AddressMonitor.ListenerStatus;
import io.mooring.posix.testing.Ip;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddressBookTest {
    private final AddressBook book = new AddressBook(Clock.systemUTC(), Duration.ofMillis(50));
    private final RecordingListener good = new RecordingListener("good");
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        book.close();
    }

    @Test
    void aListenerGetsWhatIsPresentThenChangesInOrder() {
        add("192.0.2.2");
        add("192.0.2.1");
        book.listen(good);
        remove("192.0.2.2");
        add("192.0.2.3");

        awaitTold(good, "+192.0.2.1", "+192.0.2.2", "-192.0.2.2", "+192.0.2.3");
    }

    @Test
    void manyChangesKeepTheirOrder() {
        book.listen(good);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            add("192.0.2.1");
            remove("192.0.2.1");
            expected.addAll(List.of("+192.0.2.1", "-192.0.2.1"));
        }
        awaitTold(good, expected.toArray(new String[0]));
    }

    @Test
    void oneThatThrowsIsToldOfLaterChangesAndStopsNobody() {
        RecordingListener seen = new RecordingListener("bad");
        book.listen(listener("bad", address -> {
            seen.addressAdded(address);
            throw new IllegalStateException("on purpose");
        }));
        book.listen(good);
        add("192.0.2.1");
        add("192.0.2.2");

        awaitTold(good, "+192.0.2.1", "+192.0.2.2");
        awaitTold(seen, "+192.0.2.1", "+192.0.2.2");
        await().untilAsserted(() -> assertThat(status("bad").failures()).isEqualTo(2));
        assertThat(status("good").failures()).isZero();
    }

    /** A bundle that was refreshed under its listener. */
    @Test
    void oneThatFailsWithAnErrorStopsNobody() {
        book.listen(listener("bad", address -> {
            throw new NoClassDefFoundError("on purpose");
        }));
        add("192.0.2.1");
        add("192.0.2.2");

        await().untilAsserted(() -> assertThat(status("bad").failures()).isEqualTo(2));
    }

    @Test
    void oneThatHangsKeepsOnlyItselfWaiting() {
        book.listen(listener("hanging", address -> hang()));
        book.listen(good);
        add("192.0.2.1");
        add("192.0.2.2");

        awaitTold(good, "+192.0.2.1", "+192.0.2.2");
        await().untilAsserted(() -> assertThat(status("hanging").pending()).isEqualTo(1));
        // Its time runs on for all to see.
        await().untilAsserted(() -> assertThat(status("hanging").lastDuration()).isGreaterThan(Duration.ofMillis(50)));

        release.countDown();
        await().untilAsserted(() -> assertThat(status("hanging").events()).isEqualTo(2));
    }

    @Test
    void theQueueOfOneThatHangsIsBounded() {
        book.listen(listener("hanging", address -> hang()));
        add("192.0.2.1");
        await().until(() -> status("hanging").pending() == 0);
        for (int i = 0; i < 5_000; i++) {
            add("192.0.2.2");
            remove("192.0.2.2");
        }
        assertThat(status("hanging").pending()).isLessThan(2_000);
    }

    @Test
    void oneThatIsUnboundHearsNoMoreAndItsThreadEnds() {
        book.listen(good);
        add("192.0.2.1");
        awaitTold(good, "+192.0.2.1");
        book.unlisten(good);
        remove("192.0.2.1");

        assertThat(book.listeners()).isEmpty();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("address-listener good")));
        assertThat(good.told()).containsExactly("+192.0.2.1");
    }

    /** No call of a listener runs when its bundle goes on to close what it uses. */
    @Test
    void unbindingWaitsForACallThatRuns() throws InterruptedException {
        CountDownLatch inCall = new CountDownLatch(1);
        AtomicBoolean returned = new AtomicBoolean();
        AddressListener slow = listener("slow", address -> {
            inCall.countDown();
            hang();
            returned.set(true);
        });
        book.listen(slow);
        add("192.0.2.1");
        assertThat(inCall.await(10, TimeUnit.SECONDS)).isTrue();
        AtomicBoolean returnedFirst = new AtomicBoolean();
        Thread unbinding = new Thread(() -> {
            book.unlisten(slow);
            returnedFirst.set(returned.get());
        });
        unbinding.start();
        await().until(() -> unbinding.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        unbinding.join(10_000);

        assertThat(returnedFirst).isTrue();
    }

    @Test
    void oneMayUnbindItselfFromWithinItsCall() {
        CountDownLatch done = new CountDownLatch(1);
        AddressListener[] self = new AddressListener[1];
        self[0] = listener("once", address -> {
            book.unlisten(self[0]);
            done.countDown();
        });
        book.listen(self[0]);
        add("192.0.2.1");

        await().atMost(3, TimeUnit.SECONDS).until(() -> done.getCount() == 0);
    }

    @Test
    void oneThatComesTwiceIsToldOnce() {
        book.listen(good);
        book.listen(good);
        add("192.0.2.1");
        add("192.0.2.2");

        awaitTold(good, "+192.0.2.1", "+192.0.2.2");
        assertThat(book.listeners()).hasSize(1);
    }

    @Test
    void reconcilingTellsTheDifference() {
        add("192.0.2.1");
        add("192.0.2.2");
        book.listen(good);
        int changes = book.reconcile(
                new Snapshot(List.of(assignment("192.0.2.2"), assignment("192.0.2.3")), Map.of(1, "eth0")));

        assertThat(changes).isEqualTo(2);
        awaitTold(good, "+192.0.2.1", "+192.0.2.2", "-192.0.2.1", "+192.0.2.3");
    }

    @Test
    void afterCloseNobodyIsBound() {
        book.close();
        book.listen(good);

        assertThat(book.listeners()).isEmpty();
    }

    private void hang() {
        try {
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(String address) {
        book.assigned(assignment(address));
    }

    private void remove(String address) {
        book.withdrawn(assignment(address));
    }

    private static Assignment assignment(String address) {
        return new Assignment(Ip.of(address), 1, 24, Optional.empty(), true);
    }

    private ListenerStatus status(String name) {
        return book.listeners().stream()
                .filter(it -> it.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static void awaitTold(RecordingListener listener, String... expected) {
        await().untilAsserted(() -> assertThat(listener.told()).containsExactly(expected));
    }

    private interface Action {
        void on(InetAddress address);
    }

    private static AddressListener listener(String name, Action action) {
        return new AddressListener() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void addressAdded(InetAddress address) {
                action.on(address);
            }

            @Override
            public void addressRemoved(InetAddress address) {
                action.on(address);
            }
        };
    }
}
