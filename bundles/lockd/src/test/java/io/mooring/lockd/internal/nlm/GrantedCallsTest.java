package io.mooring.lockd.internal.nlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.testing.FakeCall;
import io.mooring.lockd.internal.testing.FakeTargets;
import io.mooring.lockd.internal.testing.Kit;
import io.mooring.lockd.internal.testing.ScriptedPeers.Call;
import io.mooring.lockd.internal.testing.ScriptedPeers.Message;
import io.mooring.lockd.internal.wire.Nlm4;
import io.mooring.lockd.internal.wire.Nlm4.LockArgs;
import io.mooring.lockd.internal.wire.Nlm4.Res;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.lockd.internal.wire.Nlm4.TestArgs;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrantedCallsTest {
    private static final FakeCall ONE = FakeCall.from("10.0.0.1");
    private static final FakeCall TWO = FakeCall.from("10.0.0.2");

    @TempDir
    Path directory;

    private Kit kit;
    private final Owner waiter = new Owner(Locking.host("10.0.0.2"), 1, "1@client".getBytes(StandardCharsets.US_ASCII));

    @BeforeEach
    void open() {
        kit = new Kit(directory).arrive();
    }

    @AfterEach
    void close() {
        kit.close();
    }

    private void handOver(NlmVersion version) {
        kit.call(version, "LOCK", ONE, Args.lock(1, 0, 5), Res::read);
        Res blocked = kit.call(version, "LOCK", TWO, Args.waiting(1, 2, 1), Res::read);
        assertThat(blocked.stat()).isEqualTo(Stat.NLM4_BLOCKED);
        kit.call(version, "UNLOCK", ONE, Args.unlock(1, 0, 5), Res::read);
    }

    private static byte[] res(byte[] cookie, Stat stat) {
        XdrWriter writer = XdrWriter.create();
        new Res(cookie, stat).write(writer, NlmVersion.V4);
        return writer.toByteArray();
    }

    private static CompletableFuture<byte[]> answer(Stat stat) {
        return CompletableFuture.completedFuture(res(new byte[0], stat));
    }

    private boolean isHeld() {
        return !kit.table.held(FakeTargets.key(1), waiter, Range.ALL).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theWaiterIsCalledFromTheServiceAddressAtItsPort(NlmVersion version) throws XdrException {
        kit.peers.script = call -> answer(Stat.NLM4_GRANTED);
        kit.peers.port = 5000;
        handOver(version);
        await().until(() -> kit.peers.calls.size() == 1 && kit.peers.open.get() == 0);
        Call call = kit.peers.calls.get(0);
        assertThat(call.program()).isEqualTo(Nlm4.PROGRAM);
        assertThat(call.version()).isEqualTo(version.number());
        assertThat(call.procedure()).isEqualTo(5);
        assertThat(call.options().remote().getAddress()).isEqualTo(Locking.address("10.0.0.2"));
        assertThat(call.options().remote().getPort()).isEqualTo(5000);
        assertThat(call.options().local().getAddress()).isEqualTo(Locking.SERVICE);
        assertThat(call.options().netid()).isEqualTo(Netid.TCP);
        TestArgs args = TestArgs.read(XdrReader.of(call.arguments()), version);
        assertThat(args.exclusive()).isTrue();
        assertThat(args.alock()).usingRecursiveComparison().isEqualTo(Args.range(1, 2, 1));
        assertThat(isHeld()).isTrue();
    }

    @Test
    void aRefusedGrantIsTakenBack() {
        kit.peers.script = call -> answer(Stat.NLM4_DENIED);
        handOver(NlmVersion.V4);
        await().until(() -> !isHeld());
        assertThat(kit.peers.calls).hasSize(1);
    }

    @Test
    void anUnansweredGrantStaysAndIsToldAgainUntilTheAnswer() {
        CompletableFuture<Boolean> silent = new CompletableFuture<>();
        kit.peers.script = call -> silent.isDone()
                ? answer(Stat.NLM4_GRANTED)
                : CompletableFuture.failedFuture(new TimeoutException("no answer"));
        handOver(NlmVersion.V4);
        await().until(() -> kit.peers.calls.size() >= 4);
        assertThat(isHeld()).isTrue();
        silent.complete(true);
        // Its end, seen from outside: nothing is sent any more.
        await().until(() -> {
            int before = kit.peers.calls.size();
            Thread.onSpinWait();
            return kit.timer.submit(() -> kit.peers.calls.size()).get() == before && isQuiet();
        });
        assertThat(isHeld()).isTrue();
    }

    private boolean isQuiet() {
        return ((ScheduledThreadPoolExecutor) kit.timer).getQueue().isEmpty();
    }

    @Test
    void attemptsGoByBothTransports() {
        kit.peers.script = call -> CompletableFuture.failedFuture(new TimeoutException("no answer"));
        handOver(NlmVersion.V4);
        await().until(() -> kit.peers.calls.size() >= 2);
        assertThat(kit.peers.calls.get(0).options().netid()).isEqualTo(Netid.TCP);
        assertThat(kit.peers.calls.get(1).options().netid()).isEqualTo(Netid.UDP);
        kit.locks.unlock(FakeTargets.key(1), waiter, Range.ALL);
        await().until(this::isQuiet);
    }

    @Test
    void aRefusalAfterAnUnansweredAttemptLeavesTheLock() {
        CompletableFuture<byte[]> first = CompletableFuture.failedFuture(new TimeoutException("no answer"));
        kit.peers.script = call -> kit.peers.calls.size() == 1 ? first : answer(Stat.NLM4_DENIED);
        handOver(NlmVersion.V4);
        await().until(() -> kit.peers.calls.size() == 2 && isQuiet());
        assertThat(isHeld()).as("the client may have accepted the first").isTrue();
        assertThat(kit.call("CANCEL", TWO, Args.cancel(1, 2, 1), Res::read).stat())
                .isEqualTo(Stat.NLM4_GRANTED);
        assertThat(isHeld()).isFalse();
    }

    @Test
    void aRefusalAfterAnAttemptThatWasNeverSentCounts() {
        kit.peers.port = 0;
        kit.peers.script = call -> answer(Stat.NLM4_DENIED);
        handOver(NlmVersion.V4);
        assertThat(isHeld()).isTrue();
        kit.peers.port = 4045;
        await().until(() -> !isHeld());
    }

    @Test
    void aClientInItsOwnGracePeriodIsToldAgain() {
        kit.peers.script =
                call -> answer(kit.peers.calls.size() == 1 ? Stat.NLM4_DENIED_GRACE_PERIOD : Stat.NLM4_GRANTED);
        handOver(NlmVersion.V4);
        await().until(() -> kit.peers.calls.size() == 2 && isQuiet());
        assertThat(isHeld()).isTrue();
    }

    @Test
    void aClientThatAsksAgainKnows() {
        kit.peers.port = -1;
        handOver(NlmVersion.V4);
        assertThat(kit.call("LOCK", TWO, Args.waiting(1, 2, 1), Res::read).stat())
                .isEqualTo(Stat.NLM4_GRANTED);
        await().until(this::isQuiet);
        assertThat(kit.peers.calls).isEmpty();
        assertThat(isHeld()).isTrue();
    }

    @Test
    void messagesAreAnsweredByMessages() throws XdrException {
        kit.peers.script = call -> CompletableFuture.completedFuture(new byte[0]);
        kit.call("LOCK_MSG", ONE, Args.lock(1, 0, 5), null);
        LockArgs waiting = Args.waiting(1, 2, 1);
        kit.call("LOCK_MSG", TWO, waiting, null);
        kit.call("TEST_MSG", TWO, Args.test(1, 2, 1), null);
        kit.call("CANCEL_MSG", TWO, Args.cancel(1, 9, 1), null);
        kit.call("UNLOCK_MSG", TWO, Args.unlock(1, 9, 1), null);
        kit.call("GRANTED_MSG", TWO, Args.test(1, 9, 1), null);
        await().until(() -> kit.peers.calls.size() == 6);
        assertThat(kit.peers.calls.stream().map(Call::procedure)).containsExactly(12, 12, 11, 13, 14, 15);
        assertThat(kit.peers.calls)
                .allMatch(call -> call.options().local().getAddress().equals(Locking.SERVICE));
        Res granted = Res.read(XdrReader.of(kit.peers.calls.get(0).arguments()), NlmVersion.V4);
        assertThat(granted.stat()).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(granted.cookie()).isEqualTo(Args.COOKIE);
        Res blocked = Res.read(XdrReader.of(kit.peers.calls.get(1).arguments()), NlmVersion.V4);
        assertThat(blocked.stat()).isEqualTo(Stat.NLM4_BLOCKED);
    }

    private static FakeCall byUdp(FakeCall call) {
        return new FakeCall(call.remoteAddress(), call.localAddress(), Netid.UDP);
    }

    @Test
    void messagesByUdpAreAnsweredFromWhereTheServerListens() throws XdrException {
        kit.call("LOCK_MSG", byUdp(ONE), Args.lock(1, 0, 5), null);
        kit.call("LOCK_MSG", byUdp(TWO), Args.waiting(1, 2, 1), null);
        kit.call("UNLOCK_MSG", byUdp(ONE), Args.unlock(1, 0, 5), null);
        await().until(() -> kit.peers.messages.size() >= 4);
        List<Message> messages = kit.peers.messages.subList(0, 4);
        assertThat(messages.stream().map(m -> m.call().procedure())).containsExactlyInAnyOrder(12, 12, 10, 14);
        assertThat(messages).allMatch(m -> m.call().local().equals(Locking.SERVICE));
        Message granted = messages.stream()
                .filter(m -> m.call().procedure() == 10)
                .findFirst()
                .orElseThrow();
        byte[] cookie =
                TestArgs.read(XdrReader.of(granted.arguments()), NlmVersion.V4).cookie();
        kit.call("GRANTED_RES", byUdp(TWO), new Res(cookie, Stat.NLM4_GRANTED), null);
        await().until(this::isQuiet);
        assertThat(kit.peers.calls).as("not by TCP, too").isEmpty();
        assertThat(isHeld()).isTrue();
    }

    private byte[] cookieOfGrantedMessage() throws XdrException {
        await().until(() -> kit.peers.calls.stream().anyMatch(call -> call.procedure() == 10));
        Call call = kit.peers.calls.stream()
                .filter(c -> c.procedure() == 10)
                .reduce((first, last) -> last)
                .orElseThrow();
        return TestArgs.read(XdrReader.of(call.arguments()), NlmVersion.V4).cookie();
    }

    @Test
    void aGrantedMessageIsAnsweredByItsClientOnly() throws XdrException {
        kit.peers.script = call -> CompletableFuture.completedFuture(new byte[0]);
        kit.call("LOCK", ONE, Args.lock(1, 0, 5), Res::read);
        kit.call("LOCK_MSG", TWO, Args.waiting(1, 2, 1), null);
        kit.call("UNLOCK", ONE, Args.unlock(1, 0, 5), Res::read);
        byte[] cookie = cookieOfGrantedMessage();
        kit.call("GRANTED_RES", ONE, new Res(cookie, Stat.NLM4_DENIED), null);
        kit.call("GRANTED_RES", TWO, new Res(new byte[8], Stat.NLM4_DENIED), null);
        kit.call("GRANTED_RES", TWO, new Res(new byte[3], Stat.NLM4_DENIED), null);
        assertThat(isHeld()).isTrue();
        kit.call("GRANTED_RES", TWO, new Res(cookie, Stat.NLM4_DENIED), null);
        await().until(() -> !isHeld());
    }

    @Test
    void aGrantedMessageWithoutAnAnswerIsSentAgain() throws XdrException {
        kit.peers.script = call -> CompletableFuture.completedFuture(new byte[0]);
        kit.call("LOCK", ONE, Args.lock(1, 0, 5), Res::read);
        kit.call("LOCK_MSG", TWO, Args.waiting(1, 2, 1), null);
        kit.call("UNLOCK", ONE, Args.unlock(1, 0, 5), Res::read);
        await().until(() ->
                kit.peers.calls.stream().filter(c -> c.procedure() == 10).count() >= 2);
        kit.call("GRANTED_RES", TWO, new Res(cookieOfGrantedMessage(), Stat.NLM4_GRANTED), null);
        assertThat(isHeld()).isTrue();
    }
}
