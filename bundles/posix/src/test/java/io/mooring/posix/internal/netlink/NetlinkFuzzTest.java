package io.mooring.posix.internal.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mooring.posix.RtEvent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Whatever a netlink socket gives, it is read or left out; nothing is thrown, and it costs no more than what came. */
class NetlinkFuzzTest {
    private static final int[] TYPES = {
        RouteMessages.RTM_NEWADDR, RouteMessages.RTM_DELADDR, RouteMessages.RTM_NEWLINK, RouteMessages.RTM_DELLINK
    };

    private static final long ALLOWED_BYTES = 4L << 20;

    /** The first byte chooses how the others are used, so that lengths inside right messages are tried too. */
    @FuzzTest(maxDuration = "3s")
    void anyBytes(byte[] input) throws Exception {
        FuzzTarget.runWithin(ALLOWED_BYTES + 10_000L * input.length, NetlinkFuzzTest::run, input);
    }

    private static void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        switch (input[0] & 7) {
            case 0 -> datagram(ByteBuffer.wrap(bytes));
            case 1 -> datagram(direct(bytes));
            case 2 -> assertThat(InetDiag.read(ByteBuffer.wrap(bytes))).isNotNull();
            default -> payload(TYPES[input[0] & 3], bytes);
        }
    }

    private static void datagram(ByteBuffer datagram) {
        List<NetlinkMessage> messages = NetlinkMessage.split(datagram);
        long bytes = messages.stream()
                .mapToLong(m -> NetlinkMessage.HEADER_BYTES + m.payload().remaining())
                .sum();
        assertThat(bytes).isLessThanOrEqualTo(datagram.remaining());
        for (NetlinkMessage message : messages) {
            assertThat(message.error()).isEqualTo(message.error());
            assertThat(RouteMessages.event(message)).isNotNull();
            assertThat(RouteMessages.listedAddress(message)).isNotNull();
            assertThat(RouteMessages.listedLink(message)).isNotNull();
            assertThat(InetDiag.read(message.payload())).isNotNull();
        }
        assertThat(RouteMessages.events(datagram)).hasSizeLessThanOrEqualTo(messages.size());
    }

    private static void payload(int type, byte[] payload) {
        List<RtEvent> events = RouteMessages.events(NetlinkMessage.request(type, 0, 0, ByteBuffer.wrap(payload)));
        assertThat(events).hasSizeLessThanOrEqualTo(1);
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
