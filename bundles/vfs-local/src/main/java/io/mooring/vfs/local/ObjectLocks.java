package io.mooring.vfs.local;

import io.mooring.vfs.FileId;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes attributes before, change and attributes after one step among clients, so that weak cache consistency data tell
 * the truth: without, one client's change could hide in another's before and after. Local processes are not held. A
 * bounded number of locks, shared by hash. Thread-safe.
 */
final class ObjectLocks {
    private static final int LOCKS = 256;

    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    ObjectLocks() {
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /** Gives what was locked back. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    Held lock(FileId id) {
        ReentrantLock lock = locks[index(id)];
        lock.lock();
        return lock::unlock;
    }

    /** Both, always in the same order, so that two renames cannot wait for each other. */
    Held lock(FileId one, FileId other) {
        int a = index(one);
        int b = index(other);
        ReentrantLock first = locks[Math.min(a, b)];
        ReentrantLock second = locks[Math.max(a, b)];
        first.lock();
        second.lock();
        return () -> {
            second.unlock();
            first.unlock();
        };
    }

    private static int index(FileId id) {
        int hash = id.hashCode() * 0x9E3779B9;
        return hash >>> 24;
    }
}
