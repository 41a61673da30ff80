package io.mooring.sunrpc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that leaves Netty buffers unreleased. */
public final class NoLeaks implements BeforeAllCallback, AfterAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        collect();
        RecordingLeakDetector.LEAKS.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        collect();
        assertThat(RecordingLeakDetector.LEAKS).as("leaked buffers").isEmpty();
    }

    /** Leaks are found by the collector, and reported at the next allocations. */
    private static void collect() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            for (int n = 0; n < 100; n++) {
                PooledByteBufAllocator.DEFAULT.buffer(16).release();
                ByteBufAllocator.DEFAULT.buffer(16).release();
            }
        }
    }
}
