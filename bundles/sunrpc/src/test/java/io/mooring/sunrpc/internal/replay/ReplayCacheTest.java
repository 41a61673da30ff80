package io.mooring.sunrpc.internal.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.sunrpc.internal.replay.ReplayCache.Found;
import io.mooring.sunrpc.internal.replay.ReplayCache.Outcome;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayCacheTest {
    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

    private final ReplayCache<String> cache = new ReplayCache<>(3, 1000);

    private static ReplayKey key(int xid) {
        return new ReplayKey(CLIENT, xid, 100003, 3, 12, 8, 0);
    }

    @Test
    void aCallThatWasAnsweredGetsItsFirstReply() {
        assertThat(cache.begin(key(1), "a", "path a").outcome()).isEqualTo(Outcome.EXECUTE);
        assertThat(cache.complete(key(1), new byte[] {1})).isNull();
        Found<String> found = cache.begin(key(1), "b", "path b");
        assertThat(found.outcome()).isEqualTo(Outcome.REPLY);
        assertThat(found.reply()).containsExactly(1);
    }

    @Test
    void theLatestAskerOnAnotherPathWaits() {
        cache.begin(key(1), "a", "path a");
        assertThat(cache.begin(key(1), "b", "path b")).isEqualTo(new Found<>(Outcome.UNDER_WAY, null, null));
        assertThat(cache.begin(key(1), "c", "path c")).isEqualTo(new Found<>(Outcome.UNDER_WAY, null, "b"));
        assertThat(cache.complete(key(1), new byte[1])).isEqualTo("c");
    }

    @Test
    void anAskerWhoseReplyComesAnyhowNeedNotWait() {
        cache.begin(key(1), "a", "path a");
        assertThat(cache.begin(key(1), "b", "path a")).isEqualTo(new Found<>(Outcome.UNDER_WAY, null, "b"));
        assertThat(cache.complete(key(1), new byte[1])).isNull();
    }

    @Test
    void anAbandonedCallIsNewAgain() {
        cache.begin(key(1), "a", "path a");
        cache.begin(key(1), "b", "path b");
        assertThat(cache.abandon(key(1))).isEqualTo("b");
        assertThat(cache.begin(key(1), "c", "path c").outcome()).isEqualTo(Outcome.EXECUTE);
    }

    @Test
    void theLongestUnusedGoesFirst() {
        for (int xid = 1; xid <= 3; xid++) {
            cache.restore(key(xid), new byte[1]);
        }
        cache.begin(key(1), "again", "path");
        cache.restore(key(4), new byte[1]);
        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.begin(key(1), "x", "p").outcome()).isEqualTo(Outcome.REPLY);
        assertThat(cache.begin(key(2), "x", "p").outcome()).isEqualTo(Outcome.EXECUTE);
    }

    @Test
    void bytesAreBounded() {
        cache.restore(key(1), new byte[300]);
        cache.restore(key(2), new byte[400]);
        assertThat(cache.size()).isEqualTo(1);
        cache.restore(key(3), new byte[5000]);
        assertThat(cache.size()).isZero();
    }

    @Test
    void callsUnderWayAreNeverForgotten() {
        cache.begin(key(1), "a", "path a");
        for (int xid = 2; xid < 50; xid++) {
            cache.restore(key(xid), new byte[200]);
        }
        assertThat(cache.begin(key(1), "b", "path b").outcome()).isEqualTo(Outcome.UNDER_WAY);
    }

    private List<Integer> kept() {
        List<Integer> xids = new ArrayList<>();
        cache.forEachKept((key, reply, note) -> xids.add(note ? -key.xid() : key.xid()));
        return xids;
    }

    @Test
    void thoseKeptElsewhereAreGivenInTheOrderOfTheirUse() {
        cache.begin(key(1), "a", "path a");
        cache.complete(key(1), new byte[1]);
        cache.restore(key(2), new byte[1]);
        cache.begin(key(3), "c", "path c");
        cache.keeping(key(3), new byte[1], true);
        assertThat(kept()).containsExactly(2, -3);
        cache.keeping(key(3), new byte[1], false);
        assertThat(kept()).containsExactly(2, 3);
        assertThat(cache.begin(key(3), "d", "path d").outcome()).isEqualTo(Outcome.UNDER_WAY);
        cache.complete(key(3), new byte[1]);
        cache.begin(key(2), "e", "path e");
        assertThat(kept()).containsExactly(3, 2);
    }

    @Test
    void onlyTheLatestOfEachClientAreGiven() throws IOException {
        ReplayCache<String> large = new ReplayCache<>(10_000, 10_000_000);
        ReplayKey quiet = new ReplayKey(InetAddress.getByName("10.0.0.9"), 1, 100003, 3, 8, 4, 5);
        large.restore(quiet, new byte[1]);
        for (int xid = 1; xid <= ReplayCache.KEPT_OF_CLIENT + 2; xid++) {
            large.restore(key(xid), new byte[1]);
        }
        List<ReplayKey> given = new ArrayList<>();
        large.forEachKept((key, reply, note) -> given.add(key));
        assertThat(given)
                .hasSize(ReplayCache.KEPT_OF_CLIENT + 1)
                .startsWith(quiet, key(3))
                .endsWith(key(ReplayCache.KEPT_OF_CLIENT + 2));
        assertThat(large.begin(key(1), "a", "path a").outcome())
                .as("here it still is known")
                .isEqualTo(Outcome.REPLY);
    }

    @Test
    void whatWasNotKeptAfterAllIsNotGiven() {
        cache.begin(key(1), "a", "path a");
        cache.keeping(key(1), new byte[1], false);
        cache.abandon(key(1));
        assertThat(kept()).isEmpty();
    }

    @Test
    void forgettingLeavesTheCallsUnderWay() {
        cache.begin(key(1), "a", "path a");
        cache.restore(key(2), new byte[400]);
        cache.forget();
        assertThat(cache.size()).isZero();
        assertThat(cache.begin(key(1), "b", "path b").outcome()).isEqualTo(Outcome.UNDER_WAY);
        cache.restore(key(3), new byte[400]);
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void theChecksumIsThatOfTheBeginning() {
        byte[] arguments = new byte[5000];
        int before = ReplayKey.checksum(Unpooled.wrappedBuffer(arguments));
        arguments[4000] = 1;
        assertThat(ReplayKey.checksum(Unpooled.wrappedBuffer(arguments))).isEqualTo(before);
        arguments[40] = 1;
        assertThat(ReplayKey.checksum(Unpooled.wrappedBuffer(arguments))).isNotEqualTo(before);
    }
}
