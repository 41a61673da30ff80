package io.mooring.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.posix.testing.Ip;
import io.mooring.posix.testing.NetNamespace;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** With two hosts: namespaces with a cable between them. */
class NeighboursTest {

    private static void connect(NetNamespace one, NetNamespace two) throws Exception {
        one.ip("link add eth0 type veth peer name eth0 netns " + two.name());
        for (NetNamespace host : List.of(one, two)) {
            host.sysctl("net/ipv6/conf/eth0/accept_dad", "0");
            host.ip("link set eth0 up");
        }
    }

    /** What the host knows of the address: its line in the neighbour table. */
    private static String known(NetNamespace host, String address) throws Exception {
        return host.ip("neigh show to " + address + " dev eth0").toLowerCase(Locale.ROOT);
    }

    @Test
    void neighboursLearnWhereAnAddressIsNow() throws Exception {
        try (NetNamespace node = NetNamespace.create();
                NetNamespace client = NetNamespace.create()) {
            connect(node, client);
            for (String address : List.of("192.0.2.50", "2001:db8::50")) {
                boolean six = address.contains(":");
                node.ip("addr add " + address + (six ? "/64" : "/24") + " dev eth0");
                client.ip("addr add " + (six ? "2001:db8::7/64" : "192.0.2.7/24") + " dev eth0");
                client.ip("neigh replace " + address + " lladdr 02:00:00:00:00:99 dev eth0 nud stale");
                String hardware = node.ip("link show eth0").replaceAll("(?s).*link/ether (\\S+).*", "$1");
                await().untilAsserted(() -> {
                    node.call(() -> {
                        // Java finds IPv6 addresses in /proc/net, which is that of the process's first thread.
                        try (Neighbours neighbours = new Neighbours()) {
                            neighbours.announce(Ip.of(address), NetworkInterface.getByName("eth0"));
                            neighbours.announce(Ip.of(address), NetworkInterface.getByName("eth0"));
                        }
                        return null;
                    });
                    assertThat(known(client, address)).contains(hardware);
                });
            }
        }
    }

    @Test
    void anAddressThatIsNotHereOrOnNoEthernetIsNotAnnounced() throws Exception {
        try (Neighbours neighbours = new Neighbours()) {
            neighbours.announce(Ip.of("192.0.2.50"));
            neighbours.announce(Ip.of("127.0.0.1"));
        }
    }

    @Test
    void afterItsEndNothingIsAnnounced() throws Exception {
        try (NetNamespace node = NetNamespace.create();
                NetNamespace client = NetNamespace.create()) {
            connect(node, client);
            node.ip("addr add 192.0.2.50/24 dev eth0");
            client.ip("addr add 192.0.2.7/24 dev eth0");
            client.ip("neigh replace 192.0.2.50 lladdr 02:00:00:00:00:99 dev eth0 nud stale");
            node.call(() -> {
                Neighbours neighbours = new Neighbours();
                neighbours.close();
                neighbours.announce(Ip.of("192.0.2.50"), NetworkInterface.getByName("eth0"));
                return null;
            });
            assertThat(known(client, "192.0.2.50")).contains("02:00:00:00:00:99");
        }
    }
}
