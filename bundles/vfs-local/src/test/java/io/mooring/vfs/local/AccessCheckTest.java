package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.Statx;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessCheckTest {

    /** A verdict may be remembered only when no later change can have the same ctime. */
    @ParameterizedTest
    @CsvSource({
        // The file system keeps nanoseconds.
        "5, 700000000, 5700, false",
        "5, 700000000, 5800, false",
        "5, 700000000, 5801, true",
        // Whole seconds: a change at 5.9 is still one at 5.
        "5, 0, 5200, false",
        "5, 0, 5999, false",
        // Every second one, and a kernel clock that lags behind.
        "4, 0, 6050, false",
        "4, 0, 6101, true",
        // Made by a clock that was ahead.
        "9, 1, 5000, false",
    })
    void aCtimeIsSettledOnceItCannotComeAgain(long seconds, int nanos, long now, boolean settled) {
        AccessCheck access = new AccessCheck(new ServerIdentity(0), () -> now);
        assertThat(access.settled(new Statx.Time(seconds, nanos))).isEqualTo(settled);
    }
}
