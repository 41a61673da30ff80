package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mooring.addressmonitor.AddressMonitor.LocalAddress;
import io.mooring.addressmonitor.internal.AddressSource.Opener;
import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import io.mooring.posix.testing.Ip;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With sources that the test plays; polling with the test's own interfaces. */
@Timeout(60)
class AddressWatchTest {
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Opener NO_NETLINK = () -> {
        throw new PosixException("socket", Errno.EPERM);
    };

    private final AddressBook book = new AddressBook(Clock.systemUTC(), Duration.ofSeconds(10));
    private final AtomicReference<Snapshot> host = new AtomicReference<>(snapshot("192.0.2.1"));
    private final Opener polling = () -> new PollingSource(host::get, SOON);

    @AfterEach
    void close() {
        book.close();
    }

    @Test
    void whatIsThereIsKnownWhenItHasStarted() throws IOException {
        try (AddressWatch watch = AddressWatch.start(book, List.of(polling), SOON)) {
            assertThat(addresses()).containsExactly(Ip.of("192.0.2.1"));
            assertThat(watch.sourceName()).isEqualTo("polling");
        }
    }

    @Test
    void withoutNetlinkItPolls() throws IOException {
        RecordingListener listener = new RecordingListener("test");
        book.listen(listener);
        try (AddressWatch watch = AddressWatch.start(book, List.of(NO_NETLINK, polling), SOON)) {
            assertThat(watch.sourceName()).isEqualTo("polling");
            host.set(snapshot("192.0.2.2"));
            await().untilAsserted(() ->
                    assertThat(listener.told()).containsExactly("+192.0.2.1", "-192.0.2.1", "+192.0.2.2"));
        }
    }

    /** JNA has no native part for this system. */
    @Test
    void withoutNativeCodeItPolls() throws IOException {
        Opener noNativeCode = () -> {
            throw new UnsatisfiedLinkError("on purpose");
        };
        try (AddressWatch watch = AddressWatch.start(book, List.of(noNativeCode, polling), SOON)) {
            assertThat(watch.sourceName()).isEqualTo("polling");
        }
    }

    @Test
    void withNoSourceAtAllItDoesNotStart() {
        assertThatThrownBy(() -> AddressWatch.start(book, List.of(NO_NETLINK), SOON))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aSourceThatFailsIsOpenedAnewAndReadInFull() throws IOException {
        AtomicInteger opened = new AtomicInteger();
        Opener failing = () -> {
            if (opened.incrementAndGet() % 3 == 2) {
                throw new PosixException("socket", Errno.ENFILE); // not at once either
            }
            return new BrokenSource(host.get());
        };
        RecordingListener listener = new RecordingListener("test");
        book.listen(listener);
        try (AddressWatch watch = AddressWatch.start(book, List.of(failing), SOON)) {
            assertThat(watch.sourceName()).isEqualTo("broken");
            host.set(snapshot("192.0.2.2"));
            await().untilAsserted(() ->
                    assertThat(listener.told()).containsExactly("+192.0.2.1", "-192.0.2.1", "+192.0.2.2"));
            await().until(() -> opened.get() > 4);
        }
        int before = opened.get();
        assertThat(opened).hasValue(before);
    }

    @Test
    void closingEndsItsThread() throws IOException {
        AddressWatch watch =
                AddressWatch.start(book, List.of(() -> new PollingSource(host::get, Duration.ofHours(1))), SOON);
        watch.close();

        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("address-monitor")));
    }

    @Test
    void javaSeesTheLoopbackAddressWithoutAScope() throws IOException {
        Snapshot snapshot = HostInterfaces.now();

        assertThat(snapshot.assignments()).extracting(Assignment::address).contains(Ip.of("127.0.0.1"));
        assertThat(snapshot.interfaceNames()).containsValue("lo");
        assertThat(snapshot.assignments())
                .extracting(Assignment::address)
                .filteredOn(address -> !address.isLinkLocalAddress())
                .allSatisfy(address -> assertThat(address.getHostAddress()).doesNotContain("%"));
    }

    private List<InetAddress> addresses() {
        return book.addresses().stream().map(LocalAddress::address).toList();
    }

    private static Snapshot snapshot(String address) {
        return new Snapshot(List.of(new Assignment(Ip.of(address), 1, 24, Optional.empty(), true)), Map.of(1, "eth0"));
    }

    /** Says what is there, then fails. */
    private record BrokenSource(Snapshot snapshot) implements AddressSource {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public void next(AddressBook book) throws IOException {
            throw new PosixException("recvfrom", Errno.EIO);
        }

        @Override
        public void close() {}
    }
}
