package io.mooring.vfs.local;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes when unstable writes may have been lost, so that clients write again (RFC 1813 §3.3.7). Thread-safe. */
final class WriteVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(WriteVerifier.class);

    private final LongSupplier random;
    private final AtomicLong value;

    WriteVerifier(LongSupplier random) {
        this.random = random;
        this.value = new AtomicLong(random.getAsLong());
    }

    /** A write takes it before the data go to the kernel; a commit after they have come to the disk. */
    long value() {
        return value.get();
    }

    /** Data could not be written back. */
    void renew(String what, int errno) {
        long old = value.get();
        long fresh;
        do {
            fresh = random.getAsLong();
        } while (fresh == old);
        value.set(fresh);
        LOG.error(
                "{} failed with errno {}: data may be lost; clients are told to write again what is not committed",
                what,
                errno);
    }
}
