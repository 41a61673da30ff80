package io.mooring.failover.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mooring.failover.internal.journal.JournalTarget;

/** Fuzzes the journal's reader. One test for all of this bundle, because Jazzer fuzzes one in a JVM's life. */
class FailoverFuzzTest {

    @FuzzTest(maxDuration = "3s")
    void anyInput(byte[] input) throws Exception {
        new JournalTarget().run(input);
    }
}
