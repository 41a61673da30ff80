package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.FileId;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The index is bounded, and old hints in it do no harm. */
class NameIndexTest {
    private static final FileId ROOT = id(0);

    private final AtomicLong clock = new AtomicLong();
    private final NameIndex index = new NameIndex(ROOT, 3, clock::get);

    private static FileId id(int number) {
        return new FileId(new byte[] {1, (byte) number});
    }

    private static byte[] name(int number) {
        return TestTree.bytes("n" + number);
    }

    @Test
    void namesLeadFromTheRoot() {
        index.put(id(1), ROOT, name(1));
        index.put(id(2), id(1), name(2));
        assertThat(index.path(id(2))).containsExactly(name(1), name(2));
        assertThat(index.path(ROOT)).isEmpty();
        assertThat(index.path(id(3))).isNull();
    }

    @Test
    void theOldestIsForgottenFirst() {
        for (int i = 1; i <= 3; i++) {
            index.put(id(i), ROOT, name(i));
        }
        index.path(id(1));
        index.put(id(4), ROOT, name(4));
        assertThat(index.path(id(1))).isNotNull();
        assertThat(index.path(id(2))).isNull();
    }

    @Test
    void aCircleEnds() {
        index.put(id(1), id(2), name(1));
        index.put(id(2), id(1), name(2));
        assertThat(index.path(id(1))).isNull();
    }

    @Test
    void onlyTheNameThatWasSeenIsForgotten() {
        index.put(id(1), ROOT, name(1));
        index.remove(id(1), ROOT, name(9));
        assertThat(index.path(id(1))).isNotNull();
        index.remove(id(1), ROOT, name(1));
        assertThat(index.path(id(1))).isNull();
    }

    @Test
    void goneIsForEverAndMissingForAWhile() {
        index.setGone(id(1));
        index.setMissing(id(2), 100);
        clock.set(99);
        assertThat(index.isGone(id(1))).isTrue();
        assertThat(index.isGone(id(2))).isTrue();
        clock.set(100);
        assertThat(index.isGone(id(1))).isTrue();
        assertThat(index.isGone(id(2))).isFalse();
        index.put(id(1), ROOT, name(1));
        assertThat(index.isGone(id(1))).isFalse();
    }

    @Property(tries = 200)
    void neverEndlessAndNeverWrong(@ForAll @Size(max = 60) int[] parents, @ForAll @IntRange(max = 19) int wanted) {
        NameIndex large = new NameIndex(ROOT, 1000, clock::get);
        int[] latest = new int[20];
        java.util.Arrays.fill(latest, -1);
        for (int i = 0; i < parents.length; i++) {
            int child = i % 20;
            int parent = Math.floorMod(parents[i], 20);
            large.put(id(child), id(parent), name(child));
            latest[child] = parent;
        }
        var path = large.path(id(wanted));
        if (path != null) {
            int at = wanted;
            for (int i = 0; i < path.size(); i++) {
                at = latest[at];
            }
            assertThat(at).isZero();
        }
    }
}
