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
        table.record(List.of(), journal::add, 0);
        table.connected(TWO, 0);
        expect(ONE, TWO);
    }

    @Test
    void whatEndsIsForgottenAMomentLater() {
        table.record(List.of(), journal::add, 0);
        table.connected(ONE, 0);
        table.disconnected(ONE, 0);
        table.settle(LATER / 4);
        expect(ONE);
        table.settle(LATER);
        expect();
    }

    @Test
    void whatEndsWithItsAddressIsKept() {
        table.record(List.of(), journal::add, 0);
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
        table.record(List.of(), journal::add, 0);
        table.connected(ONE, 0);
        table.connected(AGAIN, 0);
        table.disconnected(ONE, 0);
        table.addressGone(ADDRESS);
        table.disconnected(AGAIN, 0);
        table.settle(LATER);
        expect(ONE, AGAIN);
    }

    private void before(Connection... connections) {
        for (Connection connection : connections) {
            journal.add(new ConnectionRecord(true, connection).encode());
        }
        table.record(List.of(connections), journal::add, 0);
    }

    @Test
    void aConnectionThatIsBackNeedsNotBeTold() {
        before(ONE, TWO);
        expect(ONE, TWO);
        table.connected(ONE, 5);
        expect(ONE, TWO);
        assertThat(table.earlier(ADDRESS)).containsExactly(TWO);
        assertThat(table.isBack(ONE)).isTrue();
        assertThat(table.isBack(TWO)).isFalse();
        assertThat(table.backSince(ONE.party())).isEqualTo(5);
        assertThat(table.backSince(TWO.party())).isNull();
    }

    /** As with nconnect, and with clients behind one address. */
    @Test
    void theOthersFromTheSameAddressAreStillTold() {
        before(ONE, AGAIN);
        table.connected(ONE, 5);
        table.settle(LATER);
        expect(ONE, AGAIN);
        assertThat(table.earlier(ADDRESS)).containsExactly(AGAIN);
        assertThat(table.isBack(AGAIN)).isFalse();
    }

    @Test
    void aClientHasAConnectionToEachAddressOfAService() {
        InetAddress second = Ip.of("192.0.2.51");
        Connection other = new Connection("nfsd", new InetSocketAddress(second, 2049), ONE.client());
        before(ONE, other);
        table.connected(ONE, 5);
        assertThat(table.earlier(ADDRESS)).isEmpty();
        assertThat(table.earlier(second)).containsExactly(other);
        assertThat(table.isBack(other)).isFalse();
    }

    @Test
    void aConnectionThatWasFasterThanTheTakeIsBack() {
        table.connected(ONE, 5);
        before(ONE, AGAIN);
        expect(ONE, AGAIN);
        assertThat(table.earlier(ADDRESS)).containsExactly(AGAIN);
    }

    @Test
    void thoseOfAClientThatCameByAnotherPortAreForgottenWhenItHasGivenThemUp() {
        before(ONE, TWO);
        table.connected(AGAIN, 5);
        table.settle(Duration.ofMinutes(9).toNanos());
        expect(ONE, AGAIN, TWO);
        table.settle(Duration.ofMinutes(11).toNanos());
        expect(AGAIN);
    }

    /** Not those only that came by another port: nobody would ever strike out a client that is no more. */
    @Test
    void thoseOfAClientThatNeverComesBackAreForgotten() {
        before(ONE, TWO);
        table.connected(TWO, 5);
        table.settle(Duration.ofMinutes(11).toNanos());
        expect(TWO);
        assertThat(table.earlier(ADDRESS)).isEmpty();
        assertThat(table.isBack(ONE)).as("it need not be told").isTrue();
    }

    @Test
    void thoseThatWaitForTheirAddressAreBounded() {
        table.record(List.of(), journal::add, 0);
        for (int port = 1; port <= 6; port++) {
            table.connected(from("192.0.2.3", port), 0);
            table.disconnected(from("192.0.2.3", port), 0);
        }
        table.addressGone(ADDRESS);
        expect(from("192.0.2.3", 3), from("192.0.2.3", 4), from("192.0.2.3", 5), from("192.0.2.3", 6));
    }

    @Test
    void thoseThatEndedAreBoundedAlsoWhereNobodySettles() {
        table.record(List.of(), journal::add, 0);
        for (int port = 1; port <= 6; port++) {
            table.connected(from("192.0.2.3", port), 0);
            table.disconnected(from("192.0.2.3", port), 0);
        }
        expect(from("192.0.2.3", 3), from("192.0.2.3", 4), from("192.0.2.3", 5), from("192.0.2.3", 6));
    }

    @Test
    void whatComesAgainWhenThereAreTooManyIsNotRecordedAnyMore() {
        table.record(List.of(), journal::add, 0);
        table.connected(ONE, 0);
        table.disconnected(ONE, 0);
        for (int port = 1; port <= 4; port++) {
            table.connected(from("192.0.2.3", port), 0);
        }
        table.connected(ONE, 0);
        table.settle(LATER);
        expect(from("192.0.2.3", 1), from("192.0.2.3", 2), from("192.0.2.3", 3), from("192.0.2.3", 4));
    }

    @Test
    void aConnectionOfTheSamePortComesAnew() {
        table.record(List.of(), journal::add, 0);
        table.connected(ONE, 0);
        table.disconnected(ONE, 0);
        table.connected(ONE, 1);
        table.settle(LATER);
        expect(ONE);
    }

    @Test
    void whatEndsWhenTheServiceGoesIsKept() {
        table.record(List.of(), journal::add, 0);
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
        table.record(before, journal::add, 0);
        assertThat(table.size()).isEqualTo(4);
        assertThat(table.earlier(ADDRESS)).hasSize(4).contains(from("192.0.2.3", 10));
    }
}
