package io.mooring.posix.internal.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.RtAddress;
import io.mooring.posix.RtEvent;
import io.mooring.posix.RtLink;
import io.mooring.posix.testing.Ip;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** With messages made by hand. */
class RouteMessagesTest {
    private static final int NEWADDR = RouteMessages.RTM_NEWADDR;

    @Test
    void readsAnIpv4Address() {
        ByteBuffer datagram = message(
                NEWADDR,
                ifaddrmsg(2, 24, 0x80, 7),
                attribute(1, Ip.of("192.0.2.1").getAddress()),
                attribute(2, Ip.of("192.0.2.1").getAddress()),
                attribute(3, "eth0".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                attribute(8, integer(0x80 | RtAddress.IFA_F_SECONDARY)));

        assertThat(RouteMessages.events(datagram))
                .containsExactly(new RtEvent.AddressThere(
                        new RtAddress(Ip.of("192.0.2.1"), 24, Optional.empty(), 7, 0x80 | RtAddress.IFA_F_SECONDARY)));
    }

    @Test
    void theLocalAddressOfAPointToPointLinkIsNotItsPeer() {
        ByteBuffer datagram = message(
                RouteMessages.RTM_DELADDR,
                ifaddrmsg(2, 32, 0, 7),
                attribute(1, Ip.of("192.0.2.2").getAddress()),
                attribute(2, Ip.of("192.0.2.1").getAddress()));

        assertThat(RouteMessages.events(datagram))
                .containsExactly(new RtEvent.AddressGone(
                        new RtAddress(Ip.of("192.0.2.1"), 32, Optional.of(Ip.of("192.0.2.2")), 7, 0)));
    }

    @Test
    void aTentativeOrDuplicateAddressIsNotUsable() {
        assertThat(flags(RtAddress.IFA_F_TENTATIVE).usable()).isFalse();
        assertThat(flags(RtAddress.IFA_F_DADFAILED).usable()).isFalse();
        assertThat(flags(RtAddress.IFA_F_TENTATIVE | RtAddress.IFA_F_OPTIMISTIC).usable())
                .isTrue();
        assertThat(flags(RtAddress.IFA_F_DEPRECATED).usable()).isTrue();
    }

    @Test
    void onlyLinkLocalAddressesCarryAScope() {
        assertThat(scope("fe80::1")).isEqualTo(7);
        assertThat(scope("2001:db8::1")).isZero();
    }

    @Test
    void readsALink() {
        ByteBuffer datagram = message(
                RouteMessages.RTM_NEWLINK,
                ifinfomsg(0, 3, RtLink.IFF_UP),
                attribute(3, "eth0\0".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(RouteMessages.events(datagram))
                .containsExactly(new RtEvent.LinkThere(new RtLink(3, "eth0", RtLink.IFF_UP)));
    }

    /** When an interface leaves a bridge the kernel sends RTM_DELLINK of family AF_BRIDGE. */
    @Test
    void leavingABridgeIsNotTheEndOfAnInterface() {
        ByteBuffer datagram = message(
                RouteMessages.RTM_DELLINK,
                ifinfomsg(7, 3, 0),
                attribute(3, "eth0\0".getBytes(java.nio.charset.StandardCharsets.UTF_8)));

        assertThat(RouteMessages.events(datagram)).isEmpty();
    }

    @Test
    void readsSeveralMessagesOfOneDatagram() {
        ByteBuffer one = message(NEWADDR, ifaddrmsg(2, 24, 0, 7), attribute(2, new byte[] {10, 0, 0, 1}));
        ByteBuffer two = message(NEWADDR, ifaddrmsg(2, 24, 0, 7), attribute(2, new byte[] {10, 0, 0, 2}));
        ByteBuffer both = ByteBuffer.allocate(200).put(one).put(two).flip();

        assertThat(RouteMessages.events(both)).hasSize(2);
    }

    @Test
    void leavesOutWhatIsCutShort() {
        ByteBuffer whole = message(NEWADDR, ifaddrmsg(2, 24, 0, 7), attribute(2, new byte[] {10, 0, 0, 1}));
        for (int length = 0; length < whole.limit(); length++) {
            assertThat(RouteMessages.events(whole.duplicate().limit(length)))
                    .as("%d bytes", length)
                    .isEmpty();
        }
    }

    @Test
    void leavesOutAnAddressOfTheWrongLengthAndAnUnknownFamily() {
        assertThat(RouteMessages.events(message(NEWADDR, ifaddrmsg(2, 24, 0, 7), attribute(2, new byte[16]))))
                .isEmpty();
        assertThat(RouteMessages.events(message(NEWADDR, ifaddrmsg(10, 64, 0, 7), attribute(1, new byte[4]))))
                .isEmpty();
        assertThat(RouteMessages.events(message(NEWADDR, ifaddrmsg(16, 24, 0, 7), attribute(2, new byte[4]))))
                .isEmpty();
        assertThat(RouteMessages.events(message(NEWADDR, ifaddrmsg(2, 24, 0, -1), attribute(2, new byte[4]))))
                .isEmpty();
    }

    @Property
    void anyBytesAreRead(@ForAll @Size(max = 300) byte[] bytes) {
        assertThat(RouteMessages.events(ByteBuffer.wrap(bytes))).isNotNull();
    }

    /** Hostile lengths inside a message whose own length is right. */
    @Property
    void anyPayloadIsRead(@ForAll boolean link, @ForAll @Size(max = 120) byte[] payload) {
        int type = link ? RouteMessages.RTM_NEWLINK : NEWADDR;
        if (payload.length > 0) {
            payload[0] = (byte) (link ? 0 : 10);
        }
        List<RtEvent> events = RouteMessages.events(message(type, payload));
        assertThat(events).hasSizeLessThanOrEqualTo(1);
    }

    private static RtAddress flags(int flags) {
        return new RtAddress(Ip.of("2001:db8::1"), 64, Optional.empty(), 1, flags);
    }

    private static int scope(String address) {
        ByteBuffer datagram = message(
                NEWADDR, ifaddrmsg(10, 64, 0, 7), attribute(1, Ip.of(address).getAddress()));
        RtEvent event = RouteMessages.events(datagram).get(0);
        return ((Inet6Address) ((RtEvent.AddressThere) event).address().address()).getScopeId();
    }

    static ByteBuffer message(int type, byte[]... parts) {
        ByteBuffer payload = ByteBuffer.allocate(512);
        for (byte[] part : parts) {
            payload.put(part);
        }
        return NetlinkMessage.request(type, 0, 0, payload.flip());
    }

    private static byte[] ifaddrmsg(int family, int prefixLength, int flags, int index) {
        return bytes(8).put((byte) family)
                .put((byte) prefixLength)
                .put((byte) flags)
                .put((byte) 0)
                .putInt(index)
                .array();
    }

    private static byte[] ifinfomsg(int family, int index, int flags) {
        return bytes(16)
                .put((byte) family)
                .put((byte) 0)
                .putShort((short) 1)
                .putInt(index)
                .putInt(flags)
                .array();
    }

    private static byte[] attribute(int type, byte[] value) {
        int padded = (value.length + 3) & ~3;
        return bytes(4 + padded)
                .putShort((short) (4 + value.length))
                .putShort((short) type)
                .put(value)
                .array();
    }

    private static byte[] integer(int value) {
        return bytes(4).putInt(value).array();
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    }
}
