package io.mooring.lockd.internal.wire;

import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/** The versions of NLM: they have the same types, but versions 1 and 3 have 32 bits for offsets and fewer statuses. */
public enum NlmVersion {
    V1(1),
    V3(3),
    V4(4);

    private static final long MAX_32 = 0xffff_ffffL;

    private final int number;

    NlmVersion(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public boolean isWide() {
        return this == V4;
    }

    /** The versions from 3 on know SHARE, UNSHARE, NM_LOCK and FREE_ALL. */
    public boolean hasShares() {
        return this != V1;
    }

    /** An offset or a length; unsigned. */
    long readOffset(XdrReader reader) throws XdrException {
        return isWide() ? reader.readLong() : reader.readInt() & MAX_32;
    }

    /** What does not fit is as far as can be told. */
    void writeOffset(long offset, XdrWriter writer) {
        if (isWide()) {
            writer.writeLong(offset);
        } else {
            writer.writeInt((int) (Long.compareUnsigned(offset, MAX_32) > 0 ? MAX_32 : offset));
        }
    }

    /** What does not fit is to the end of the file, which is 0. */
    void writeLength(long length, XdrWriter writer) {
        boolean fits = isWide() || Long.compareUnsigned(length, MAX_32) <= 0;
        writeOffset(fits ? length : 0, writer);
    }

    Stat readStat(XdrReader reader) throws XdrException {
        int value = reader.readInt();
        for (Stat stat : Stat.values()) {
            if (stat.value() == value && stat == told(stat)) {
                return stat;
            }
        }
        throw new XdrException("nlm_stats " + value);
    }

    void writeStat(Stat stat, XdrWriter writer) {
        writer.writeInt(told(stat).value());
    }

    /** The older versions end with DEADLCK: to them other failures are a lack of locks, as with Linux. */
    private Stat told(Stat stat) {
        return isWide() || stat.value() <= Stat.NLM4_DEADLCK.value() ? stat : Stat.NLM4_DENIED_NOLOCKS;
    }
}
