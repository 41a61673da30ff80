package io.mooring.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mooring.posix.testing.Ip;
import io.mooring.posix.testing.NetNamespace;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.channels.AsynchronousCloseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against the kernel, in a network namespace; what needs none runs for a plain user too. */
@Timeout(60)
class RtnetlinkTest {

    @Test
    void listsTheAddressesAndLinksOfThisHost() throws Exception {
        try (Rtnetlink rtnetlink = Rtnetlink.open(0)) {
            Set<RtLink> links = rtnetlink.links();
            assertThat(links).extracting(RtLink::name).contains("lo");
            assertThat(rtnetlink.addresses())
                    .allSatisfy(address ->
                            assertThat(links).extracting(RtLink::index).contains(address.interfaceIndex()));
        }
    }

    @Test
    void closeEndsAReceiveThatWaits() throws Exception {
        Rtnetlink rtnetlink = Rtnetlink.open(0);
        CompletableFuture<Void> waiting = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    rtnetlink.receive();
                }
            } catch (Exception e) {
                waiting.completeExceptionally(e);
            }
        });
        thread.start();
        await().until(() -> !thread.getState().equals(Thread.State.NEW));
        rtnetlink.close();
        rtnetlink.close();

        assertThatThrownBy(() -> waiting.orTimeout(10, TimeUnit.SECONDS).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(AsynchronousCloseException.class);
        assertThatThrownBy(rtnetlink::addresses).isInstanceOf(AsynchronousCloseException.class);
    }

    @Test
    void tellsOfAddressesInOrder() throws Exception {
        try (NetNamespace namespace = NetNamespace.create();
                Rtnetlink rtnetlink = namespace.call(() -> Rtnetlink.open(0))) {
            namespace.ip("addr add 192.0.2.1/24 dev lo");
            namespace.ip("addr add 192.0.2.9 peer 192.0.2.10/32 dev lo");
            namespace.ip("addr del 192.0.2.1/24 dev lo");

            List<RtEvent> events = collect(rtnetlink, e -> e instanceof RtEvent.AddressGone);
            assertThat(events)
                    .containsExactly(
                            new RtEvent.AddressThere(lo("192.0.2.1", 24, null)),
                            new RtEvent.AddressThere(lo("192.0.2.9", 32, "192.0.2.10")),
                            new RtEvent.AddressGone(lo("192.0.2.1", 24, null)));
            assertThat(rtnetlink.addresses()).containsExactly(lo("192.0.2.9", 32, "192.0.2.10"));
        }
    }

    @Test
    void tellsOfLinksAndGivesLinkLocalAddressesTheirScope() throws Exception {
        try (NetNamespace namespace = NetNamespace.create();
                Rtnetlink rtnetlink = namespace.call(() -> Rtnetlink.open(0))) {
            namespace.ip("link add v0 type veth peer name v1");
            namespace.ip("addr add fe80::5/64 dev v0 nodad");
            List<RtEvent> events = collect(rtnetlink, e -> e instanceof RtEvent.AddressThere);

            RtLink link = rtnetlink.links().stream()
                    .filter(it -> it.name().equals("v0"))
                    .findAny()
                    .orElseThrow();
            assertThat(events)
                    .anySatisfy(event -> assertThat(event)
                            .isInstanceOfSatisfying(
                                    RtEvent.LinkThere.class,
                                    it -> assertThat(it.link().index()).isEqualTo(link.index())));
            InetAddress address = ((RtEvent.AddressThere) events.get(events.size() - 1))
                    .address()
                    .address();
            assertThat(((Inet6Address) address).getScopeId()).isEqualTo(link.index());

            namespace.ip("link del v0");
            assertThat(collect(rtnetlink, e -> e instanceof RtEvent.LinkGone))
                    .anySatisfy(event -> assertThat(event).isInstanceOf(RtEvent.AddressGone.class));
        }
    }

    @Test
    void anOverrunIsReportedAndTheNextDumpIsComplete() throws Exception {
        try (NetNamespace namespace = NetNamespace.create();
                Rtnetlink rtnetlink = namespace.call(() -> Rtnetlink.open(4096))) {
            namespace.batch(IntStream.range(0, 500)
                    .mapToObj(i -> "addr add 10.1." + i / 250 + "." + (i % 250 + 1) + "/32 dev lo")
                    .toList());

            assertThatThrownBy(() -> collect(rtnetlink, event -> false))
                    .isInstanceOfSatisfying(
                            PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOBUFS));
            rtnetlink.discard();
            assertThat(rtnetlink.addresses()).hasSize(500);

            // After the overrun news are whole again.
            namespace.ip("addr del 10.1.0.1/32 dev lo");
            assertThat(collect(rtnetlink, e -> e instanceof RtEvent.AddressGone))
                    .containsExactly(new RtEvent.AddressGone(lo("10.1.0.1", 32, null)));
        }
    }

    private static RtAddress lo(String address, int prefixLength, String peer) {
        int permanent = 0x80;
        return new RtAddress(
                Ip.of(address), prefixLength, Optional.ofNullable(peer).map(Ip::of), 1, permanent);
    }

    /** The news up to and with the one. */
    private static List<RtEvent> collect(Rtnetlink rtnetlink, Predicate<RtEvent> last) throws Exception {
        List<RtEvent> events = new ArrayList<>();
        while (events.stream().noneMatch(last)) {
            events.addAll(rtnetlink.receive());
        }
        return events;
    }
}
