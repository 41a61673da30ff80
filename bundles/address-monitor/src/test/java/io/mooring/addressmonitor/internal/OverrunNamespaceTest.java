package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More news than the kernel keeps, and no news at all (root). */
@Timeout(120)
class OverrunNamespaceTest {
    private static final int TINY_BUFFER = 4096;

    /** Nothing is read while the changes happen: most of the news are lost. */
    @Test
    void whatWasLostIsReadAgain() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (MonitoredNamespace host = MonitoredNamespace.createGated(TINY_BUFFER, gate)) {
            host.namespace.batch(burst());
            assertThat(host.present()).isEmpty();
            gate.countDown();

            awaitTheKernelsState(host);
        }
    }

    /** Read, lost and read again while the changes happen. */
    @Test
    void aBurstEndsInTheKernelsState() throws Exception {
        try (MonitoredNamespace host = MonitoredNamespace.create(TINY_BUFFER)) {
            host.namespace.batch(burst());

            awaitTheKernelsState(host);
        }
    }

    private static void awaitTheKernelsState(MonitoredNamespace host) throws IOException {
        List<String> shown = host.shownByIp();
        assertThat(shown).hasSize(1000 - 500 + 250);
        await().untilAsserted(() -> assertThat(host.present()).containsExactlyInAnyOrderElementsOf(shown));
        await().untilAsserted(() -> assertThat(replayed(host.listener)).isEqualTo(Set.copyOf(shown)));
        // News come again.
        host.ip("addr add 192.0.2.1/32 dev lo");
        await().untilAsserted(() -> assertThat(host.listener.told()).endsWith("+192.0.2.1"));
    }

    @Test
    void pollingNoticesTheSameInTheEnd() throws Exception {
        try (MonitoredNamespace host = MonitoredNamespace.createPolling()) {
            host.ip(
                    "link add d0 type veth peer name p0",
                    "addr add 192.0.2.1/24 dev lo",
                    "addr add 192.0.2.1/24 dev d0");
            host.awaitTold("+192.0.2.1");
            host.ip("addr del 192.0.2.1/24 dev lo", "addr add 192.0.2.2/24 dev lo");
            host.awaitTold("+192.0.2.1", "+192.0.2.2");
            host.ip("addr del 192.0.2.1/24 dev d0");
            host.awaitTold("+192.0.2.1", "+192.0.2.2", "-192.0.2.1");
        }
    }

    /** 2,000 changes: 1,000 come, 500 go, 250 of these come again and 125 go and come once more. */
    private static List<String> burst() {
        List<String> batch = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            batch.add(change("add", i));
        }
        for (int i = 0; i < 500; i++) {
            batch.add(change("del", i));
        }
        for (int i = 0; i < 250; i++) {
            batch.add(change("add", i));
        }
        for (int i = 0; i < 125; i++) {
            batch.add(change("del", i));
            batch.add(change("add", i));
        }
        assertThat(batch).hasSize(2000);
        return batch;
    }

    private static String change(String what, int number) {
        return "addr " + what + " 10.0." + number / 250 + "." + (number % 250 + 1) + "/32 dev lo";
    }

    /** What a listener must believe to be present; nothing may come or go twice. */
    private static Set<String> replayed(RecordingListener listener) {
        Set<String> present = new HashSet<>();
        for (String change : listener.told()) {
            String address = change.substring(1);
            boolean consistent = change.charAt(0) == '+' ? present.add(address) : present.remove(address);
            assertThat(consistent).as(change).isTrue();
        }
        return present;
    }
}
