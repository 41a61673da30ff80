package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.util.List;

/** rpcbind's versions 3 and 4 on the wire (RFC 1833 §2): the same types, version 4 has more procedures. */
final class Rpcbind4 {
    static final int PROGRAM = 100000;
    static final int VERSION_3 = 3;
    static final int VERSION_4 = 4;

    static final int SET = 1;
    static final int UNSET = 2;
    static final int GETADDR = 3;
    static final int DUMP = 4;
    /** CALLIT in version 3, BCAST in version 4. */
    static final int BCAST = 5;

    static final int GETTIME = 6;
    static final int UADDR2TADDR = 7;
    static final int TADDR2UADDR = 8;
    static final int GETVERSADDR = 9;
    static final int INDIRECT = 10;
    static final int GETADDRLIST = 11;
    static final int GETSTAT = 12;

    /** The RFC bounds no string. The longest netid of RFC 5665 has 5 bytes; an unknown one must still be answered. */
    static final int MAX_NETID = 64;
    /** The longest universal address of IPv6 has 53 bytes, a path of a local socket 108. */
    static final int MAX_UADDR = 256;
    /** A user's number or "superuser"; some send a host or user name. */
    static final int MAX_OWNER = 256;
    /** struct sockaddr_storage. */
    static final int MAX_TADDR = 128;

    private Rpcbind4() {}

    /** rpcb: one program, version, and where it is. Strings are empty where a call does not use them. */
    record Rpcb(int program, int version, String netid, String address, String owner) {

        static Rpcb read(XdrReader r) throws XdrException {
            return new Rpcb(
                    r.readInt(),
                    r.readInt(),
                    r.readString(MAX_NETID),
                    r.readString(MAX_UADDR),
                    r.readString(MAX_OWNER));
        }

        void write(XdrWriter w) {
            w.writeInt(program)
                    .writeInt(version)
                    .writeString(netid)
                    .writeString(address)
                    .writeString(owner);
        }
    }

    /** rpcblist: the result of DUMP. */
    record RpcbList(List<Rpcb> entries) {
        RpcbList {
            entries = List.copyOf(entries);
        }

        static RpcbList read(XdrReader r) throws XdrException {
            return new RpcbList(WireLists.read(r, Rpcb::read));
        }

        void write(XdrWriter w) {
            WireLists.write(entries, Rpcb::write, w);
        }
    }

    /**
     * netbuf: a transport address in the host's own form.
     *
     * @param maxLength the size of the buffer that it was in, bytes
     * @param address a struct sockaddr; not to be changed
     */
    record Netbuf(int maxLength, byte[] address) {

        static Netbuf read(XdrReader r) throws XdrException {
            return new Netbuf(r.readInt(), r.readOpaque(MAX_TADDR));
        }

        void write(XdrWriter w) {
            w.writeInt(maxLength).writeOpaque(address);
        }
    }

    /**
     * rpcb_entry: one of the addresses of a program and version.
     *
     * @param semantics {@link #CLTS} or {@link #COTS_ORD}
     * @param family "inet" or "inet6"
     * @param protocol "tcp" or "udp"
     */
    record Entry(String address, String netid, int semantics, String family, String protocol) {
        /** Connectionless. */
        static final int CLTS = 1;
        /** Connection-oriented, with an orderly close. */
        static final int COTS_ORD = 3;

        static Entry read(XdrReader r) throws XdrException {
            return new Entry(
                    r.readString(MAX_UADDR),
                    r.readString(MAX_NETID),
                    r.readInt(),
                    r.readString(MAX_NETID),
                    r.readString(MAX_NETID));
        }

        void write(XdrWriter w) {
            w.writeString(address)
                    .writeString(netid)
                    .writeInt(semantics)
                    .writeString(family)
                    .writeString(protocol);
        }
    }

    /** rpcb_entry_list: the result of GETADDRLIST. */
    record EntryList(List<Entry> entries) {
        EntryList {
            entries = List.copyOf(entries);
        }

        static EntryList read(XdrReader r) throws XdrException {
            return new EntryList(WireLists.read(r, Entry::read));
        }

        void write(XdrWriter w) {
            WireLists.write(entries, Entry::write, w);
        }
    }
}
