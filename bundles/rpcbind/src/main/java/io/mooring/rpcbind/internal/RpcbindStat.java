package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.util.ArrayList;
import java.util.List;

/** The result of version 4's GETSTAT on the wire (RFC 1833 §2.1, rpcb_stat_byvers). */
record RpcbindStat(List<Version> versions) {
    /** RPCBVERS_STAT: one element each for the versions 2, 3 and 4. */
    static final int VERSIONS = 3;
    /** RPCBSTAT_HIGHPROC: procedures 0 to 12. */
    static final int PROCEDURES = 13;

    RpcbindStat {
        versions = List.copyOf(versions);
        if (versions.size() != VERSIONS) {
            throw new IllegalArgumentException(versions.size() + " versions");
        }
    }

    static RpcbindStat read(XdrReader r) throws XdrException {
        List<Version> versions = new ArrayList<>();
        for (int i = 0; i < VERSIONS; i++) {
            versions.add(Version.read(r));
        }
        return new RpcbindStat(versions);
    }

    void write(XdrWriter w) {
        versions.forEach(v -> v.write(w));
    }

    /**
     * rpcb_stat: one version's counters.
     *
     * @param calls per procedure number
     * @param sets SETs that succeeded
     * @param unsets UNSETs that succeeded
     * @param addresses what was asked for
     * @param indirect indirect calls
     */
    record Version(List<Integer> calls, int sets, int unsets, List<Asked> addresses, List<Indirect> indirect) {
        Version {
            calls = List.copyOf(calls);
            addresses = List.copyOf(addresses);
            indirect = List.copyOf(indirect);
            if (calls.size() != PROCEDURES) {
                throw new IllegalArgumentException(calls.size() + " procedures");
            }
        }

        static Version read(XdrReader r) throws XdrException {
            List<Integer> calls = new ArrayList<>();
            for (int i = 0; i < PROCEDURES; i++) {
                calls.add(r.readInt());
            }
            return new Version(
                    calls, r.readInt(), r.readInt(), WireLists.read(r, Asked::read), WireLists.read(r, Indirect::read));
        }

        void write(XdrWriter w) {
            calls.forEach(w::writeInt);
            w.writeInt(sets).writeInt(unsets);
            WireLists.write(addresses, Asked::write, w);
            WireLists.write(indirect, Indirect::write, w);
        }
    }

    /** rpcbs_addrlist: how often a program's address was asked for, with and without success. */
    record Asked(int program, int version, int success, int failure, String netid) {

        static Asked read(XdrReader r) throws XdrException {
            return new Asked(r.readInt(), r.readInt(), r.readInt(), r.readInt(), r.readString(Rpcbind4.MAX_NETID));
        }

        void write(XdrWriter w) {
            w.writeInt(program)
                    .writeInt(version)
                    .writeInt(success)
                    .writeInt(failure)
                    .writeString(netid);
        }
    }

    /** rpcbs_rmtcalllist: indirect calls of a procedure. */
    record Indirect(int program, int version, int procedure, int success, int failure, int indirect, String netid) {

        static Indirect read(XdrReader r) throws XdrException {
            return new Indirect(
                    r.readInt(),
                    r.readInt(),
                    r.readInt(),
                    r.readInt(),
                    r.readInt(),
                    r.readInt(),
                    r.readString(Rpcbind4.MAX_NETID));
        }

        void write(XdrWriter w) {
            w.writeInt(program).writeInt(version).writeInt(procedure);
            w.writeInt(success).writeInt(failure).writeInt(indirect).writeString(netid);
        }
    }
}
