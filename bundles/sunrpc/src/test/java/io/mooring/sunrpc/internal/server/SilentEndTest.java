package io.mooring.sunrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mooring.posix.testing.NetNamespace;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client sees when an IPv6 address goes: two hosts, which are namespaces with a cable between them. */
@ExtendWith(NoLeaks.class)
class SilentEndTest {
    private static final InetAddress MOVING = Rig.address("2001:db8::50");
    private static final InetAddress STAYING = Rig.address("2001:db8::1");

    private NetNamespace node;
    private NetNamespace host;
    private Rig rig;

    @BeforeEach
    void connect() throws Exception {
        node = NetNamespace.create();
        host = NetNamespace.create();
        node.ip("link add eth0 type veth peer name eth0 netns " + host.name());
        for (NetNamespace each : List.of(node, host)) {
            each.sysctl("net/ipv6/conf/eth0/accept_dad", "0");
            each.ip("link set eth0 up");
        }
        node.ip("addr add 2001:db8::1/64 dev eth0 nodad");
        node.ip("addr add 2001:db8::50/64 dev eth0 nodad");
        host.ip("addr add 2001:db8::7/64 dev eth0 nodad");
        // A socket is of the namespace in which it is made.
        rig = node.call(() -> new Rig(EventLoops.Kind.EPOLL));
    }

    @AfterEach
    void close() throws IOException {
        if (rig != null) {
            rig.close();
        }
        host.close();
        node.close();
    }

    private RawConnection connected(InetAddress to) throws Exception {
        RawConnection connection =
                host.call(() -> new RawConnection(null, new InetSocketAddress(to, rig.server.tcpPort())));
        echo(connection);
        return connection;
    }

    private static void echo(RawConnection connection) throws Exception {
        connection.sendCall(1, 0, new byte[0]);
        assertThat(connection.receive().readInt()).isEqualTo(1);
    }

    private void removeMoving() throws IOException {
        node.ip("addr del 2001:db8::50/64 dev eth0");
        assertThat(rig.server.closeTransports(MOVING)).isEqualTo(1);
    }

    /** It would connect at once to where the address is not. The next node tells it. */
    @Test
    void aClientOfAMooredAddressHearsNothing() throws Exception {
        rig.server.moor(MOVING, new TestKeeper()).open();
        try (RawConnection moving = connected(MOVING);
                RawConnection staying = connected(STAYING)) {
            removeMoving();
            // What was sent before would have come before this.
            echo(staying);
            moving.socket.setSoTimeout(1);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(moving::read);
        }
    }

    /** Nobody else would tell it. */
    @Test
    void aClientOfAnotherAddressIsReset() throws Exception {
        try (RawConnection moving = connected(MOVING)) {
            removeMoving();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(moving::read)
                    .withMessageContaining("reset");
        }
    }

    /** As by command. */
    @Test
    void aClientIsResetWhileTheAddressIsHere() throws Exception {
        rig.server.moor(MOVING, new TestKeeper()).open();
        rig.present.add(AddressKey.of(MOVING));
        try (RawConnection moving = connected(MOVING)) {
            assertThat(rig.server.closeTransports(MOVING)).isEqualTo(1);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(moving::read)
                    .withMessageContaining("reset");
        }
    }
}
