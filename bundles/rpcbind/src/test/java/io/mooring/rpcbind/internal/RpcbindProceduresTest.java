package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.rpcbind.internal.Rpcbind4.Entry;
import io.mooring.rpcbind.internal.Rpcbind4.EntryList;
import io.mooring.rpcbind.internal.Rpcbind4.Netbuf;
import io.mooring.rpcbind.internal.Rpcbind4.Rpcb;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.XdrReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions 3 and 4 without sockets. */
final class RpcbindProceduresTest {
    private static final XdrEncoder<String> STRING = (text, w) -> w.writeString(text);

    private final TestRpcbind rpcbind = new TestRpcbind();
    private final FakeCall caller = FakeCall.remote(Netid.TCP);

    @ParameterizedTest
    @CsvSource({
        "TCP, 10.0.0.5.8.1",
        "UDP, 10.0.0.5.8.2",
        "TCP6, 2001:db8::5.8.1",
        "UDP6, 2001:db8::5.8.2",
    })
    void getAddrGivesTheAddressThatTheCallCameTo(Netid netid, String expected) throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2050));

        assertThat(address(FakeCall.remote(netid), 100003, 3)).isEqualTo(expected);
    }

    @Test
    void anIpv4CallOnAnIpv6SocketIsIpv4() throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2050));

        assertThat(address(FakeCall.of(Netid.TCP6, "10.0.0.9", 700, "10.0.0.5"), 100003, 3))
                .isEqualTo("10.0.0.5.8.1");
    }

    @Test
    void aScopeIsNoPartOfTheAddress() throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2050));

        assertThat(address(FakeCall.of(Netid.TCP6, "fe80::9%1", 700, "fe80::5%1"), 100003, 3))
                .isEqualTo("fe80::5.8.1");
    }

    @Test
    void getAddrOfAnUnknownVersionGivesThatOfAnotherButGetVersAddrDoesNot() throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2050));

        assertThat(address(caller, 100003, 4)).isEqualTo("10.0.0.5.8.1");
        assertThat(rpcbind.address(caller, Rpcbind4.GETVERSADDR, 100003, 4)).isEmpty();
        assertThat(rpcbind.address(caller, Rpcbind4.GETVERSADDR, 100003, 3)).isEqualTo("10.0.0.5.8.1");
        assertThat(address(caller, 100005, 3)).isEmpty();
    }

    @Test
    void theRightVersionGoesBeforeAHigherOne() throws Exception {
        rpcbind.local.add(FakeServer.of(100005, 1, 1001, -1));
        rpcbind.local.add(FakeServer.of(100005, 3, 1003, -1));

        assertThat(rpcbind.getPort(caller, 100005, 1, 6)).isEqualTo(1001);
        assertThat(rpcbind.getPort(caller, 100005, 2, 6)).isEqualTo(1003);
    }

    @Test
    void ofSeveralAddressesTheOneCalledIsGiven() throws Exception {
        rpcbind.local.add(new FakeServer(
                List.of(FakeServer.program(100003, 3)),
                2049,
                -1,
                FakeCall.address("10.0.0.4"),
                FakeCall.address("10.0.0.5"),
                FakeCall.address("10.0.0.6")));

        assertThat(address(caller, 100003, 3)).isEqualTo("10.0.0.5.8.1");
        assertThat(address(FakeCall.of(Netid.TCP, "10.0.0.9", 700, "10.0.0.6"), 100003, 3))
                .isEqualTo("10.0.0.6.8.1");
        assertThat(address(FakeCall.remote(Netid.TCP6), 100003, 3))
                .as("no IPv6 listener")
                .isEmpty();
    }

    @Test
    void aServerOnLoopbackIsShownOnLoopbackOnly() throws Exception {
        rpcbind.local.add(
                new FakeServer(List.of(FakeServer.program(100003, 3)), 2049, 2049, FakeCall.address("127.0.0.1")));

        assertThat(address(caller, 100003, 3)).isEmpty();
        assertThat(address(FakeCall.unprivileged(), 100003, 3)).isEqualTo("127.0.0.1.8.1");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void dumpListsAllTransportsWithWildcards(int version) throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2050));

        assertThat(rpcbind.dump(caller, version))
                .containsExactlyInAnyOrder(
                        new Rpcb(100003, 3, "tcp", "0.0.0.0.8.1", "superuser"),
                        new Rpcb(100003, 3, "udp", "0.0.0.0.8.2", "superuser"),
                        new Rpcb(100003, 3, "tcp6", "::.8.1", "superuser"),
                        new Rpcb(100003, 3, "udp6", "::.8.2", "superuser"));
    }

    @Test
    void rpcbindItselfIsListedAndVersion2OnlyForIpv4() throws Exception {
        rpcbind.local.add(new FakeServer(
                List.of(
                        FakeServer.program(Portmap2.PROGRAM, 2),
                        FakeServer.program(Portmap2.PROGRAM, 3),
                        FakeServer.program(Portmap2.PROGRAM, 4)),
                111,
                111,
                Registration.ANY_IPV6));

        assertThat(rpcbind.dump(caller, 3))
                .extracting(r -> r.version() + " " + r.netid())
                .containsExactlyInAnyOrder(
                        "2 tcp", "2 udp", "3 tcp", "3 udp", "3 tcp6", "3 udp6", "4 tcp", "4 udp", "4 tcp6", "4 udp6");
        assertThat(rpcbind.dump2(caller)).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void setAndUnset(int version) throws Exception {
        Rpcb tcp = new Rpcb(100024, 1, "tcp", "0.0.0.0.16.1", "me");
        Rpcb udp6 = new Rpcb(100024, 1, "udp6", "::.16.2", "");
        assertThat(set(version, tcp)).isTrue();
        assertThat(set(version, udp6)).isTrue();
        assertThat(rpcbind.dump(caller, version))
                .containsExactlyInAnyOrder(
                        new Rpcb(100024, 1, "tcp", "0.0.0.0.16.1", "superuser"),
                        new Rpcb(100024, 1, "udp6", "::.16.2", "superuser"));

        assertThat(unset(version, tcp)).isTrue();
        assertThat(rpcbind.dump(caller, version)).hasSize(1);
        assertThat(unset(version, tcp)).isFalse();
        assertThat(unset(version, new Rpcb(100024, 1, "", "", "")))
                .as("all netids")
                .isTrue();
        assertThat(rpcbind.dump(caller, version)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "tcp, 0.0.0.0.0.0",
        "tcp, ::.16.1",
        "tcp6, 0.0.0.0.16.1",
        "tcp, nonsense",
        "tcp, ''",
        "local, /run/x.sock",
        "sctp, 0.0.0.0.16.1",
        "'', 0.0.0.0.16.1",
    })
    void setTakesOnlyWhatCanBeServed(String netid, String address) throws Exception {
        assertThat(set(4, new Rpcb(100024, 1, netid, address, ""))).isFalse();
        assertThat(rpcbind.dump(caller, 4)).isEmpty();
    }

    @Test
    void setFromElsewhereIsDenied() {
        assertThatThrownBy(() -> rpcbind.change(
                        caller, 4, Rpcbind4.SET, new Rpcb(100024, 1, "tcp", "0.0.0.0.16.1", "superuser")))
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.AUTH_TOOWEAK));
    }

    @Test
    void setOnIpv6Loopback() throws Exception {
        FakeCall local = FakeCall.of(Netid.TCP6, "::1", 700, "::1");
        assertThat(rpcbind.change(local, 4, Rpcbind4.SET, new Rpcb(100024, 1, "tcp", "0.0.0.0.16.1", "")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"3, 5", "4, 5", "4, 10"})
    void indirectCallsAreDroppedOnUdpAndRefusedOnTcp(int version, int procedure) {
        assertThatThrownBy(() -> rpcbind.callBytes(FakeCall.remote(Netid.UDP6), version, procedure, new byte[0]))
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.NO_REPLY));
        assertThatThrownBy(() -> rpcbind.callBytes(caller, version, procedure, new byte[0]))
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.PROC_UNAVAIL));
    }

    @Test
    void version3EndsAtTaddr2Uaddr() {
        assertThatThrownBy(() -> rpcbind.callBytes(caller, 3, Rpcbind4.GETVERSADDR, new byte[0]))
                .isInstanceOf(RpcException.class);
    }

    @Test
    void getTime() throws Exception {
        assertThat(rpcbind.call(caller, 3, Rpcbind4.GETTIME, TestRpcbind.NOTHING, null, XdrReader::readInt))
                .isEqualTo((int) TestRpcbind.NOW.getEpochSecond());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.5.8.1", "2001:db8::5.8.1"})
    void addressesAreTranslatedThereAndBack(String text) throws Exception {
        Netbuf netbuf = rpcbind.call(caller, 4, Rpcbind4.UADDR2TADDR, STRING, text, Netbuf::read);
        assertThat(netbuf.address()).hasSize(text.startsWith("1") ? 16 : 28);
        assertThat(netbuf.maxLength()).isEqualTo(netbuf.address().length);

        String back = rpcbind.call(caller, 4, Rpcbind4.TADDR2UADDR, Netbuf::write, netbuf, r -> r.readString(1000));
        assertThat(back).isEqualTo(text);
    }

    @Test
    void whatIsNoAddressIsTranslatedToNothing() throws Exception {
        Netbuf netbuf = rpcbind.call(caller, 4, Rpcbind4.UADDR2TADDR, STRING, "nonsense", Netbuf::read);
        assertThat(netbuf.address()).isEmpty();
        for (int length : new int[] {0, 1, 15, 16, 27, 128}) {
            Netbuf wrong = new Netbuf(length, new byte[length]);
            String text = rpcbind.call(caller, 4, Rpcbind4.TADDR2UADDR, Netbuf::write, wrong, r -> r.readString(1000));
            assertThat(text).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TCP", "UDP6"})
    void getAddrListGivesTheCallersFamily(Netid netid) throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2050));

        List<Entry> entries = rpcbind.call(
                        FakeCall.remote(netid),
                        4,
                        Rpcbind4.GETADDRLIST,
                        Rpcb::write,
                        new Rpcb(100003, 3, "", "", ""),
                        EntryList::read)
                .entries();

        if (netid == Netid.TCP) {
            assertThat(entries)
                    .containsExactly(
                            new Entry("10.0.0.5.8.1", "tcp", Entry.COTS_ORD, "inet", "tcp"),
                            new Entry("10.0.0.5.8.2", "udp", Entry.CLTS, "inet", "udp"));
        } else {
            assertThat(entries)
                    .containsExactly(
                            new Entry("2001:db8::5.8.1", "tcp6", Entry.COTS_ORD, "inet6", "tcp"),
                            new Entry("2001:db8::5.8.2", "udp6", Entry.CLTS, "inet6", "udp"));
        }
    }

    @Test
    void getStatCounts() throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2050));
        address(caller, 100003, 3);
        address(caller, 100005, 3);
        rpcbind.getPort(caller, 100003, 3, 17);
        set(3, new Rpcb(100024, 1, "tcp", "0.0.0.0.16.1", ""));
        unset(3, new Rpcb(100024, 1, "tcp", "", ""));
        unset(3, new Rpcb(100024, 1, "tcp", "", ""));

        RpcbindStat stat = stat();

        RpcbindStat.Version version2 = stat.versions().get(0);
        assertThat(version2.calls().get(Portmap2.GETPORT)).isEqualTo(1);
        assertThat(version2.addresses()).containsExactly(new RpcbindStat.Asked(100003, 3, 1, 0, "udp"));
        RpcbindStat.Version version3 = stat.versions().get(1);
        assertThat(version3.calls().get(Rpcbind4.UNSET)).isEqualTo(2);
        assertThat(version3.sets()).isEqualTo(1);
        assertThat(version3.unsets()).isEqualTo(1);
        RpcbindStat.Version version4 = stat.versions().get(2);
        assertThat(version4.calls().get(Rpcbind4.GETADDR)).isEqualTo(2);
        assertThat(version4.calls().get(Rpcbind4.GETSTAT)).isEqualTo(1);
        assertThat(version4.addresses())
                .containsExactly(
                        new RpcbindStat.Asked(100003, 3, 1, 0, "tcp"), new RpcbindStat.Asked(100005, 3, 0, 1, "tcp"));
    }

    @Test
    void getStatIsBounded() throws Exception {
        for (int program = 1; program <= 2 * Counters.MAX_ASKED; program++) {
            address(caller, program, 1);
        }

        assertThat(stat().versions().get(2).addresses()).hasSize(Counters.MAX_ASKED);
    }

    private RpcbindStat stat() throws Exception {
        return rpcbind.call(caller, 4, Rpcbind4.GETSTAT, TestRpcbind.NOTHING, null, RpcbindStat::read);
    }

    private String address(FakeCall call, int program, int version) throws Exception {
        return rpcbind.address(call, Rpcbind4.GETADDR, program, version);
    }

    private boolean set(int version, Rpcb rpcb) throws Exception {
        return rpcbind.change(FakeCall.privileged(), version, Rpcbind4.SET, rpcb);
    }

    private boolean unset(int version, Rpcb rpcb) throws Exception {
        return rpcbind.change(FakeCall.privileged(), version, Rpcbind4.UNSET, rpcb);
    }
}
