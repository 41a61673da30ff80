package io.mooring.posix.internal.netlink;

import io.mooring.posix.RtAddress;
import io.mooring.posix.RtEvent;
import io.mooring.posix.RtLink;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Reads rtnetlink(7) messages about addresses and links. Pure functions: whatever the bytes are, the answer is a value;
 * what is cut short, or of another kind, is left out.
 */
public final class RouteMessages {
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;

    private static final int AF_UNSPEC = 0;
    private static final int IFADDRMSG_BYTES = 8;
    private static final int IFINFOMSG_BYTES = 16;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_FLAGS = 8;
    private static final int IFLA_IFNAME = 3;

    private RouteMessages() {}

    /** A datagram of notifications. */
    public static List<RtEvent> events(ByteBuffer datagram) {
        return NetlinkMessage.split(datagram).stream()
                .flatMap(message -> event(message).stream())
                .toList();
    }

    static Optional<RtEvent> event(NetlinkMessage message) {
        return switch (message.type()) {
            case RTM_NEWADDR -> address(message).map(RtEvent.AddressThere::new);
            case RTM_DELADDR -> address(message).map(RtEvent.AddressGone::new);
            case RTM_NEWLINK -> link(message).map(RtEvent.LinkThere::new);
            case RTM_DELLINK -> link(message).map(RtEvent.LinkGone::new);
            default -> Optional.empty();
        };
    }

    /** Of an answer to RTM_GETADDR. */
    static Optional<RtAddress> listedAddress(NetlinkMessage message) {
        return message.type() == RTM_NEWADDR ? address(message) : Optional.empty();
    }

    /** Of an answer to RTM_GETLINK. */
    static Optional<RtLink> listedLink(NetlinkMessage message) {
        return message.type() == RTM_NEWLINK ? link(message) : Optional.empty();
    }

    /** Of RTM_NEWADDR and RTM_DELADDR: struct ifaddrmsg and attributes. */
    private static Optional<RtAddress> address(NetlinkMessage message) {
        ByteBuffer in = message.payload();
        if (in.remaining() < IFADDRMSG_BYTES) {
            return Optional.empty();
        }
        int family = Byte.toUnsignedInt(in.get(0));
        int addressBytes = family == InetDiag.AF_INET ? 4 : 16;
        int interfaceIndex = in.getInt(4);
        boolean known = family == InetDiag.AF_INET || family == InetDiag.AF_INET6;
        if (!known || interfaceIndex <= 0) {
            return Optional.empty();
        }
        Attributes attributes = Attributes.read(in, IFADDRMSG_BYTES);
        Optional<InetAddress> address =
                attributes.bytes(IFA_ADDRESS, addressBytes).map(raw -> Addresses.of(raw, interfaceIndex));
        // Without IFA_LOCAL the address is the local one; with it, it is the peer's, often the same.
        Optional<InetAddress> local =
                attributes.bytes(IFA_LOCAL, addressBytes).map(raw -> Addresses.of(raw, interfaceIndex));
        int flags = attributes.integer(IFA_FLAGS).orElse(Byte.toUnsignedInt(in.get(2)));
        return local.or(() -> address)
                .map(it -> new RtAddress(
                        it,
                        Byte.toUnsignedInt(in.get(1)),
                        address.filter(other -> !other.equals(it)),
                        interfaceIndex,
                        flags));
    }

    /**
     * Of RTM_NEWLINK and RTM_DELLINK: struct ifinfomsg and attributes. Those of a family (a bridge tells so that an
     * interface is no longer its port) say nothing of the interface itself.
     */
    private static Optional<RtLink> link(NetlinkMessage message) {
        ByteBuffer in = message.payload();
        if (in.remaining() < IFINFOMSG_BYTES || in.get(0) != AF_UNSPEC || in.getInt(4) <= 0) {
            return Optional.empty();
        }
        return Attributes.read(in, IFINFOMSG_BYTES)
                .string(IFLA_IFNAME)
                .map(name -> new RtLink(in.getInt(4), name, in.getInt(8)));
    }

    /** The payload of a dump request: the family (any) in a structure of zeroes. */
    static ByteBuffer anyFamily() {
        return ByteBuffer.allocate(IFINFOMSG_BYTES);
    }

    /** The attributes (struct rtattr) behind a message's own structure. */
    private record Attributes(ByteBuffer in) {
        private static final int HEADER_BYTES = 4;
        private static final int TYPE_MASK = 0x3FFF; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER

        static Attributes read(ByteBuffer message, int offset) {
            ByteBuffer rest = message.slice(offset, message.limit() - offset);
            return new Attributes(rest.order(ByteOrder.nativeOrder()));
        }

        /** The first of that type, if all of it is there. */
        private Optional<ByteBuffer> find(int type) {
            int at = 0;
            while (in.limit() - at >= HEADER_BYTES) {
                int length = Short.toUnsignedInt(in.getShort(at));
                if (length < HEADER_BYTES || length > in.limit() - at) {
                    return Optional.empty();
                }
                if ((in.getShort(at + 2) & TYPE_MASK) == type) {
                    return Optional.of(
                            in.slice(at + HEADER_BYTES, length - HEADER_BYTES).order(ByteOrder.nativeOrder()));
                }
                at += Math.min((length + 3) & ~3, in.limit() - at);
            }
            return Optional.empty();
        }

        Optional<byte[]> bytes(int type, int length) {
            return find(type).filter(value -> value.remaining() == length).map(Attributes::copy);
        }

        Optional<Integer> integer(int type) {
            return find(type)
                    .filter(value -> value.remaining() == Integer.BYTES)
                    .map(value -> value.getInt(0));
        }

        /** Up to its NUL. */
        Optional<String> string(int type) {
            return find(type)
                    .map(value -> new String(copy(value), StandardCharsets.UTF_8))
                    .map(text -> text.indexOf(0) < 0 ? text : text.substring(0, text.indexOf(0)));
        }

        private static byte[] copy(ByteBuffer value) {
            byte[] raw = new byte[value.remaining()];
            value.get(0, raw);
            return raw;
        }
    }
}
