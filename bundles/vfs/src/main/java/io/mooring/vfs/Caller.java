package io.mooring.vfs;

import java.util.Arrays;

/** On whose behalf an operation runs: the identity that the kernel checks, after squashing. Ids are unsigned. Immutable. */
public final class Caller {
    /** uid 0: what the server does on its own behalf. */
    public static final Caller ROOT = new Caller(0, 0, new int[0]);

    private final int uid;
    private final int gid;
    private final int[] groups;
    private final int hash;

    /** Takes the array over. */
    public Caller(int uid, int gid, int[] groups) {
        this.uid = uid;
        this.gid = gid;
        this.groups = groups;
        this.hash = 31 * (31 * uid + gid) + Arrays.hashCode(groups);
    }

    public int uid() {
        return uid;
    }

    public int gid() {
        return gid;
    }

    /** Supplementary groups; not to be changed. */
    public int[] groups() {
        return groups;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Caller that && uid == that.uid && gid == that.gid && Arrays.equals(groups, that.groups);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "uid=" + Integer.toUnsignedString(uid) + " gid=" + Integer.toUnsignedString(gid);
    }
}
