package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.util.List;

/** The port mapper's version 2 on the wire (RFC 1833 §3). */
final class Portmap2 {
    static final int PROGRAM = 100000;
    static final int VERSION = 2;

    static final int SET = 1;
    static final int UNSET = 2;
    static final int GETPORT = 3;
    static final int DUMP = 4;
    static final int CALLIT = 5;

    static final int IPPROTO_TCP = 6;
    static final int IPPROTO_UDP = 17;

    private Portmap2() {}

    /**
     * A program's port.
     *
     * @param protocol {@link #IPPROTO_TCP} or {@link #IPPROTO_UDP}; others are legal on the wire
     * @param port an unsigned number that should be at most 65535; 0 where the call does not use it
     */
    record Mapping(int program, int version, int protocol, int port) {

        static Mapping read(XdrReader r) throws XdrException {
            return new Mapping(r.readInt(), r.readInt(), r.readInt(), r.readInt());
        }

        void write(XdrWriter w) {
            w.writeInt(program).writeInt(version).writeInt(protocol).writeInt(port);
        }
    }

    /** pmaplist: the result of DUMP. */
    record MappingList(List<Mapping> mappings) {
        MappingList {
            mappings = List.copyOf(mappings);
        }

        static MappingList read(XdrReader r) throws XdrException {
            return new MappingList(WireLists.read(r, Mapping::read));
        }

        void write(XdrWriter w) {
            WireLists.write(mappings, Mapping::write, w);
        }
    }
}
