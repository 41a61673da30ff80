package io.mooring.vfs.local;

import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import java.util.Set;

/** Brings a group of objects to the disk: a large group with a single syncfs instead of one fsync each. Immutable. */
final class GroupSync implements GroupCommit.Disk {
    /** Up to so many objects are cheaper one by one than with everything else that the file system has to write. */
    private static final int ONE_BY_ONE = 4;

    private final int root;

    /**
     * @param root a descriptor of the file system that can be synced; stays the giver's to close
     */
    GroupSync(int root) {
        this.root = root;
    }

    @Override
    public int sync(Set<OpenObject> objects) {
        if (objects.size() > ONE_BY_ONE) {
            return PosixFiles.syncfs(root);
        }
        Scratch scratch = Scratch.mine();
        for (OpenObject object : objects) {
            int result = sync(object, scratch);
            if (result < 0) {
                return result;
            }
        }
        return 0;
    }

    private int sync(OpenObject object, Scratch scratch) {
        boolean canSync = (object.isRegular() || object.isDirectory()) && object.reader(scratch) >= 0;
        return canSync ? object.sync(scratch) : PosixFiles.syncfs(root);
    }
}
