package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.posix.testing.Ip;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the log says of a listener that takes too long. */
@Timeout(60)
class DeliveryTest {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Delivery delivery = new Delivery(new Hanging(release), Duration.ofMillis(1));

    @BeforeEach
    void captureTheLog() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreTheLog() {
        release.countDown();
        delivery.stop();
        delivery.awaitEnd(Duration.ofSeconds(5));
        System.setErr(before);
    }

    @Test
    void aCallThatHangsIsLoggedOnceAndItsEndAsWell() {
        delivery.tell(Change.added(Ip.of("192.0.2.1")));
        delivery.start();
        await().untilAsserted(() -> {
            delivery.checkTime();
            assertThat(text()).contains("hanging has not returned from addressAdded(192.0.2.1)");
        });
        delivery.checkTime();
        assertThat(text()).containsOnlyOnce("has not returned");

        release.countDown();
        await().untilAsserted(() -> assertThat(text()).contains("hanging returned from addressAdded(192.0.2.1)"));
    }

    private String text() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private record Hanging(CountDownLatch release) implements AddressListener {
        @Override
        public String name() {
            return "hanging";
        }

        @Override
        public void addressAdded(InetAddress address) {
            try {
                assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void addressRemoved(InetAddress address) {}
    }
}
