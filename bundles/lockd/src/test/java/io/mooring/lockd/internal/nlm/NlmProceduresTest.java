package io.mooring.lockd.internal.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import io.mooring.lockd.internal.testing.FakeCall;
import io.mooring.lockd.internal.testing.FakeTargets;
import io.mooring.lockd.internal.testing.Kit;
import io.mooring.lockd.internal.wire.Nlm4.Lock;
import io.mooring.lockd.internal.wire.Nlm4.LockArgs;
import io.mooring.lockd.internal.wire.Nlm4.Notify;
import io.mooring.lockd.internal.wire.Nlm4.Res;
import io.mooring.lockd.internal.wire.Nlm4.ShareArgs;
import io.mooring.lockd.internal.wire.Nlm4.ShareRes;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.lockd.internal.wire.Nlm4.TestRes;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.vfs.VfsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NlmProceduresTest {
    private static final FakeCall ONE = FakeCall.from("10.0.0.1");
    private static final FakeCall TWO = FakeCall.from("10.0.0.2");

    @TempDir
    Path directory;

    private Kit kit;

    @BeforeEach
    void open() {
        kit = new Kit(directory).arrive();
    }

    @AfterEach
    void close() {
        kit.close();
    }

    private Stat lock(FakeCall call, LockArgs args) {
        return kit.call("LOCK", call, args, Res::read).stat();
    }

    private Stat unlock(FakeCall call, int svid, long offset, long length) {
        return kit.call("UNLOCK", call, Args.unlock(svid, offset, length), Res::read)
                .stat();
    }

    private TestRes test(FakeCall call, int svid, long offset, long length) {
        return kit.call("TEST", call, Args.test(svid, offset, length), TestRes::read);
    }

    @ParameterizedTest
    @EnumSource
    void locksAreTakenTestedAndReleased(NlmVersion version) {
        Res granted = kit.call(version, "LOCK", ONE, Args.lock(1, 10, 5), Res::read);
        assertThat(granted.stat()).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(granted.cookie()).isEqualTo(Args.COOKIE);
        TestRes tested = kit.call(version, "TEST", TWO, Args.test(1, 14, 0), TestRes::read);
        assertThat(tested.stat()).isEqualTo(Stat.NLM4_DENIED);
        assertThat(tested.cookie()).isEqualTo(Args.COOKIE);
        assertThat(tested.holder().exclusive()).isTrue();
        assertThat(tested.holder().svid()).isEqualTo(1);
        assertThat(tested.holder().oh()).isEqualTo("1@client".getBytes(StandardCharsets.US_ASCII));
        assertThat(tested.holder().offset()).isEqualTo(10);
        assertThat(tested.holder().length()).isEqualTo(5);
        assertThat(kit.call(version, "LOCK", TWO, Args.lock(1, 14, 0), Res::read)
                        .stat())
                .isEqualTo(Stat.NLM4_DENIED);
        assertThat(kit.call(version, "UNLOCK", ONE, Args.unlock(1, 0, 0), Res::read)
                        .stat())
                .isEqualTo(Stat.NLM4_GRANTED);
        assertThat(kit.call(version, "TEST", TWO, Args.test(1, 14, 0), TestRes::read)
                        .stat())
                .isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void aBlockedOneWaitsAndCanBeCancelled() {
        lock(ONE, Args.lock(1, 0, 0));
        assertThat(lock(TWO, Args.waiting(1, 0, 1))).isEqualTo(Stat.NLM4_BLOCKED);
        assertThat(kit.call("CANCEL", TWO, Args.cancel(1, 0, 1), Res::read).stat())
                .isEqualTo(Stat.NLM4_GRANTED);
        assertThat(kit.call("CANCEL", TWO, Args.cancel(1, 0, 1), Res::read).stat())
                .isEqualTo(Stat.NLM4_DENIED);
    }

    @Test
    void deadlocksAreAnswered() {
        lock(ONE, Args.lock(1, 0, 1));
        lock(TWO, Args.lock(1, 1, 1));
        assertThat(lock(ONE, Args.waiting(1, 1, 1))).isEqualTo(Stat.NLM4_BLOCKED);
        assertThat(lock(TWO, Args.waiting(1, 0, 1))).isEqualTo(Stat.NLM4_DEADLCK);
    }

    @Test
    void aHolderToTheEndHasLengthZero() {
        lock(ONE, Args.lock(1, 5, 0));
        assertThat(test(TWO, 1, 7, 1).holder().length()).isZero();
    }

    @Test
    void aLocalProcessIsAHolderToo() {
        kit.targets.files.localLock(FakeTargets.key(1), new Range(3, 3), Kind.EXCLUSIVE);
        TestRes tested = test(ONE, 1, 0, 0);
        assertThat(tested.stat()).isEqualTo(Stat.NLM4_DENIED);
        assertThat(tested.holder().svid()).isEqualTo(4711);
        assertThat(lock(ONE, Args.lock(1, 0, 0))).isEqualTo(Stat.NLM4_DENIED);
        assertThat(lock(ONE, Args.waiting(1, 0, 0))).isEqualTo(Stat.NLM4_BLOCKED);
    }

    @Test
    void offsetsBeyondWhatFilesHaveAreTooBig() {
        assertThat(lock(ONE, Args.lock(1, -1, 1))).isEqualTo(Stat.NLM4_FBIG);
        assertThat(test(ONE, 1, Long.MIN_VALUE, 1).stat()).isEqualTo(Stat.NLM4_FBIG);
        assertThat(unlock(ONE, 1, -1, 1)).isEqualTo(Stat.NLM4_FBIG);
        assertThat(lock(ONE, Args.lock(1, Long.MAX_VALUE, -1))).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void unknownHandlesAreStale() {
        Lock wrong = new Lock("client", new byte[7], new byte[0], 1, 0, 0);
        LockArgs args = new LockArgs(Args.COOKIE, false, true, wrong, false, 0);
        assertThat(lock(ONE, args)).isEqualTo(Stat.NLM4_STALE_FH);
        assertThat(kit.call(NlmVersion.V3, "LOCK", ONE, args, Res::read).stat()).isEqualTo(Stat.NLM4_DENIED_NOLOCKS);
    }

    @Test
    void filesThatAreGoneAreStaleButCanBeUnlocked() {
        lock(ONE, Args.lock(1, 0, 0));
        kit.targets.failure = VfsException.Status.STALE;
        assertThat(lock(ONE, Args.lock(1, 0, 0))).isEqualTo(Stat.NLM4_STALE_FH);
        assertThat(unlock(ONE, 1, 0, 0)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(kit.table.count()).isZero();
    }

    @Test
    void aFileThatCannotBeOpenedIsStale() {
        kit.targets.files.failure = VfsException.Status.STALE;
        assertThat(lock(ONE, Args.lock(1, 0, 0))).isEqualTo(Stat.NLM4_STALE_FH);
        assertThat(test(ONE, 1, 0, 0).stat()).isEqualTo(Stat.NLM4_STALE_FH);
        assertThat(kit.table.count()).isZero();
    }

    @Test
    void whoMayNotGetsAFailure() {
        kit.targets.failure = VfsException.Status.ACCES;
        assertThat(lock(ONE, Args.lock(1, 0, 0))).isEqualTo(Stat.NLM4_FAILED);
        kit.targets.failure = VfsException.Status.JUKEBOX;
        assertThat(lock(ONE, Args.lock(1, 0, 0))).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
    }

    @Test
    void theCallersIdentityIsPassedOn() {
        lock(ONE, Args.lock(1, 0, 0));
        assertThat(kit.targets.claimed.uid()).isEqualTo(1000);
    }

    @Test
    void readOnlyExportsAreNotLockedExclusively() {
        kit.targets.readOnly = true;
        assertThat(lock(ONE, Args.lock(1, 0, 0))).isEqualTo(Stat.NLM4_ROFS);
        assertThat(lock(ONE, Args.shared(1, 0, 0))).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void withoutAnNfsServerTheClientIsToAskAgain() {
        lock(ONE, Args.lock(1, 0, 0));
        kit.resolver = null;
        assertThat(lock(TWO, Args.lock(1, 0, 0))).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(test(TWO, 1, 0, 0).stat()).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(unlock(ONE, 1, 0, 0)).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(kit.call("CANCEL", ONE, Args.cancel(1, 0, 1), Res::read).stat())
                .isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        kit.resolver = kit.targets;
        assertThat(lock(TWO, Args.lock(1, 0, 0))).as("locks survived").isEqualTo(Stat.NLM4_DENIED);
    }

    @Test
    void throughAnAddressThatIsNotKnownYetTheClientIsToAskAgain() {
        FakeCall other = ONE.to("10.0.0.10");
        assertThat(lock(other, Args.lock(1, 0, 0))).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(test(other, 1, 0, 0).stat()).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(unlock(other, 1, 0, 0)).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(share(other, Args.share("x", 1, 0))).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
    }

    private void restart() {
        kit.close();
        kit = new Kit(directory).arrive();
    }

    @Test
    void inTheGracePeriodOnlyReclaimsOfThoseWhoHadLocks() {
        lock(ONE, Args.lock(1, 0, 5));
        restart();
        assertThat(lock(TWO, Args.lock(1, 0, 5))).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(test(TWO, 1, 0, 5).stat()).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(share(TWO, Args.share("x", 1, 0))).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(lock(TWO, Args.reclaim(1, 0, 5))).isEqualTo(Stat.NLM4_DENIED);
        assertThat(kit.log).anyMatch(line -> line.contains("10.0.0.2 may not reclaim"));
        assertThat(lock(ONE, Args.lock(1, 0, 5))).isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(lock(ONE, Args.reclaim(1, 0, 5))).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(unlock(ONE, 1, 4, 1)).isEqualTo(Stat.NLM4_GRANTED);
        kit.nanos.addAndGet(Duration.ofSeconds(45).toNanos());
        assertThat(lock(TWO, Args.lock(1, 0, 5))).isEqualTo(Stat.NLM4_DENIED);
        assertThat(lock(TWO, Args.lock(1, 4, 1))).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(lock(ONE, Args.reclaim(1, 10, 5))).isEqualTo(Stat.NLM4_DENIED);
    }

    /** The node that had the address. */
    @Test
    void aReclaimWaitsUntilTheFileSystemIsFree() {
        lock(ONE, Args.lock(1, 0, 5));
        restart();
        FileKey file = FakeTargets.key(1);
        kit.targets.files.localLock(file, new Range(0, 9), Kind.EXCLUSIVE);
        var unused = kit.timer.schedule(
                () -> kit.targets.files.localLock(file, new Range(0, 9), Kind.NONE), 100, TimeUnit.MILLISECONDS);
        assertThat(lock(ONE, Args.reclaim(1, 0, 5))).isEqualTo(Stat.NLM4_GRANTED);
        kit.targets.files.localLock(file, new Range(10, 10), Kind.EXCLUSIVE);
        assertThat(lock(ONE, Args.reclaim(1, 10, 5))).isEqualTo(Stat.NLM4_DENIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOCK", "NM_LOCK"})
    void whatWasAdmittedBeforeTheAddressWentIsNotGrantedWhenItIsBack(String procedure) {
        lock(ONE, Args.lock(1, 0, 5));
        unlock(ONE, 1, 0, 5);
        AtomicBoolean flapped = new AtomicBoolean();
        kit.targets.files.beforeLock = () -> {
            if (flapped.compareAndSet(false, true)) {
                kit.services.leave(Locking.SERVICE);
                kit.arrive();
            }
        };
        assertThat(kit.call(procedure, TWO, Args.lock(1, 0, 5), Res::read).stat())
                .isEqualTo(Stat.NLM4_DENIED_GRACE_PERIOD);
        assertThat(flapped).isTrue();
        assertThat(kit.table.count()).isZero();
        assertThat(lock(ONE, Args.reclaim(1, 0, 5))).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void withoutRecordedHostsThereIsNoGracePeriod() {
        restart();
        assertThat(lock(ONE, Args.lock(1, 0, 5))).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(lock(ONE, Args.reclaim(1, 10, 5))).isEqualTo(Stat.NLM4_DENIED);
    }

    @Test
    void aHostIsOnStableStorageBeforeItsFirstLock() {
        lock(ONE, Args.lock(1, 0, 5));
        assertThat(directory.resolve("10.0.0.9/monitored/10.0.0.1")).hasContent("client");
    }

    @Test
    void aHostThatCannotBeRecordedGetsNoLocksAndTheRestGoesOn() throws IOException {
        lock(ONE, Args.lock(1, 0, 5));
        Path monitored = directory.resolve("10.0.0.9/monitored");
        Files.move(monitored, directory.resolve("elsewhere"));
        Files.writeString(monitored, "in the way");
        assertThat(lock(TWO, Args.lock(1, 100, 5))).isEqualTo(Stat.NLM4_DENIED_NOLOCKS);
        assertThat(kit.log).anyMatch(line -> line.contains("10.0.0.2 gets no lock"));
        assertThat(lock(ONE, Args.lock(1, 100, 5))).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(test(TWO, 1, 0, 5).stat()).isEqualTo(Stat.NLM4_DENIED);
        assertThat(unlock(ONE, 1, 0, 0)).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void locksWithoutAMonitorAreNotRecorded() {
        assertThat(kit.call("NM_LOCK", ONE, Args.lock(1, 0, 5), Res::read).stat())
                .isEqualTo(Stat.NLM4_GRANTED);
        assertThat(directory.resolve("10.0.0.9/monitored")).doesNotExist();
    }

    @Test
    void tooManyLocksAreDenied() {
        for (int i = 0; i < 20; i++) {
            assertThat(lock(ONE, Args.lock(1, 2L * i, 1))).isEqualTo(Stat.NLM4_GRANTED);
        }
        assertThat(lock(ONE, Args.lock(1, 100, 1))).isEqualTo(Stat.NLM4_DENIED_NOLOCKS);
        assertThat(kit.log).hasSize(1).allMatch(line -> line.contains("maxLocksPerHost"));
        assertThat(lock(TWO, Args.lock(1, 100, 1))).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void aMillionCallsOfOneClientAreBounded() {
        for (int i = 0; i < 1_000_000; i++) {
            Stat stat = lock(ONE, Args.lock(i, 2L * (i % 1000), 1));
            assertThat(stat == Stat.NLM4_GRANTED).isEqualTo(i < 20);
        }
        assertThat(kit.table.count()).isEqualTo(20);
        assertThat(kit.targets.files.open).isOne();
        assertThat(kit.log).hasSize(1);
        assertThat(lock(TWO, Args.lock(1, 5000, 1))).isEqualTo(Stat.NLM4_GRANTED);
    }

    private Stat share(FakeCall call, ShareArgs args) {
        return kit.call("SHARE", call, args, ShareRes::read).stat();
    }

    @Test
    void sharesExcludeEachOther() {
        assertThat(share(ONE, Args.share("a", 1, 2))).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(share(TWO, Args.share("a", 2, 0))).isEqualTo(Stat.NLM4_DENIED);
        ShareRes gone = kit.call("UNSHARE", ONE, Args.share("a", 1, 2), ShareRes::read);
        assertThat(gone.stat()).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(share(TWO, Args.share("a", 2, 0))).isEqualTo(Stat.NLM4_GRANTED);
    }

    @Test
    void freeAllTakesOnlyTheSendersLocks() {
        lock(ONE, Args.lock(1, 0, 5));
        lock(TWO, Args.lock(1, 10, 5));
        share(ONE, Args.share("a", 1, 0));
        kit.call("FREE_ALL", ONE, new Notify("10.0.0.2", 0), null);
        assertThat(kit.table.hosts()).containsExactly(Locking.host("10.0.0.2"));
    }

    @Test
    void versionOneHasNoShares() {
        assertThat(kit.nlm(NlmVersion.V1).procedures()).hasSize(16);
        assertThat(kit.nlm(NlmVersion.V3).procedures()).hasSize(20);
        assertThat(kit.nlm(NlmVersion.V4).procedures()).hasSize(20);
    }

    @Test
    void nobodyHereWaitsForALock() {
        assertThat(kit.call("GRANTED", ONE, Args.test(1, 0, 0), Res::read).stat())
                .isEqualTo(Stat.NLM4_DENIED);
    }
}
