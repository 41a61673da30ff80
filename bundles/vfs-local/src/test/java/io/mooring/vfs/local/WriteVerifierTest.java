package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WriteVerifierTest {
    private static final String LINE = "sync of a file failed with errno 5: data may be lost;"
            + " clients are told to write again what is not committed";

    private final AtomicLong random = new AtomicLong();
    private final AtomicLong clock = new AtomicLong();
    private final List<String> log = new ArrayList<>();
    private final WriteVerifier verifier = new WriteVerifier(random::getAndIncrement, clock::get, log::add);

    @Test
    void aFailureRenewsIt() {
        random.set(verifier.value());
        long before = verifier.value();
        assertThat(verifier.value()).isEqualTo(before);
        verifier.renew("sync of a file", Errno.EIO);
        assertThat(verifier.value()).isNotEqualTo(before);
    }

    @Test
    void manyFailuresAreOneLine() {
        verifier.renew("sync of a file", Errno.EIO);
        verifier.renew("sync of a file", Errno.EIO);
        verifier.renew("sync of a file", Errno.EIO);
        assertThat(log).containsExactly(LINE);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
        verifier.renew("sync of a file", Errno.EIO);
        assertThat(log).containsExactly(LINE, LINE + " (and 2 more since the line before)");
        clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
        verifier.renew("sync of a file", Errno.EIO);
        assertThat(log).hasSize(3).last().isEqualTo(LINE);
    }
}
