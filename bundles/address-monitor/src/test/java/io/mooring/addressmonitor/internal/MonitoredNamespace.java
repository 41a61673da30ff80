package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.addressmonitor.AddressMonitor.LocalAddress;
import io.mooring.addressmonitor.internal.AddressSource.Opener;
import io.mooring.posix.Rtnetlink;
import io.mooring.posix.testing.NetNamespace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A monitor in a network namespace of its own, with one listener. */
final class MonitoredNamespace implements AutoCloseable {
    private static final Pattern INET = Pattern.compile("^\\d+: +\\S+ +inet6? ([0-9a-f.:]+).*$", Pattern.MULTILINE);

    final NetNamespace namespace;
    final AddressBook book = new AddressBook(Clock.systemUTC(), Duration.ofSeconds(10));
    final RecordingListener listener = new RecordingListener("test");
    private final AddressWatch watch;

    private MonitoredNamespace(NetNamespace namespace, Opener opener) throws IOException {
        this.namespace = namespace;
        book.listen(listener);
        this.watch = AddressWatch.start(book, List.of(opener), Duration.ofMillis(100));
    }

    /** Skips the test where namespaces are not permitted. */
    static MonitoredNamespace create(int receiveBufferBytes) throws Exception {
        return createGated(receiveBufferBytes, new CountDownLatch(0));
    }

    /** Reads no news before the gate is open. */
    static MonitoredNamespace createGated(int receiveBufferBytes, CountDownLatch gate) throws Exception {
        NetNamespace namespace = NetNamespace.create();
        return create(
                namespace,
                () -> new GatedSource(
                        new NetlinkSource(inside(namespace, () -> Rtnetlink.open(receiveBufferBytes))), gate));
    }

    static MonitoredNamespace createPolling() throws Exception {
        NetNamespace namespace = NetNamespace.create();
        return create(
                namespace,
                () -> new PollingSource(() -> inside(namespace, MonitoredNamespace::ipv4), Duration.ofMillis(10)));
    }

    /** Java reads IPv6 addresses from /proc/net, which shows the namespace of the process, not of the thread. */
    private static Snapshot ipv4() throws IOException {
        Snapshot all = HostInterfaces.now();
        List<Assignment> ipv4 = all.assignments().stream()
                .filter(it -> it.address() instanceof Inet4Address)
                .toList();
        return new Snapshot(ipv4, all.interfaceNames());
    }

    private static MonitoredNamespace create(NetNamespace namespace, Opener opener) throws Exception {
        try {
            return new MonitoredNamespace(namespace, opener);
        } catch (IOException | RuntimeException e) {
            namespace.close();
            throw e;
        }
    }

    private interface Task<T> {
        T run() throws IOException;
    }

    private static <T> T inside(NetNamespace namespace, Task<T> task) throws IOException {
        try {
            return namespace.call(task::run);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    void ip(String... commands) throws IOException {
        for (String command : commands) {
            namespace.ip(command);
        }
    }

    /** All that the listener was told, in this order. */
    void awaitTold(String... expected) {
        await().untilAsserted(() -> assertThat(listener.told()).containsExactly(expected));
    }

    List<String> present() {
        return book.addresses().stream()
                .map(LocalAddress::address)
                .map(InetAddress::getHostAddress)
                .collect(Collectors.toList());
    }

    /** What "ip addr" says, without prefixes and scopes. */
    List<String> shownByIp() throws IOException {
        Matcher matcher = INET.matcher(namespace.ip("-o addr show"));
        return matcher.results().map(it -> it.group(1)).sorted().toList();
    }

    @Override
    public void close() throws IOException {
        watch.close();
        book.close();
        namespace.close();
    }

    private record GatedSource(AddressSource source, CountDownLatch gate) implements AddressSource {
        @Override
        public String name() {
            return source.name();
        }

        @Override
        public Snapshot snapshot() throws IOException {
            return source.snapshot();
        }

        @Override
        public void next(AddressBook book) throws IOException {
            try {
                assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            source.next(book);
        }

        @Override
        public void close() {
            source.close();
        }
    }
}
