package io.mooring.rpcbind.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Linux's struct sockaddr_in and sockaddr_in6: what UADDR2TADDR and TADDR2UADDR call a transport address, the family in
 * the host's byte order, as rpcbind(8) does. Stateless.
 */
final class SocketAddressBytes {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SIZE_IPV4 = 16;
    private static final int SIZE_IPV6 = 28;
    private static final int IPV4_ADDRESS_AT = 4;
    private static final int IPV6_ADDRESS_AT = 8;

    private SocketAddressBytes() {}

    static byte[] of(UniversalAddress address) {
        boolean ipv6 = address.host() instanceof Inet6Address;
        ByteBuffer bytes = ByteBuffer.allocate(ipv6 ? SIZE_IPV6 : SIZE_IPV4);
        bytes.order(ByteOrder.nativeOrder()).putShort((short) (ipv6 ? AF_INET6 : AF_INET));
        bytes.order(ByteOrder.BIG_ENDIAN).putShort((short) address.port());
        bytes.position(ipv6 ? IPV6_ADDRESS_AT : IPV4_ADDRESS_AT)
                .put(address.host().getAddress());
        return bytes.array();
    }

    /** Empty where the bytes are of another family, or too few. */
    static Optional<UniversalAddress> parse(byte[] sockaddr) {
        if (sockaddr.length < SIZE_IPV4) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(sockaddr).order(ByteOrder.nativeOrder());
        int family = bytes.getShort();
        int port = bytes.order(ByteOrder.BIG_ENDIAN).getShort() & 0xffff;
        if (family == AF_INET) {
            return Optional.of(new UniversalAddress(host(bytes, IPV4_ADDRESS_AT, 4), port));
        }
        if (family == AF_INET6 && sockaddr.length >= SIZE_IPV6) {
            return Optional.of(new UniversalAddress(host(bytes, IPV6_ADDRESS_AT, 16), port));
        }
        return Optional.empty();
    }

    private static InetAddress host(ByteBuffer bytes, int at, int length) {
        byte[] address = new byte[length];
        bytes.position(at).get(address);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
