package io.mooring.failover.internal.machine;

import static io.mooring.failover.internal.machine.Harbour.ADDRESS;
import static io.mooring.failover.internal.machine.Harbour.CLIENT;
import static io.mooring.failover.internal.machine.Harbour.LOCAL;
import static io.mooring.failover.internal.machine.Harbour.OTHER_ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.ServiceStatus.State;
import io.mooring.sunrpc.KeptReply;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.RpcTransport.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Notes of calls that had no reply when their server was killed; and clients that do not read their replies. */
class CrashTest {
    private static final byte[] TEXT = {7};

    private final Harbour harbour = new Harbour();

    private static KeptReply note(int xid) {
        return Harbour.reply(xid).with(true, TEXT);
    }

    private void keep(KeptReply kept) {
        assertThat(harbour.nfs().keeper.keep(kept)).isTrue();
    }

    private void crashAndTake() {
        crash();
        assertThat(harbour.machine.status().state()).isEqualTo(State.SERVING);
    }

    /** As if the process were killed, and the next one found the address. */
    private void crash() {
        List<byte[]> left = List.copyOf(harbour.streams.get("replies").records);
        harbour.leave();
        harbour.streams.get("replies").records.clear();
        harbour.streams.get("replies").records.addAll(left);
        harbour.arrive();
    }

    private KeptReply lastInJournal() throws IOException {
        List<byte[]> records = harbour.streams.get("replies").records;
        return ReplyRecord.decode(records.get(records.size() - 1)).kept();
    }

    @Test
    void aNoteIsWrittenAndIsNoReply() throws Exception {
        harbour.serving();
        keep(note(1));
        assertThat(lastInJournal().note()).isTrue();
        assertThat(lastInJournal().reply()).isEqualTo(TEXT);
        assertThat(harbour.machine.status().counters().repliesKept()).isZero();
    }

    @Test
    void aReplyReplacesTheNote() throws Exception {
        harbour.nfsServer.recover = note -> {
            throw new AssertionError("nobody needs it");
        };
        harbour.serving();
        keep(note(1));
        keep(Harbour.reply(1));
        crashAndTake();
        assertThat(harbour.nfs().replies)
                .singleElement()
                .extracting(KeptReply::note)
                .isEqualTo(false);
        assertThat(harbour.nfs().replies.get(0).reply())
                .isEqualTo(Harbour.reply(1).reply());
    }

    @Test
    void aNoteReplacesTheReplyOfAnEarlierCallThatWasAlike() {
        harbour.serving();
        keep(Harbour.reply(1));
        keep(note(1));
        crashAndTake();
        assertThat(harbour.nfs().replies).isEmpty();
    }

    @Test
    void whatWasFoundOutIsInTheJournal() throws Exception {
        harbour.nfsServer.recover = note -> note.with(false, new byte[] {9});
        harbour.serving();
        keep(note(1));
        crashAndTake();
        assertThat(harbour.nfs().replies)
                .singleElement()
                .extracting(KeptReply::reply)
                .isEqualTo(new byte[] {9});
        assertThat(harbour.machine.status().counters().repliesRestored()).isEqualTo(1);
        assertThat(lastInJournal().note()).isFalse();
        assertThat(lastInJournal().reply()).containsExactly(9);
    }

    @Test
    void whatWasFoundOutIsOnStableStorageBeforeAnybodyIsLetIn() {
        harbour.serving();
        keep(note(1));
        crashAndTake();
        assertThat(harbour.news()).containsSubsequence("flush", "open nfsd");
    }

    @Test
    void withoutNotesNothingIsWaitedFor() {
        harbour.serving();
        keep(Harbour.reply(1));
        crashAndTake();
        assertThat(harbour.news()).contains("open nfsd").doesNotContain("flush");
    }

    @Test
    void nobodyIsLetInWhereItDoesNotGetThere() {
        harbour.serving();
        keep(note(1));
        harbour.news();
        harbour.unstable = new IOException("disk is gone");
        crash();
        assertThat(harbour.news()).contains("take nfsd").doesNotContain("open nfsd");
        assertThat(harbour.machine.status().state()).isEqualTo(State.FAILED);
        assertThat(harbour.machine.status().message()).isEqualTo("the journal cannot be written: disk is gone");
        assertThat(harbour.nfs().keeper.mayServe()).isFalse();
    }

    @Test
    void whatCouldNotBeFoundOutIsNotAskedAgain() throws Exception {
        harbour.serving();
        keep(note(1));
        crashAndTake();
        assertThat(harbour.nfs().replies).isEmpty();
        assertThat(harbour.machine.status().counters().repliesRestored()).isZero();
        assertThat(lastInJournal().note()).isTrue();
        assertThat(lastInJournal().reply()).isEmpty();
    }

    @Test
    void aNoteWaitsForWhoCanTellWhatBecameOfTheCall() throws Exception {
        harbour.serving();
        assertThat(harbour.lockServer.address(ADDRESS).keeper.keep(note(1))).isTrue();
        harbour.leave();
        harbour.roster.remove(harbour.lockd);
        harbour.arrive();
        assertThat(harbour.machine.status().state()).isEqualTo(State.SERVING);
        List<byte[]> left = harbour.streams.get("replies").compacted();
        assertThat(left).hasSize(1);
        assertThat(ReplyRecord.decode(left.get(0)).kept().reply()).isEqualTo(TEXT);
    }

    private static RpcTransport transport(long id, Kind kind, InetSocketAddress local) {
        return new RpcTransport(id, kind, Netid.TCP, local, CLIENT, Instant.EPOCH, Instant.EPOCH, 0, 0, 0);
    }

    @Test
    void clientsThatDoNotReadTheirRepliesAreNotWaitedForWithoutEnd() {
        harbour.serving();
        harbour.nfsServer.transports.addAll(List.of(
                transport(1, Kind.PERMANENT, LOCAL),
                transport(2, Kind.TEMPORARY, LOCAL),
                transport(3, Kind.TEMPORARY, new InetSocketAddress(OTHER_ADDRESS, 2049)),
                transport(4, Kind.CLIENT, LOCAL),
                transport(5, Kind.TEMPORARY, LOCAL)));
        CompletableFuture<Void> quiet = new CompletableFuture<>();
        harbour.nfs().quiet = quiet;
        var released = harbour.machine.release();
        harbour.turns.run();
        harbour.pass(Duration.ofSeconds(29));
        assertThat(harbour.nfsServer.closed).isEmpty();
        harbour.pass(Duration.ofSeconds(2));
        assertThat(harbour.nfsServer.closed).containsExactly(2L, 5L);
        harbour.pass(Duration.ofSeconds(60));
        assertThat(harbour.nfsServer.closed).as("once").hasSize(2);
        assertThat(released).as("what is being done is waited for").isNotDone();
        quiet.complete(null);
        harbour.turns.run();
        assertThat(released).isDone();
        assertThat(harbour.nfsServer.address(ADDRESS).open).isFalse();
    }
}
