package io.mooring.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.itests.crash.Changes.Change;
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

    @TempDir
    Path directory;

    private Path export;

    /** What was sent, and is sent again. */
    private Changes changes;

    private LockChanges lockChanges;

    @BeforeEach
    void files() throws IOException {
        export = Files.createDirectory(directory.resolve("export"));
        Files.createDirectory(directory.resolve("state"));
        Files.createDirectories(directory.resolve("karaf"));
        Files.createDirectory(export.resolve("emptied"));
        for (String name : new String[] {"removed", "from", "file", "attributes"}) {
            Files.writeString(export.resolve(name), name);
        }
        for (String name : LockChanges.FILES) {
            Files.createFile(export.resolve(name));
        }
    }

    @ParameterizedTest
    @EnumSource(CrashPoint.class)
    void theCallIsAnsweredByTheNextServer(CrashPoint point) throws Exception {
        try (NodeProcess node = NodeProcess.start(directory, LOG);
                CallSocket nfs = new CallSocket(node.nfsPort());
                LockClients locks = new LockClients(node.lockPort())) {
            changes = Changes.in(nfs, export);
            lockChanges = new LockChanges(changes, locks);
            callAndKill(node, nfs, locks, point);
        }
        try (NodeProcess next = NodeProcess.start(directory, LOG);
                CallSocket nfs = new CallSocket(next.nfsPort());
                LockClients locks = new LockClients(next.lockPort())) {
            if (point.isKnown()) {
                somebodyUsesTheNames();
            }
            expectAnswers(nfs, point);
            expectEffects(point);
            lockChanges.expectAgain(locks, point);
        }
    }

    private void callAndKill(NodeProcess node, CallSocket nfs, LockClients locks, CrashPoint point) throws Exception {
        boolean answered = point == CrashPoint.AFTER_THE_REPLY_WAS_SENT;
        node.arm(point, changes.all().size() + lockChanges.stoppedAt(point));
        for (Change change : changes.all()) {
            nfs.send(change.call());
        }
        lockChanges.send(locks, point);
        if (answered) {
            for (Change change : changes.all()) {
                assertThat(NfsStat3.read(nfs.result(change.xid())))
                        .as(change.name())
                        .isEqualTo(NfsStat3.NFS3_OK);
            }
            lockChanges.expectFirstAnswers(locks);
        } else {
            node.awaitCalls();
            assertThat(nfs.isSilent() && locks.areSilent()).isTrue();
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
}
