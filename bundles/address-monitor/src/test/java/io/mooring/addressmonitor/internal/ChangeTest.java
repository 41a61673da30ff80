package io.mooring.addressmonitor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.testing.Ip;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ChangeTest {

    /** Each number toggles an address, of which the even ones were present before. */
    @Property
    void theShortestSequenceHasTheSameEffect(@ForAll @Size(max = 60) List<@IntRange(max = 5) Integer> toggles) {
        Set<InetAddress> before = Set.of(address(0), address(2), address(4));
        Set<InetAddress> after = new HashSet<>(before);
        Set<InetAddress> lost = new HashSet<>();
        List<Change> changes = new ArrayList<>();
        for (int toggle : toggles) {
            InetAddress address = address(toggle);
            if (after.remove(address)) {
                changes.add(Change.removed(address));
                lost.add(address);
            } else {
                after.add(address);
                changes.add(Change.added(address));
            }
        }
        List<Change> compact = Change.compact(changes);

        assertThat(compact).hasSizeLessThanOrEqualTo(18);
        Set<InetAddress> replayed = new HashSet<>(before);
        Set<InetAddress> toldLost = new HashSet<>();
        for (Change change : compact) {
            if (change.kind() == Change.Kind.ADDED) {
                assertThat(replayed.add(change.address())).isTrue();
            } else {
                assertThat(replayed.remove(change.address())).isTrue();
                toldLost.add(change.address());
            }
        }
        assertThat(replayed).isEqualTo(after);
        // Whoever has connections of an address that went meanwhile must hear so, even if it came only meanwhile, or is
        // back.
        assertThat(toldLost).isEqualTo(lost);
    }

    private static InetAddress address(int number) {
        return Ip.of("10.0.0." + number);
    }
}
