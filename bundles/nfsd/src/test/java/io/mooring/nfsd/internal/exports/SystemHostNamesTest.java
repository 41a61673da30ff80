package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SystemHostNamesTest {
    private final InetAddress one = address(1);
    private final InetAddress two = address(2);
    private final InetAddress three = address(3);

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Address 2 claims the name of address 1; address 3 has none. */
    private final class Claims implements SystemHostNames.Lookup {
        @Override
        public List<InetAddress> addresses(String name) {
            return name.equals("one") ? List.of(one) : List.of();
        }

        @Override
        public String name(InetAddress address) {
            return Map.of(one, "one", two, "one").getOrDefault(address, address.getHostAddress());
        }
    }

    @Test
    void aNameCountsOnlyWhereItLeadsBack() throws NameServiceException {
        try (SystemHostNames names = new SystemHostNames(Duration.ofSeconds(20), new Claims(), name -> Set.of())) {
            assertThat(names.name(one)).isEqualTo("one");
            assertThat(names.name(two)).isNull();
            assertThat(names.name(three)).isNull();
            assertThat(names.addresses("one")).containsExactly(one);
            assertThat(names.addresses("two")).isEmpty();
        }
    }

    @Test
    void aDeadNameServiceIsNotWaitedForLong() {
        CountDownLatch never = new CountDownLatch(1);
        SystemHostNames.Lookup dead = new SystemHostNames.Lookup() {
            @Override
            public List<InetAddress> addresses(String name) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return List.of();
            }

            @Override
            public String name(InetAddress address) {
                return "x";
            }
        };
        try (SystemHostNames names = new SystemHostNames(Duration.ofMillis(20), dead, name -> Set.of())) {
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> names.addresses("x")).isInstanceOf(NameServiceException.class);
            }
            assertThatThrownBy(() -> names.name(one))
                    .isInstanceOf(NameServiceException.class)
                    .hasMessageContaining("10.0.0.1");
        }
    }
}
