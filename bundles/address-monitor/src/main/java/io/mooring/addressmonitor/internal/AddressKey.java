package io.mooring.addressmonitor.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What tells addresses apart: {@link Inet6Address#equals} leaves out the scope, but fe80::1 on two links is two
 * addresses. Ordered by family, then value, then scope. Immutable.
 *
 * @param scope the interface of a link-local address; 0 for any other
 */
record AddressKey(ByteBuffer value, int scope) implements Comparable<AddressKey> {

    static AddressKey of(InetAddress address) {
        int scope = address instanceof Inet6Address six && six.isLinkLocalAddress() ? six.getScopeId() : 0;
        return new AddressKey(ByteBuffer.wrap(address.getAddress()).asReadOnlyBuffer(), scope);
    }

    @Override
    public int compareTo(AddressKey other) {
        int byFamily = Integer.compare(value.remaining(), other.value.remaining());
        if (byFamily != 0) {
            return byFamily;
        }
        int byValue = Arrays.compareUnsigned(bytes(), other.bytes());
        return byValue != 0 ? byValue : Integer.compare(scope, other.scope);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[value.remaining()];
        value.get(0, bytes);
        return bytes;
    }
}
