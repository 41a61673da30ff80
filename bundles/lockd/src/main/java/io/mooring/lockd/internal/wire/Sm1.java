package io.mooring.lockd.internal.wire;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/** The types of NSM version 1 (X/Open C702 chapter 11). Immutable. */
public final class Sm1 {
    public static final int PROGRAM = 100024;
    public static final int VERSION = 1;

    public static final int SM_STAT = 1;
    public static final int SM_MON = 2;
    public static final int SM_UNMON = 3;
    public static final int SM_UNMON_ALL = 4;
    public static final int SM_SIMU_CRASH = 5;
    public static final int SM_NOTIFY = 6;

    /** SM_MAXSTRLEN: bytes of names at the most. */
    public static final int SM_MAXSTRLEN = 1024;

    /** SM_PRIV_SIZE: bytes that the local program gets back. */
    public static final int SM_PRIV_SIZE = 16;

    private Sm1() {}

    /** Anything that can be written. */
    public interface Item {
        void write(XdrWriter writer);
    }

    /** sm_name. */
    public record SmName(String monName) implements Item {
        public static SmName read(XdrReader r) throws XdrException {
            return new SmName(r.readString(SM_MAXSTRLEN));
        }

        @Override
        public void write(XdrWriter w) {
            w.writeString(monName);
        }
    }

    /** my_id: whom to tell, on this host. */
    public record MyId(String myName, int myProg, int myVers, int myProc) implements Item {
        public static MyId read(XdrReader r) throws XdrException {
            return new MyId(r.readString(SM_MAXSTRLEN), r.readInt(), r.readInt(), r.readInt());
        }

        @Override
        public void write(XdrWriter w) {
            w.writeString(myName).writeInt(myProg).writeInt(myVers).writeInt(myProc);
        }
    }

    /** mon_id: which host, for whom. */
    public record MonId(String monName, MyId myId) implements Item {
        public static MonId read(XdrReader r) throws XdrException {
            return new MonId(r.readString(SM_MAXSTRLEN), MyId.read(r));
        }

        @Override
        public void write(XdrWriter w) {
            w.writeString(monName);
            myId.write(w);
        }
    }

    /** mon: of SM_MON. */
    public record Mon(MonId monId, byte[] priv) implements Item {
        public static Mon read(XdrReader r) throws XdrException {
            return new Mon(MonId.read(r), r.readFixedOpaque(SM_PRIV_SIZE));
        }

        @Override
        public void write(XdrWriter w) {
            monId.write(w);
            w.writeFixedOpaque(priv);
        }
    }

    /** sm_stat. */
    public record SmStat(int state) implements Item {
        public static SmStat read(XdrReader r) throws XdrException {
            return new SmStat(r.readInt());
        }

        @Override
        public void write(XdrWriter w) {
            w.writeInt(state);
        }
    }

    /** res. */
    public enum Result {
        STAT_SUCC,
        STAT_FAIL
    }

    /** sm_stat_res. */
    public record SmStatRes(Result resStat, int state) implements Item {
        public static SmStatRes read(XdrReader r) throws XdrException {
            int result = r.readInt();
            if (result != 0 && result != 1) {
                throw new XdrException("res " + result);
            }
            return new SmStatRes(result == 0 ? Result.STAT_SUCC : Result.STAT_FAIL, r.readInt());
        }

        @Override
        public void write(XdrWriter w) {
            w.writeInt(resStat == Result.STAT_SUCC ? 0 : 1).writeInt(state);
        }
    }

    /** stat_chge: of SM_NOTIFY. */
    public record StatChge(String monName, int state) implements Item {
        public static StatChge read(XdrReader r) throws XdrException {
            return new StatChge(r.readString(SM_MAXSTRLEN), r.readInt());
        }

        @Override
        public void write(XdrWriter w) {
            w.writeString(monName).writeInt(state);
        }
    }

    /** status: what the local program is told. */
    public record Status(String monName, int state, byte[] priv) implements Item {
        public static Status read(XdrReader r) throws XdrException {
            return new Status(r.readString(SM_MAXSTRLEN), r.readInt(), r.readFixedOpaque(SM_PRIV_SIZE));
        }

        @Override
        public void write(XdrWriter w) {
            w.writeString(monName).writeInt(state).writeFixedOpaque(priv);
        }
    }
}
