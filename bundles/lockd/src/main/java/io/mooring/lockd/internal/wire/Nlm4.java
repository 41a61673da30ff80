package io.mooring.lockd.internal.wire;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/**
 * The types of NLM version 4 (RFC 1813 appendix II) and, by their {@link NlmVersion}, of versions 1 and 3 (X/Open C702
 * chapter 10). Offsets and lengths are unsigned. Immutable.
 */
public final class Nlm4 {
    public static final int PROGRAM = 100021;

    /** LM_MAXSTRLEN: bytes of names at the most. */
    public static final int LM_MAXSTRLEN = 1024;

    /** MAXNETOBJ_SZ: bytes of cookies, handles and owners at the most. */
    public static final int MAXNETOBJ_SZ = 1024;

    private Nlm4() {}

    /** Anything that can be written. */
    public interface Item {
        void write(XdrWriter writer, NlmVersion version);
    }

    /** Reads an item. */
    @FunctionalInterface
    public interface ItemDecoder<T> {
        T read(XdrReader reader, NlmVersion version) throws XdrException;
    }

    /** nlm4_stats. */
    public enum Stat {
        NLM4_GRANTED(0),
        NLM4_DENIED(1),
        NLM4_DENIED_NOLOCKS(2),
        NLM4_BLOCKED(3),
        NLM4_DENIED_GRACE_PERIOD(4),
        NLM4_DEADLCK(5),
        NLM4_ROFS(6),
        NLM4_STALE_FH(7),
        NLM4_FBIG(8),
        NLM4_FAILED(9);

        private final int value;

        Stat(int value) {
            this.value = value;
        }

        public int value() {
            return value;
        }
    }

    /** nlm4_holder. */
    public record Holder(boolean exclusive, int svid, byte[] oh, long offset, long length) implements Item {
        public static Holder read(XdrReader r, NlmVersion v) throws XdrException {
            return new Holder(r.readBool(), r.readInt(), r.readOpaque(MAXNETOBJ_SZ), v.readOffset(r), v.readOffset(r));
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeBool(exclusive).writeInt(svid).writeOpaque(oh);
            v.writeOffset(offset, w);
            v.writeLength(length, w);
        }
    }

    /**
     * nlm4_testres.
     *
     * @param holder null unless the status is DENIED
     */
    public record TestRes(byte[] cookie, Stat stat, Holder holder) implements Item {
        public static TestRes read(XdrReader r, NlmVersion v) throws XdrException {
            byte[] cookie = r.readOpaque(MAXNETOBJ_SZ);
            Stat stat = v.readStat(r);
            return new TestRes(cookie, stat, stat == Stat.NLM4_DENIED ? Holder.read(r, v) : null);
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeOpaque(cookie);
            v.writeStat(stat, w);
            if (stat == Stat.NLM4_DENIED) {
                holder.write(w, v);
            }
        }
    }

    /** nlm4_res. */
    public record Res(byte[] cookie, Stat stat) implements Item {
        public static Res read(XdrReader r, NlmVersion v) throws XdrException {
            return new Res(r.readOpaque(MAXNETOBJ_SZ), v.readStat(r));
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeOpaque(cookie);
            v.writeStat(stat, w);
        }
    }

    /** nlm4_lock. */
    public record Lock(String callerName, byte[] fh, byte[] oh, int svid, long offset, long length) implements Item {
        public static Lock read(XdrReader r, NlmVersion v) throws XdrException {
            return new Lock(
                    r.readString(LM_MAXSTRLEN),
                    r.readOpaque(MAXNETOBJ_SZ),
                    r.readOpaque(MAXNETOBJ_SZ),
                    r.readInt(),
                    v.readOffset(r),
                    v.readOffset(r));
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeString(callerName).writeOpaque(fh).writeOpaque(oh).writeInt(svid);
            v.writeOffset(offset, w);
            v.writeLength(length, w);
        }
    }

    /** nlm4_lockargs. */
    public record LockArgs(byte[] cookie, boolean block, boolean exclusive, Lock alock, boolean reclaim, int state)
            implements Item {
        public static LockArgs read(XdrReader r, NlmVersion v) throws XdrException {
            return new LockArgs(
                    r.readOpaque(MAXNETOBJ_SZ), r.readBool(), r.readBool(), Lock.read(r, v), r.readBool(), r.readInt());
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeOpaque(cookie).writeBool(block).writeBool(exclusive);
            alock.write(w, v);
            w.writeBool(reclaim).writeInt(state);
        }
    }

    /** nlm4_cancargs. */
    public record CancArgs(byte[] cookie, boolean block, boolean exclusive, Lock alock) implements Item {
        public static CancArgs read(XdrReader r, NlmVersion v) throws XdrException {
            return new CancArgs(r.readOpaque(MAXNETOBJ_SZ), r.readBool(), r.readBool(), Lock.read(r, v));
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeOpaque(cookie).writeBool(block).writeBool(exclusive);
            alock.write(w, v);
        }
    }

    /** nlm4_testargs: of TEST and GRANTED. */
    public record TestArgs(byte[] cookie, boolean exclusive, Lock alock) implements Item {
        public static TestArgs read(XdrReader r, NlmVersion v) throws XdrException {
            return new TestArgs(r.readOpaque(MAXNETOBJ_SZ), r.readBool(), Lock.read(r, v));
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeOpaque(cookie).writeBool(exclusive);
            alock.write(w, v);
        }
    }

    /** nlm4_unlockargs. */
    public record UnlockArgs(byte[] cookie, Lock alock) implements Item {
        public static UnlockArgs read(XdrReader r, NlmVersion v) throws XdrException {
            return new UnlockArgs(r.readOpaque(MAXNETOBJ_SZ), Lock.read(r, v));
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeOpaque(cookie);
            alock.write(w, v);
        }
    }

    /**
     * nlm4_share.
     *
     * @param mode fsh4_mode: what others may not do; bits 1 (read) and 2 (write)
     * @param access fsh4_access: what it is used for; likewise
     */
    public record Share(String callerName, byte[] fh, byte[] oh, int mode, int access) implements Item {
        public static Share read(XdrReader r, NlmVersion v) throws XdrException {
            return new Share(
                    r.readString(LM_MAXSTRLEN),
                    r.readOpaque(MAXNETOBJ_SZ),
                    r.readOpaque(MAXNETOBJ_SZ),
                    bits(r, "fsh_mode"),
                    bits(r, "fsh_access"));
        }

        private static int bits(XdrReader r, String type) throws XdrException {
            int value = r.readInt();
            if (value < 0 || value > 3) {
                throw new XdrException(type + " " + value);
            }
            return value;
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeString(callerName).writeOpaque(fh).writeOpaque(oh).writeInt(mode);
            w.writeInt(access);
        }
    }

    /** nlm4_shareargs. */
    public record ShareArgs(byte[] cookie, Share share, boolean reclaim) implements Item {
        public static ShareArgs read(XdrReader r, NlmVersion v) throws XdrException {
            return new ShareArgs(r.readOpaque(MAXNETOBJ_SZ), Share.read(r, v), r.readBool());
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeOpaque(cookie);
            share.write(w, v);
            w.writeBool(reclaim);
        }
    }

    /** nlm4_shareres. */
    public record ShareRes(byte[] cookie, Stat stat, int sequence) implements Item {
        public static ShareRes read(XdrReader r, NlmVersion v) throws XdrException {
            return new ShareRes(r.readOpaque(MAXNETOBJ_SZ), v.readStat(r), r.readInt());
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeOpaque(cookie);
            v.writeStat(stat, w);
            w.writeInt(sequence);
        }
    }

    /** nlm4_notify: of FREE_ALL. */
    public record Notify(String name, int state) implements Item {
        public static Notify read(XdrReader r, NlmVersion v) throws XdrException {
            return new Notify(r.readString(LM_MAXSTRLEN), r.readInt());
        }

        @Override
        public void write(XdrWriter w, NlmVersion v) {
            w.writeString(name).writeInt(state);
        }
    }
}
