package io.mooring.vfs.local;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes attributes before, change and attributes after one step among clients, so that weak cache consistency data tell
 * the truth: without, one client's change could hide in another's before and after. Local processes are not held.
 * Thread-safe.
 */
final class ChangeLock {
    private final ReentrantLock lock = new ReentrantLock();

    /** Gives what was locked back. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    static Held hold(OpenObject object) {
        ReentrantLock lock = object.changeLock().lock;
        lock.lock();
        return lock::unlock;
    }

    /** Both, always in the same order, so that two renames cannot wait for each other. */
    static Held hold(OpenObject one, OpenObject other) {
        boolean ordered = Arrays.compare(one.id().bytes(), other.id().bytes()) <= 0;
        ReentrantLock first = (ordered ? one : other).changeLock().lock;
        ReentrantLock second = (ordered ? other : one).changeLock().lock;
        first.lock();
        second.lock();
        return () -> {
            second.unlock();
            first.unlock();
        };
    }
}
