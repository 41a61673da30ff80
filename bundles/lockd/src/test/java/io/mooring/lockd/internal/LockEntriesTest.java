package io.mooring.lockd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.lockd.LockService.GraceEntry;
import io.mooring.lockd.LockService.HostEntry;
import io.mooring.lockd.LockService.LockEntry;
import io.mooring.lockd.LockService.LockFilter;
import io.mooring.lockd.internal.locks.FakeFiles;
import io.mooring.lockd.internal.nlm.GrantedCallBack;
import io.mooring.lockd.internal.nsm.HostMonitor;
import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.UnionPart.Kind;
import io.mooring.lockd.internal.testing.Defaults;
import io.mooring.lockd.internal.testing.FakeTargets;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.Netid;
import io.mooring.vfs.VfsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockEntriesTest {
    private static final CallBack CALL_BACK =
            new GrantedCallBack(NlmVersion.V4, Netid.TCP, false, "client", FakeTargets.handle(1));

    @TempDir
    Path directory;

    private final FakeTargets targets = new FakeTargets();
    private final FakeFiles files = targets.files;
    private final Owner a = Locking.owner("10.0.0.1", 1);
    private final Owner b = Locking.owner("10.0.0.2", 2);
    private LockState state;
    private LockEntries entries;

    @BeforeEach
    void open() throws VfsException {
        LockServer.Config config = Defaults.of(LockServer.Config.class, Map.of("localPollMillis", 3_600_000));
        state = new LockState(Configuration.read(config, directory));
        state.services().arrive(List.of(Locking.SERVICE));
        entries = new LockEntries(state, () -> targets);
        lock(request(1, a, 0, 9));
        lock(request(1, a, 20, Range.EOF));
        wait(request(1, b, 5, 5));
        lock(request(9, b, 0, 0));
    }

    @AfterEach
    void close() {
        state.close();
    }

    private static LockRequest request(int file, Owner owner, long start, long end) {
        return new LockRequest(FakeTargets.key(file), owner, new Range(start, end), true);
    }

    private void lock(LockRequest request) throws VfsException {
        state.locks().lock(request, 3, null, files.opener(request.file()));
    }

    private void wait(LockRequest request) throws VfsException {
        state.locks().lock(request, 3, CALL_BACK, files.opener(request.file()));
    }

    @Test
    void locksAreListedByFileAndStart() {
        List<LockEntry> rows = entries.list(LockFilter.ALL);
        assertThat(rows).hasSize(4);
        LockEntry first = rows.get(0);
        assertThat(first.path()).isEqualTo("/export/1");
        assertThat(first.id()).isEqualTo("0000000000000001:01");
        assertThat(first.client()).isEqualTo("10.0.0.1");
        assertThat(first.owner()).isEqualTo("1@client");
        assertThat(first.service()).isEqualTo("10.0.0.9");
        assertThat(first.end()).isEqualTo(9);
        assertThat(first.exclusive()).isTrue();
        assertThat(rows.get(1).end()).isNull();
        assertThat(rows.get(2).waiting()).isTrue();
        assertThat(rows.get(2).blockedBy()).isEqualTo("10.0.0.1 1@client");
        assertThat(rows.get(3).path()).isNull();
    }

    @Test
    void withoutAnNfsServerPathsAreNotKnown() {
        assertThat(new LockEntries(state, () -> null).list(LockFilter.ALL))
                .hasSize(4)
                .allMatch(row -> row.path() == null);
    }

    @Test
    void filtersNameClientFileOwnerAndByte() {
        assertThat(entries.list(new LockFilter("10.0.0.2", null, null, null))).hasSize(2);
        assertThat(entries.list(new LockFilter(null, "/export/1", null, null))).hasSize(3);
        assertThat(entries.list(new LockFilter(null, "0000000000000001:09", null, null)))
                .hasSize(1);
        assertThat(entries.list(new LockFilter(null, null, "1@client", 20L))).hasSize(1);
    }

    @Test
    void whatIsReleasedIsGoneAndTheNextGetsIt() {
        assertThat(entries.release(new LockFilter("10.0.0.1", null, null, 0L))).isOne();
        assertThat(entries.list(new LockFilter("10.0.0.2", "/export/1", null, null)))
                .hasSize(1)
                .noneMatch(LockEntry::waiting);
    }

    @Test
    void aReleasedFileIsFreeOfWaitersToo() {
        assertThat(entries.release(new LockFilter(null, "/export/1", null, null)))
                .isEqualTo(3);
        assertThat(entries.list(LockFilter.ALL)).hasSize(1);
        assertThat(files.ours(FakeTargets.key(1))).containsOnly(Kind.NONE);
    }

    @Test
    void whoWaitsForALocalProcessIsToldSo() throws VfsException {
        files.localLock(FakeTargets.key(2), Range.ALL, Kind.EXCLUSIVE);
        wait(request(2, a, 0, 0));
        assertThat(entries.list(new LockFilter(null, "/export/2", null, null))
                        .get(0)
                        .blockedBy())
                .isEqualTo("a local process");
    }

    @Test
    void hostsAreThoseThatAreMonitoredOrHoldSomething() {
        HostMonitor monitor = state.services().of(Locking.SERVICE);
        monitor.use(Locking.address("10.0.0.1"), "one", client -> false).close();
        assertThat(entries.hosts())
                .containsExactly(
                        new HostEntry("10.0.0.1", "10.0.0.9", "one", 2, true, false, false),
                        new HostEntry("10.0.0.2", "10.0.0.9", "", 2, false, false, false));
        assertThat(state.table().count(new Host(Locking.address("10.0.0.1"), Locking.SERVICE)))
                .isEqualTo(2);
    }

    @Test
    void theGracePeriodOfAnAddress() {
        GraceEntry row = entries.grace().get(0);
        assertThat(row.service()).isEqualTo("10.0.0.9");
        assertThat(row.state()).isEqualTo(1);
        assertThat(row.remaining()).isZero();
    }
}
