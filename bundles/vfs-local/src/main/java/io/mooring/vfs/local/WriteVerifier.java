package io.mooring.vfs.local;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes when unstable writes may have been lost, so that clients write again (RFC 1813 §3.3.7). Thread-safe. */
final class WriteVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(WriteVerifier.class);
    private static final long TELL_EVERY_NANOS = 10_000_000_000L;

    private final LongSupplier random;
    private final LongSupplier nanoTime;
    private final Consumer<String> log;
    private final AtomicLong value;

    private long told;
    private long untold;

    WriteVerifier(LongSupplier random, LongSupplier nanoTime, Consumer<String> log) {
        this.random = random;
        this.nanoTime = nanoTime;
        this.log = log;
        this.value = new AtomicLong(random.getAsLong());
        this.told = nanoTime.getAsLong() - TELL_EVERY_NANOS;
    }

    /** The log names the directory: it is one of several that may lie on other disks. */
    static WriteVerifier of(Path directory, LongSupplier random) {
        return new WriteVerifier(random, System::nanoTime, line -> LOG.error("{}: {}", directory, line));
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
        tell(what + " failed with errno " + errno
                + ": data may be lost; clients are told to write again what is not committed");
    }

    /** Not every time: a disk that is broken fails as often as clients ask. */
    private void tell(String line) {
        long before;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (now - told < TELL_EVERY_NANOS) {
                untold++;
                return;
            }
            told = now;
            before = untold;
            untold = 0;
        }
        log.accept(before == 0 ? line : line + " (and " + before + " more since the line before)");
    }
}
