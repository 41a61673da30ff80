package io.mooring.failover.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.testing.Ip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    private static final InetAddress ADDRESS = Ip.of("192.0.2.50");
    private static final long LATER = Duration.ofSeconds(2).toNanos();

    private final ConnectionTable table = new ConnectionTable(4);
    private final List<byte[]> journal = new ArrayList<>();

    private static Connection from(String client, int port) {
        return new Connection("nfsd", new InetSocketAddress(ADDRESS, 2049), new InetSocketAddress(Ip.of(client), port));
    }

    private static final Connection ONE = from("192.0.2.1", 700);
    private static final Connection AGAIN = from("192.0.2.1", 701);
    private static final Connection TWO = from("192.0.2.2", 700);

    /** What the next node would find. */
    private static Set<Connection> found(List<byte[]> records) {
        Set<Connection> found = new LinkedHashSet<>();
        for (byte[] bytes : records) {
            try {
                ConnectionRecord record = ConnectionRecord.decode(bytes);
                if (record.connected()) {
                    found.add(record.connection());
                } else {
                    found.remove(record.connection());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
    }

    private void expect(Connection... connections) {
        assertThat(found(journal)).containsExactlyInAnyOrder(connections);
        assertThat(found(table.snapshot())).containsExactlyInAnyOrder(connections);
    }

    @Test
    void thoseThatWereThereBeforeRecordingBeganAreRecorded() {
        table.connected(ONE, 0);
        table.record(List.of(), journal::add);
        table.connected(TWO, 0);
        expect(ONE, TWO);
    }

    @Test
    void whatEndsIsForgottenAMomentLater() {
        table.record(List.of(), journal::add);
        table.connected(ONE, 0);
        table.disconnected(ONE, 0);
        table.settle(LATER / 4);
        expect(ONE);
        table.settle(LATER);
        expect();
    }

    @Test
    void whatEndsWithItsAddressIsKept() {
        table.record(List.of(), journal::add);
        table.connected(ONE, 0);
        table.connected(TWO, 0);
        table.disconnected(ONE, 0);
        table.addressGone(ADDRESS);
        table.disconnected(TWO, 0);
        table.settle(LATER);
        expect(ONE, TWO);
        assertThat(table.earlier(ADDRESS)).containsExactlyInAnyOrder(ONE, TWO);
    }

    @Test
    void allOfOneClientAreKept() {
        table.record(List.of(), journal::add);
        table.connected(ONE, 0);
        table.connected(AGAIN, 0);
        table.disconnected(ONE, 0);
        table.addressGone(ADDRESS);
        table.disconnected(AGAIN, 0);
        table.settle(LATER);
        expect(ONE, AGAIN);
    }

    @Test
    void aClientThatIsBackNeedsNotBeToldOfItsOldConnections() {
        journal.add(new ConnectionRecord(true, ONE).encode());
        journal.add(new ConnectionRecord(true, TWO).encode());
        table.record(List.of(ONE, TWO), journal::add);
        expect(ONE, TWO);
        table.connected(AGAIN, 5);
        expect(AGAIN, TWO);
        assertThat(table.earlier(ADDRESS)).containsExactly(TWO);
        assertThat(table.isBack(ONE.party())).isTrue();
        assertThat(table.backSince(ONE.party())).isEqualTo(5);
        assertThat(table.backSince(TWO.party())).isNull();
    }

    @Test
    void aClientThatWasFasterThanTheTakeIsBack() {
        journal.add(new ConnectionRecord(true, ONE).encode());
        table.connected(AGAIN, 5);
        table.record(List.of(ONE), journal::add);
        expect(AGAIN);
        assertThat(table.earlier(ADDRESS)).isEmpty();
    }

    @Test
    void aConnectionOfTheSamePortComesAnew() {
        table.record(List.of(), journal::add);
        table.connected(ONE, 0);
        table.disconnected(ONE, 0);
        table.connected(ONE, 1);
        table.settle(LATER);
        expect(ONE);
    }

    @Test
    void whatEndsWhenTheServiceGoesIsKept() {
        table.record(List.of(), journal::add);
        table.connected(ONE, 0);
        table.stopRecording();
        table.disconnected(ONE, 0);
        table.settle(LATER);
        assertThat(found(journal)).containsExactly(ONE);
    }

    @Test
    void itIsBounded() {
        List<Connection> before = new ArrayList<>();
        for (int port = 1; port <= 10; port++) {
            before.add(from("192.0.2.3", port));
            table.connected(from("192.0.2.4", port), 0);
        }
        table.record(before, journal::add);
        assertThat(table.size()).isEqualTo(4);
        assertThat(table.earlier(ADDRESS)).hasSize(4).contains(from("192.0.2.3", 10));
    }
}
