package io.mooring.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.itests.crash.Changes.Change;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A server is killed (SIGKILL) while calls of every kind that must not be done twice are at one point of their way, another one
 * takes the service over, and the clients send the same calls again.
 */
class CrashIT {
    private static final File LOG = new File("target/crash-nodes.log");
    private static final int LOCK_XID = 1;
    private static final int UNLOCK_XID = 2;
    private static final int HOLDER = 1;
    private static final int UNLOCKER = 2;
    private static final int OTHER = 3;

    @TempDir
    Path directory;

    private Path export;

    /** What was sent, and is sent again. */
    private Changes changes;

    private byte[] lock;
    private byte[] unlock;
    private NfsFh3 toLock;
    private NfsFh3 toUnlock;

    @BeforeEach
    void files() throws IOException {
        export = Files.createDirectory(directory.resolve("export"));
        Files.createDirectory(directory.resolve("state"));
        Files.createDirectories(directory.resolve("karaf"));
        Files.createDirectory(export.resolve("emptied"));
        for (String name : new String[] {"removed", "from", "file", "attributes", "locked", "unlocked"}) {
            Files.writeString(export.resolve(name), name);
        }
    }

    @ParameterizedTest
    @EnumSource(CrashPoint.class)
    void theCallIsAnsweredByTheNextServer(CrashPoint point) throws Exception {
        try (NodeProcess node = NodeProcess.start(directory, LOG);
                CallSocket nfs = new CallSocket(node.nfsPort());
                CallSocket locks = new CallSocket(node.lockPort())) {
            prepare(nfs, locks);
            callAndKill(node, nfs, locks, point);
        }
        try (NodeProcess next = NodeProcess.start(directory, LOG);
                CallSocket nfs = new CallSocket(next.nfsPort());
                CallSocket locks = new CallSocket(next.lockPort())) {
            if (point.isKnown()) {
                somebodyUsesTheNames();
            }
            expectAnswers(nfs, point);
            expectEffects(point);
            expectLocks(locks);
        }
    }

    private void prepare(CallSocket nfs, CallSocket locks) throws Exception {
        changes = Changes.in(nfs, export);
        toLock = changes.handle("locked");
        toUnlock = changes.handle("unlocked");
        lock = Changes.lock(LOCK_XID, toLock, HOLDER);
        unlock = Changes.unlock(UNLOCK_XID, toUnlock, UNLOCKER);
        assertThat(Changes.locked(locks, 3, Changes.lock(3, toUnlock, UNLOCKER)))
                .isEqualTo(Stat.NLM4_GRANTED);
    }

    private void callAndKill(NodeProcess node, CallSocket nfs, CallSocket locks, CrashPoint point) throws Exception {
        boolean answered = point == CrashPoint.AFTER_THE_REPLY_WAS_SENT;
        // The first one there has the lock table, and the other one waits for it.
        int lockCalls = point == CrashPoint.BEFORE_THE_NOTE ? 1 : 2;
        node.arm(point, changes.all().size() + lockCalls);
        for (Change change : changes.all()) {
            nfs.send(change.call());
        }
        locks.send(lock);
        locks.send(unlock);
        if (answered) {
            for (Change change : changes.all()) {
                assertThat(NfsStat3.read(nfs.result(change.xid())))
                        .as(change.name())
                        .isEqualTo(NfsStat3.NFS3_OK);
            }
            assertThat(Changes.lockResult(locks, LOCK_XID)).isEqualTo(Stat.NLM4_GRANTED);
            assertThat(Changes.lockResult(locks, UNLOCK_XID)).isEqualTo(Stat.NLM4_GRANTED);
        } else {
            node.awaitCalls();
            assertThat(nfs.isSilent() && locks.isSilent()).isTrue();
        }
        node.kill();
    }

    /** Before the calls come again: whoever did them a second time would destroy what is another client's. */
    private void somebodyUsesTheNames() throws IOException {
        Files.createDirectory(export.resolve("emptied"));
        for (String name : new String[] {"removed", "from", "unchecked"}) {
            Files.writeString(export.resolve(name), "another");
        }
    }

    private void expectAnswers(CallSocket nfs, CrashPoint point) throws Exception {
        for (Change change : changes.all()) {
            nfs.send(change.call());
        }
        boolean lost = point == CrashPoint.BEFORE_THE_NOTE;
        for (Change change : changes.all()) {
            assertThat(NfsStat3.read(nfs.result(change.xid())))
                    .as(change.name())
                    .isEqualTo(lost ? change.again() : NfsStat3.NFS3_OK);
        }
    }

    private void expectEffects(CrashPoint point) throws IOException {
        for (String name : new String[] {"exclusive", "guarded", "unchecked", "made", "fifo", "linked", "to"}) {
            assertThat(export.resolve(name)).exists();
        }
        assertThat(export.resolve("symlink")).isSymbolicLink();
        assertThat(Files.readString(export.resolve("to"))).isEqualTo("from");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(export.resolve("attributes"))))
                .isEqualTo("rw----r--");
        for (String name : new String[] {"removed", "from", "emptied"}) {
            assertThat(Files.exists(export.resolve(name))).as(name).isEqualTo(point.isKnown());
        }
        if (point.isKnown()) {
            assertThat(Files.readString(export.resolve("unchecked"))).isEqualTo("another");
        }
    }

    private void expectLocks(CallSocket locks) throws Exception {
        assertThat(Changes.locked(locks, LOCK_XID, lock)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(Changes.locked(locks, UNLOCK_XID, unlock)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(Changes.locked(locks, 4, Changes.lock(4, toLock, OTHER))).isEqualTo(Stat.NLM4_DENIED);
        assertThat(Changes.locked(locks, 5, Changes.lock(5, toUnlock, OTHER))).isEqualTo(Stat.NLM4_GRANTED);
    }
}
