package io.mooring.vfs.local;

import java.util.concurrent.atomic.AtomicInteger;

/** How many descriptors all trees together keep open. Thread-safe. */
final class DescriptorBudget {
    private volatile int max;
    private final AtomicInteger open = new AtomicInteger();

    DescriptorBudget(int max) {
        this.max = max;
    }

    void add(int descriptors) {
        open.addAndGet(descriptors);
    }

    boolean exceeded() {
        return open.get() > max;
    }

    int open() {
        return open.get();
    }

    void setMax(int descriptors) {
        max = descriptors;
    }
}
