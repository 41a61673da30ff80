package io.mooring.lockd.internal.nsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.testing.FakeCall;
import io.mooring.lockd.internal.testing.Kit;
import io.mooring.lockd.internal.testing.ScriptedPeers.Call;
import io.mooring.lockd.internal.wire.Sm1.Item;
import io.mooring.lockd.internal.wire.Sm1.Mon;
import io.mooring.lockd.internal.wire.Sm1.MonId;
import io.mooring.lockd.internal.wire.Sm1.MyId;
import io.mooring.lockd.internal.wire.Sm1.Result;
import io.mooring.lockd.internal.wire.Sm1.SmName;
import io.mooring.lockd.internal.wire.Sm1.SmStat;
import io.mooring.lockd.internal.wire.Sm1.SmStatRes;
import io.mooring.lockd.internal.wire.Sm1.StatChge;
import io.mooring.lockd.internal.wire.Sm1.Status;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NsmProceduresTest {
    private static final FakeCall ONE = FakeCall.from("10.0.0.1");
    private static final FakeCall LOCAL = FakeCall.from("127.0.0.1").to("127.0.0.1");
    private static final MyId ME = new MyId("localhost", 4711, 1, 6);

    @TempDir
    Path directory;

    private Kit kit;

    @BeforeEach
    void open() {
        kit = new Kit(directory).arrive();
        kit.services.arrive(List.of(InetAddress.getLoopbackAddress()));
        kit.peers.script = call -> CompletableFuture.completedFuture(new byte[0]);
    }

    @AfterEach
    void close() {
        kit.close();
    }

    private <R> R call(String name, FakeCall call, Item arguments, XdrDecoder<R> result) {
        XdrWriter writer = XdrWriter.create();
        if (arguments != null) {
            arguments.write(writer);
        }
        try {
            return result.read(XdrReader.of(Kit.call(Kit.row(kit.nsm(), name), call, writer.toByteArray())));
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
    }

    private void notify(FakeCall call, String name, int state) {
        call("NOTIFY", call, new StatChge(name, state), r -> null);
    }

    private void lock(String client, int svid, int state) {
        Owner owner = new Owner(Locking.host(client), svid, new byte[0]);
        kit.table.set(new LockRequest(Locking.file(1), owner, new Range(svid, svid), true), state);
    }

    private int locks(String client) {
        return kit.table.count(new Host(Locking.address(client), Locking.SERVICE));
    }

    @Test
    void tellsItsState() {
        SmStatRes res = call("STAT", ONE, new SmName("x"), SmStatRes::read);
        assertThat(res).isEqualTo(new SmStatRes(Result.STAT_SUCC, 1));
    }

    @Test
    void aRestartedClientLosesItsLocks() {
        lock("10.0.0.1", 1, 3);
        lock("10.0.0.2", 2, 3);
        notify(ONE, "client", 5);
        assertThat(locks("10.0.0.1")).isZero();
        assertThat(locks("10.0.0.2")).isOne();
        assertThat(kit.log).anyMatch(line -> line.startsWith("10.0.0.1 (client) restarted"));
    }

    @Test
    void aNoticeThatComesAgainTakesNothing() {
        lock("10.0.0.1", 1, 3);
        notify(ONE, "client", 5);
        lock("10.0.0.1", 1, 5);
        lock("10.0.0.1", 2, 0);
        notify(ONE, "client", 5);
        assertThat(locks("10.0.0.1")).isEqualTo(2);
    }

    @Test
    void aNoticeThatComesLateTakesOnlyWhatWasBefore() {
        lock("10.0.0.1", 1, 3);
        lock("10.0.0.1", 2, 5);
        notify(ONE, "client", 5);
        assertThat(locks("10.0.0.1")).isOne();
    }

    @Test
    void aForgedNoticeTakesOnlyTheSendersLocks() {
        lock("10.0.0.2", 2, 3);
        notify(ONE, "10.0.0.2", 5);
        assertThat(locks("10.0.0.2")).isOne();
    }

    @Test
    void onlyProgramsOfThisHostMonitorAndCrash() {
        lock("10.0.0.2", 2, 3);
        Mon mon = new Mon(new MonId("client", ME), new byte[16]);
        assertThat(call("MON", ONE, mon, SmStatRes::read).resStat()).isEqualTo(Result.STAT_FAIL);
        call("UNMON", ONE, mon.monId(), SmStat::read);
        call("UNMON_ALL", ONE, ME, SmStat::read);
        call("SIMU_CRASH", ONE, null, r -> null);
        call("SIMU_CRASH", FakeCall.from("127.0.0.1"), null, r -> null);
        assertThat(locks("10.0.0.2")).isOne();
        assertThat(kit.log)
                .anyMatch(line -> line.contains("SM_MON by 10.0.0.1 denied"))
                .anyMatch(line -> line.contains("SM_SIMU_CRASH by 10.0.0.1 denied"));
    }

    @Test
    void aSimulatedCrashReleasesAll() {
        lock("10.0.0.2", 2, 3);
        call("SIMU_CRASH", LOCAL, null, r -> null);
        assertThat(locks("10.0.0.2")).isZero();
        assertThat(call("STAT", ONE, new SmName("x"), SmStatRes::read).state()).isEqualTo(3);
    }

    @Test
    void whoMonitorsIsTold() throws XdrException {
        byte[] priv = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        Mon mon = new Mon(new MonId("Client", ME), priv);
        assertThat(call("MON", LOCAL, mon, SmStatRes::read).resStat()).isEqualTo(Result.STAT_SUCC);
        notify(ONE, "other", 5);
        notify(ONE, "client", 7);
        await().until(() -> kit.peers.calls.size() == 1);
        Call told = kit.peers.calls.get(0);
        assertThat(told.program()).isEqualTo(4711);
        assertThat(told.procedure()).isEqualTo(6);
        assertThat(told.options().remote().getAddress().isLoopbackAddress()).isTrue();
        assertThat(Status.read(XdrReader.of(told.arguments())))
                .usingRecursiveComparison()
                .isEqualTo(new Status("Client", 7, priv));
    }

    @Test
    void whoMonitorsNoMoreIsNotTold() {
        LocalMonitors monitors = new LocalMonitors();
        MyId other = new MyId("localhost", 4712, 1, 6);
        monitors.add(new Mon(new MonId("a", ME), new byte[16]));
        monitors.add(new Mon(new MonId("A", ME), new byte[16]));
        monitors.add(new Mon(new MonId("b", ME), new byte[16]));
        monitors.add(new Mon(new MonId("b", other), new byte[16]));
        assertThat(monitors.of(name -> true)).hasSize(3);
        monitors.remove(new MonId("a", ME));
        assertThat(monitors.of(name -> true)).hasSize(2);
        monitors.removeAll(ME);
        assertThat(monitors.of(name -> true))
                .extracting(mon -> mon.monId().myId())
                .containsExactly(other);
    }

    @Test
    void thereAreOnlySoManyMonitors() {
        LocalMonitors monitors = new LocalMonitors();
        for (int i = 0; i < LocalMonitors.MAX; i++) {
            assertThat(monitors.add(new Mon(new MonId("host" + i, ME), new byte[16])))
                    .isTrue();
        }
        assertThat(monitors.add(new Mon(new MonId("more", ME), new byte[16]))).isFalse();
        assertThat(monitors.add(new Mon(new MonId("host0", ME), new byte[16]))).isTrue();
    }
}
