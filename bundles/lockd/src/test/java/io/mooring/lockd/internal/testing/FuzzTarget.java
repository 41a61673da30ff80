package io.mooring.lockd.internal.testing;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a fuzz test gives bytes to; it throws what must not happen. */
public interface FuzzTarget {

    void run(byte[] input) throws Exception;

    /**
     * Runs the target. Where it allocates more than allowed it runs again, because the first time may have loaded classes.
     *
     * @param allowed bytes of heap for one run
     */
    static void runWithin(long allowed, FuzzTarget target, byte[] input) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long used = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 3 && used > allowed; attempt++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            target.run(input);
            used = threads.getCurrentThreadAllocatedBytes() - before;
        }
        if (used > allowed) {
            throw new AssertionError(
                    used + " bytes were allocated for an input of " + input.length + ", " + allowed + " are allowed");
        }
    }
}
