package io.mooring.sunrpc.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mooring.sunrpc.KeptReply;
import io.mooring.sunrpc.MooredAddress;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.internal.NoLeaks;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is noted of calls that were carried out, and the replies that are made of it. */
@ExtendWith(NoLeaks.class)
class MooredNotesTest {
    private static final byte[] ARGUMENTS = {0, 0, 0, 9};

    private final TestKeeper keeper = new TestKeeper();
    private final CompletableFuture<Void> mayEnd = new CompletableFuture<>();
    private Rig rig;
    private MooredAddress moored;

    @BeforeEach
    void open() {
        rig = new Rig(EventLoops.Kind.NIO);
        moored = rig.server.moor(Rig.TWO, keeper);
        moored.open();
    }

    @AfterEach
    void close() {
        mayEnd.complete(null);
        rig.close();
    }

    private int call(InetAddress to, int xid, int procedure) throws Exception {
        try (RawConnection connection = rig.connect(to)) {
            connection.sendCall(xid, procedure, ARGUMENTS);
            XdrReader reply = connection.receive();
            assertThat(reply.readInt()).isEqualTo(xid);
            reply.readFixedOpaque(20);
            return reply.readInt();
        }
    }

    private void waitWhenNoted() {
        rig.program.hook = () -> mayEnd.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** What is kept of a call whose server is killed before it is answered. */
    private KeptReply noted() throws Exception {
        waitWhenNoted();
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            connection.sendCall(7, TestProgram.NOTED_COUNT, ARGUMENTS);
            await().until(() -> keeper.kept.size() == 1);
        }
        return keeper.kept.get(0);
    }

    @Test
    void aNoteIsKeptBeforeTheReplyAndReplacedByIt() throws Exception {
        KeptReply note = noted();
        assertThat(note.note()).isTrue();
        assertThat(note.xid()).isEqualTo(7);
        assertThat(moored.kept())
                .as("whoever writes down all that is kept finds it")
                .containsExactly(note);
        mayEnd.complete(null);
        await().until(() -> moored.callsUnderWay() == 0);
        assertThat(keeper.kept).extracting(KeptReply::note).containsExactly(true, false);
        assertThat(moored.kept()).containsExactly(keeper.kept.get(1));
        assertThat(call(Rig.TWO, 7, TestProgram.NOTED_COUNT)).isEqualTo(1);
    }

    @Test
    void nothingIsNotedWhereNobodyWouldFindIt() throws Exception {
        call(Rig.ONE, 1, TestProgram.NOTED_COUNT);
        call(Rig.TWO, 2, TestProgram.UNKEPT_NOTED_COUNT);
        assertThat(keeper.kept).isEmpty();
        moored.close();
        call(Rig.TWO, 3, TestProgram.NOTED_COUNT);
        assertThat(keeper.kept).isEmpty();
        assertThat(rig.program.count).hasValue(3);
    }

    @Test
    void whoCannotKeepANoteIsAskedToKeepTheReply() throws Exception {
        keeper.keeps = kept -> !kept.note();
        assertThat(call(Rig.TWO, 1, TestProgram.NOTED_COUNT)).isEqualTo(1);
        assertThat(keeper.kept).extracting(KeptReply::note).containsExactly(false);
    }

    /** What a client sends behind the arguments must fill nobody's journal. */
    @Test
    void onlyWhatWasReadOfTheCallIsNoted() throws Exception {
        rig.program.recovery = (argument, note) -> 1000 + 100 * argument + note;
        waitWhenNoted();
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            byte[] arguments = Arrays.copyOf(ARGUMENTS, 1 << 20);
            connection.sendCall(7, TestProgram.NOTED_COUNT, arguments);
            await().until(() -> keeper.kept.size() == 1);
            KeptReply note = keeper.kept.get(0);
            assertThat(note.reply()).hasSizeLessThan(100);
            KeptReply known = restoredElsewhere(note);
            assertThat(XdrReader.of(known.reply()).readFixedOpaque(28)).endsWith(RawConnection.integer(1910));
        }
    }

    @Test
    void aNoteThatIsTooLongIsGivenToNobody() throws Exception {
        rig.program.noteBytes = KeptReply.MAX_BYTES;
        waitWhenNoted();
        try (RawConnection connection = rig.connect(Rig.TWO)) {
            connection.sendCall(7, TestProgram.NOTED_COUNT, ARGUMENTS);
            await().until(() -> rig.program.count.get() == 1);
            assertThat(moored.kept()).isEmpty();
            mayEnd.complete(null);
            assertThat(connection.receive().readInt()).isEqualTo(7);
        }
        assertThat(keeper.kept).extracting(KeptReply::note).containsExactly(false);
        assertThat(moored.kept()).isEqualTo(keeper.kept);
    }

    private KeptReply restoredElsewhere(KeptReply note) {
        mayEnd.complete(null);
        await().until(() -> moored.callsUnderWay() == 0);
        moored.close();
        moored = rig.server.moor(Rig.TWO, keeper);
        KeptReply known = moored.restore(note);
        moored.open();
        return known;
    }

    @Test
    void theReplyIsMadeOfArgumentsAndNote() throws Exception {
        rig.program.recovery = (argument, note) -> 1000 + 100 * argument + note;
        KeptReply known = restoredElsewhere(noted());
        assertThat(known.note()).isFalse();
        assertThat(known.reply()).hasSize(28);
        assertThat(moored.kept()).usingRecursiveFieldByFieldElementComparator().containsExactly(known);
        assertThat(call(Rig.TWO, 7, TestProgram.NOTED_COUNT)).isEqualTo(1910);
        assertThat(rig.program.count).hasValue(1);
    }

    @Test
    void withoutProofTheCallIsExecutedAgain() throws Exception {
        KeptReply known = restoredElsewhere(noted());
        assertThat(known.note()).isTrue();
        assertThat(known.reply()).isEmpty();
        assertThat(moored.kept()).isEmpty();
        assertThat(call(Rig.TWO, 7, TestProgram.NOTED_COUNT)).isEqualTo(2);
    }

    @Test
    void aRecoveryThatFailsAndANoteThatIsNoneProveNothing() throws Exception {
        KeptReply note = noted();
        rig.program.recovery = (argument, text) -> {
            throw new IllegalStateException("as the test wants");
        };
        assertThat(restoredElsewhere(note).note()).isTrue();
        rig.program.recovery = Integer::sum;
        List<KeptReply> useless = List.of(
                note.with(true, new byte[0]),
                note.with(true, new byte[] {0, 0, 0, 9, 1}),
                new KeptReply(Rig.ONE, 7, 4711, 3, 1, 4, 0, true, note.reply()),
                new KeptReply(Rig.ONE, 7, TestProgram.NUMBER, 4, 1, 4, 0, true, note.reply()),
                new KeptReply(Rig.ONE, 7, TestProgram.NUMBER, 3, 99, 4, 0, true, note.reply()),
                new KeptReply(Rig.ONE, 7, TestProgram.NUMBER, 3, TestProgram.KEPT_COUNT, 4, 0, true, note.reply()));
        for (KeptReply none : useless) {
            assertThat(moored.restore(none).note()).isTrue();
        }
        assertThat(moored.kept()).isEmpty();
    }
}
