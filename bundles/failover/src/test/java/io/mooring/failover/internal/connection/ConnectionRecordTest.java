package io.mooring.failover.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.posix.testing.Ip;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ConnectionRecordTest {

    private static ConnectionRecord record(InetAddress client, int port) {
        InetSocketAddress local = new InetSocketAddress(Ip.of("192.0.2.50"), 2049);
        return new ConnectionRecord(true, new Connection("nfsd", local, new InetSocketAddress(client, port)));
    }

    @Property
    void whatIsWrittenIsRead(
            @ForAll boolean connected,
            @ForAll @Size(4) byte[] four,
            @ForAll @Size(16) byte[] sixteen,
            @ForAll @IntRange(max = 65535) int port)
            throws IOException {
        for (byte[] bytes : new byte[][] {four, sixteen}) {
            Connection connection = record(address(bytes), port).connection();
            ConnectionRecord record = new ConnectionRecord(connected, connection);
            assertThat(ConnectionRecord.decode(record.encode())).isEqualTo(record);
        }
    }

    private static InetAddress address(byte[] bytes) throws UnknownHostException {
        return InetAddress.getByAddress(bytes);
    }

    @Test
    void aCutRecordIsNone() {
        byte[] whole = record(Ip.of("2001:db8::7"), 700).encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> ConnectionRecord.decode(cut)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> ConnectionRecord.decode(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(IOException.class);
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
        try {
            assertThat(ConnectionRecord.decode(bytes)).isNotNull();
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
    }

    @Property
    void damagedBytesAreReadOrRefused(@ForAll int at, @ForAll byte value) {
        byte[] bytes = record(Ip.of("192.0.2.7"), 700).encode();
        bytes[Math.floorMod(at, bytes.length)] = value;
        anyBytesAreReadOrRefused(bytes);
    }
}
