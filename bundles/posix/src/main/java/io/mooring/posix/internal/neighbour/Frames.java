package io.mooring.posix.internal.neighbour;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Ethernet frames that tell neighbours which interface has an address. Pure functions. */
public final class Frames {
    private static final byte[] BROADCAST = {-1, -1, -1, -1, -1, -1};
    /** Of ff02::1, all nodes of the link (RFC 2464 §7). */
    private static final byte[] ALL_NODES_ETHERNET = {0x33, 0x33, 0, 0, 0, 1};

    private static final byte[] ALL_NODES = {-1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private static final short ETHERTYPE_ARP = 0x0806;
    private static final short ETHERTYPE_IPV6 = (short) 0x86DD;
    private static final int ETHERNET_HEADER = 14;
    private static final int ARP_BYTES = 28;
    private static final int IPV6_HEADER = 40;
    /** With the option that has the link-layer address. */
    private static final int ADVERTISEMENT_BYTES = 32;

    private static final byte ICMPV6 = 58;
    private static final byte NEIGHBOUR_ADVERTISEMENT = (byte) 136;
    /** RFC 4861 §4.4: not a router, not solicited, replaces what neighbours know. */
    private static final int OVERRIDE = 0x20000000;

    private static final byte TARGET_LINK_LAYER_ADDRESS = 2;

    private Frames() {}

    /** A gratuitous ARP request (RFC 5227 §3) or an unsolicited neighbour advertisement (RFC 4861 §7.2.6). */
    public static byte[] announcement(InetAddress address, byte[] hardware) {
        return address instanceof Inet6Address
                ? advertisement(address.getAddress(), hardware)
                : gratuitousArp(address.getAddress(), hardware);
    }

    private static byte[] gratuitousArp(byte[] address, byte[] hardware) {
        return ByteBuffer.allocate(ETHERNET_HEADER + ARP_BYTES)
                .put(BROADCAST)
                .put(hardware)
                .putShort(ETHERTYPE_ARP)
                .putShort((short) 1) // hardware type: Ethernet
                .putShort((short) 0x0800) // protocol type: IPv4
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) 1) // request: some take no reply that they have not asked for
                .put(hardware)
                .put(address)
                .put(new byte[6])
                .put(address)
                .array();
    }

    private static byte[] advertisement(byte[] address, byte[] hardware) {
        byte[] frame = ByteBuffer.allocate(ETHERNET_HEADER + IPV6_HEADER + ADVERTISEMENT_BYTES)
                .put(ALL_NODES_ETHERNET)
                .put(hardware)
                .putShort(ETHERTYPE_IPV6)
                .putInt(0x60000000)
                .putShort((short) ADVERTISEMENT_BYTES)
                .put(ICMPV6)
                .put((byte) 255) // hop limit: it came from this link
                .put(address)
                .put(ALL_NODES)
                .put(NEIGHBOUR_ADVERTISEMENT)
                .put((byte) 0)
                .putShort((short) 0) // checksum, below
                .putInt(OVERRIDE)
                .put(address)
                .put(TARGET_LINK_LAYER_ADDRESS)
                .put((byte) 1) // in units of 8 bytes
                .put(hardware)
                .array();
        int icmp = ETHERNET_HEADER + IPV6_HEADER;
        ByteBuffer.wrap(frame).putShort(icmp + 2, checksum(frame));
        return frame;
    }

    /** Of the ICMPv6 message and the pseudo-header: addresses, length, next header (RFC 8200 §8.1). */
    private static short checksum(byte[] frame) {
        ByteBuffer words = ByteBuffer.wrap(frame);
        int sum = ADVERTISEMENT_BYTES + ICMPV6;
        for (int at = ETHERNET_HEADER + 8; at < frame.length; at += 2) {
            sum += Short.toUnsignedInt(words.getShort(at));
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }
}
