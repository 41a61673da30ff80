package io.mooring.vfs.local;

import io.mooring.vfs.VfsException;

/** When changes are on stable storage. Thread-safe. */
interface SyncPolicy {

    /**
     * Names or attributes have changed: returns when that is as durable as the policy wants.
     *
     * @param changed the one that was changed last comes first
     */
    void metadata(OpenObject... changed) throws VfsException;

    /** Whether stable writes and COMMIT reach the disk before they are answered. */
    boolean stableWrites();

    /** As an export with async: nothing waits for the disk. */
    SyncPolicy NONE = new SyncPolicy() {
        @Override
        public void metadata(OpenObject... changed) {
            // Nothing was promised.
        }

        @Override
        public boolean stableWrites() {
            return false;
        }
    };
}
