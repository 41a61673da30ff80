package io.mooring.rpcbind.internal;

import static io.mooring.rpcbind.internal.Portmap2.IPPROTO_TCP;
import static io.mooring.rpcbind.internal.Portmap2.IPPROTO_UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.rpcbind.internal.Portmap2.Mapping;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Version 2 without sockets. */
final class PortmapProceduresTest {
    private final TestRpcbind rpcbind = new TestRpcbind();
    private final FakeCall caller = FakeCall.remote(Netid.UDP);

    @Test
    void nullAnswersNothing() throws Exception {
        assertThat(rpcbind.callBytes(caller, 2, 0, new byte[0])).isEmpty();
    }

    @Test
    void getPortFindsAnOpenServer() throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2050));

        assertThat(rpcbind.getPort(caller, 100003, 3, IPPROTO_TCP)).isEqualTo(2049);
        assertThat(rpcbind.getPort(caller, 100003, 3, IPPROTO_UDP)).isEqualTo(2050);
    }

    @Test
    void getPortOfAnUnknownVersionGivesThatOfAnother() throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, -1));

        assertThat(rpcbind.getPort(caller, 100003, 4, IPPROTO_TCP)).isEqualTo(2049);
    }

    @Test
    void getPortOfAnUnknownProgramOrProtocolIsZero() throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, -1));

        assertThat(rpcbind.getPort(caller, 100005, 3, IPPROTO_TCP)).isZero();
        assertThat(rpcbind.getPort(caller, 100003, 3, IPPROTO_UDP)).isZero();
        assertThat(rpcbind.getPort(caller, 100003, 3, 33)).isZero();
    }

    @Test
    void aClosedServerIsForgotten() throws Exception {
        FakeServer server = FakeServer.of(100003, 3, 2049, 2049);
        rpcbind.local.add(server);
        rpcbind.local.remove(server);

        assertThat(rpcbind.getPort(caller, 100003, 3, IPPROTO_TCP)).isZero();
        assertThat(rpcbind.dump2(caller)).isEmpty();
    }

    @Test
    void dumpListsEveryProgramOnceForEachProtocol() throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2050));
        set(new Mapping(100024, 1, IPPROTO_UDP, 4000));

        assertThat(rpcbind.dump2(caller))
                .containsExactlyInAnyOrder(
                        new Mapping(100003, 3, IPPROTO_TCP, 2049),
                        new Mapping(100003, 3, IPPROTO_UDP, 2050),
                        new Mapping(100024, 1, IPPROTO_UDP, 4000));
    }

    @Test
    void setAndUnset() throws Exception {
        Mapping statd = new Mapping(100024, 1, IPPROTO_UDP, 4000);
        assertThat(set(statd)).isTrue();
        assertThat(set(new Mapping(100024, 1, IPPROTO_TCP, 4001))).isTrue();
        assertThat(rpcbind.getPort(caller, 100024, 1, IPPROTO_UDP)).isEqualTo(4000);

        assertThat(unset(statd)).as("takes both protocols").isTrue();
        assertThat(rpcbind.dump2(caller)).isEmpty();
        assertThat(unset(statd)).as("nothing left").isFalse();
    }

    @Test
    void setDoesNotReplace() throws Exception {
        assertThat(set(new Mapping(100024, 1, IPPROTO_UDP, 4000))).isTrue();
        assertThat(set(new Mapping(100024, 1, IPPROTO_UDP, 4000)))
                .as("the same")
                .isTrue();
        assertThat(set(new Mapping(100024, 1, IPPROTO_UDP, 4001))).as("another").isFalse();

        assertThat(rpcbind.getPort(caller, 100024, 1, IPPROTO_UDP)).isEqualTo(4000);
    }

    @Test
    void programsOfThisProcessCannotBeTakenOver() throws Exception {
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, 2049));

        assertThat(set(new Mapping(100003, 3, IPPROTO_TCP, 6666))).isFalse();
        assertThat(set(new Mapping(100003, 3, IPPROTO_TCP, 2049)))
                .as("the same")
                .isTrue();
        assertThat(unset(new Mapping(100003, 3, IPPROTO_TCP, 0))).isFalse();
        assertThat(set(new Mapping(Portmap2.PROGRAM, 7, IPPROTO_TCP, 6666))).isFalse();
        assertThat(rpcbind.getPort(caller, 100003, 3, IPPROTO_TCP)).isEqualTo(2049);
    }

    @Test
    void aProgramOfThisProcessHidesAnEarlierRegistration() throws Exception {
        assertThat(set(new Mapping(100003, 3, IPPROTO_TCP, 6666))).isTrue();
        rpcbind.local.add(FakeServer.of(100003, 3, 2049, -1));

        assertThat(rpcbind.getPort(caller, 100003, 3, IPPROTO_TCP)).isEqualTo(2049);
        assertThat(rpcbind.dump2(caller)).containsExactly(new Mapping(100003, 3, IPPROTO_TCP, 2049));
    }

    @Test
    void onlyLoopbackMaySetAndUnset() throws Exception {
        Mapping statd = new Mapping(100024, 1, IPPROTO_UDP, 4000);
        set(statd);

        isTooWeak(() -> rpcbind.change2(caller, Portmap2.SET, statd));
        isTooWeak(() -> rpcbind.change2(caller, Portmap2.UNSET, statd));
        assertThat(rpcbind.dump2(caller)).hasSize(1);
    }

    @Test
    void aForgedLoopbackSourceIsNotLoopback() {
        FakeCall forged = FakeCall.of(Netid.UDP, "127.0.0.1", 700, "10.0.0.5");

        isTooWeak(() -> rpcbind.change2(forged, Portmap2.SET, new Mapping(100024, 1, IPPROTO_UDP, 4000)));
    }

    @Test
    void aPrivilegedPortIsNeededWhereConfigured() throws Exception {
        TestRpcbind strict = new TestRpcbind(true);
        Mapping statd = new Mapping(100024, 1, IPPROTO_UDP, 4000);

        isTooWeak(() -> strict.change2(FakeCall.unprivileged(), Portmap2.SET, statd));
        assertThat(strict.change2(FakeCall.privileged(), Portmap2.SET, statd)).isTrue();
        isTooWeak(() -> strict.change2(FakeCall.unprivileged(), Portmap2.UNSET, statd));
        assertThat(strict.denied).singleElement().asString().contains("privilegedSet");
    }

    @Test
    void deniedIsOneLineInAWhile() {
        for (int i = 0; i < 3; i++) {
            isTooWeak(() -> rpcbind.change2(caller, Portmap2.SET, new Mapping(100024, 1, IPPROTO_UDP, 4000)));
        }

        assertThat(rpcbind.denied)
                .singleElement()
                .asString()
                .contains("10.0.0.9")
                .contains("not on loopback");
    }

    @Test
    void ownersAreKeptApart() throws Exception {
        Mapping statd = new Mapping(100024, 1, IPPROTO_UDP, 4000);
        Mapping other = new Mapping(100026, 1, IPPROTO_UDP, 4001);

        assertThat(rpcbind.change2(FakeCall.privileged(), Portmap2.SET, statd)).isTrue();
        assertThat(rpcbind.change2(FakeCall.unprivileged(), Portmap2.SET, other))
                .isTrue();
        assertThat(rpcbind.change2(FakeCall.unprivileged(), Portmap2.UNSET, statd))
                .as("another's")
                .isFalse();
        assertThat(rpcbind.change2(FakeCall.unprivileged(), Portmap2.UNSET, other))
                .as("its own")
                .isTrue();
        assertThat(rpcbind.change2(FakeCall.privileged(), Portmap2.UNSET, statd))
                .isTrue();
    }

    @Test
    void indirectCallsAreDroppedOnUdpAndRefusedOnTcp() {
        assertThatThrownBy(() -> rpcbind.callBytes(FakeCall.remote(Netid.UDP), 2, Portmap2.CALLIT, new byte[400]))
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.NO_REPLY));
        assertThatThrownBy(() -> rpcbind.callBytes(FakeCall.remote(Netid.TCP), 2, Portmap2.CALLIT, new byte[400]))
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.PROC_UNAVAIL));
    }

    private boolean set(Mapping mapping) throws Exception {
        return rpcbind.change2(FakeCall.privileged(), Portmap2.SET, mapping);
    }

    private boolean unset(Mapping mapping) throws Exception {
        return rpcbind.change2(FakeCall.privileged(), Portmap2.UNSET, mapping);
    }

    private static void isTooWeak(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.AUTH_TOOWEAK));
    }
}
