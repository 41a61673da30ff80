package io.mooring.posix.internal.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.SockDiag.TcpSocket;
import io.mooring.posix.testing.Ip;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class InetDiagTest {
    private static final int REQUEST_ID_AT = 8;

    /** The kernel's answer begins its socket id at 4, the request at 8: what is read must go back the same. */
    @Test
    void namesTheSocketToDestroyAsTheKernelDid() {
        byte[] answer = answer(InetDiag.AF_INET6, Ip.of("fe80::7").getAddress(), 9);
        TcpSocket socket = InetDiag.read(ByteBuffer.wrap(answer)).orElseThrow();

        assertThat(socket.local().getPort()).isEqualTo(2049);
        assertThat(((Inet6Address) socket.local().getAddress()).getScopeId()).isEqualTo(9);
        assertThat(socket.cookie()).isEqualTo(0x8899_AABB_1122_3344L);
        assertThat(socket.inode()).isEqualTo(0xFFFF_FFFFL);

        ByteBuffer request = InetDiag.destroyRequest(socket);
        assertThat(request.get(0)).isEqualTo((byte) InetDiag.AF_INET6);
        assertThat(request.slice(REQUEST_ID_AT, 48)).isEqualTo(ByteBuffer.wrap(answer, 4, 48));
    }

    @Test
    void mappedAddressesAreReadAsIpv4AndSentBackMapped() {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        mapped[12] = 10;
        byte[] answer = answer(InetDiag.AF_INET6, mapped, 0);
        TcpSocket socket = InetDiag.read(ByteBuffer.wrap(answer)).orElseThrow();

        assertThat(socket.local()).isEqualTo(new InetSocketAddress(Ip.of("10.0.0.0"), 2049));
        assertThat(InetDiag.destroyRequest(socket).slice(REQUEST_ID_AT, 48)).isEqualTo(ByteBuffer.wrap(answer, 4, 48));
    }

    @Test
    void scopesAreComparedOnlyWhereBothAreKnown() throws Exception {
        byte[] raw = Ip.of("fe80::7").getAddress();
        var on2 = Inet6Address.getByAddress(null, raw, 2);
        var on3 = Inet6Address.getByAddress(null, raw, 3);

        assertThat(Addresses.same(on2, on3)).isFalse();
        assertThat(Addresses.same(on2, on2)).isTrue();
        assertThat(Addresses.same(on2, Ip.of("fe80::7"))).isTrue();
    }

    @Property
    void anyBytesAreRead(@ForAll @Size(max = 100) byte[] bytes) {
        assertThat(InetDiag.read(ByteBuffer.wrap(bytes))).isNotNull();
    }

    private static byte[] answer(int family, byte[] address, int interfaceIndex) {
        return ByteBuffer.allocate(72)
                .order(ByteOrder.nativeOrder())
                .put((byte) family)
                .put((byte) TcpSocket.FIN_WAIT1)
                .putShort((short) 0)
                .put(new byte[] {0x08, 0x01, 0x03, 0x55})
                .put(address)
                .put(address)
                .putInt(interfaceIndex)
                .putInt(0x1122_3344)
                .putInt(0x8899_AABB)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putInt(-1)
                .array();
    }
}
