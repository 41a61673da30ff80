package io.mooring.lockd.internal.wire;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/** What is asked of a client's rpcbind (RFC 1833): where a program is. Immutable. */
public final class Rpcbind {
    public static final int PROGRAM = 100000;
    public static final int PORT = 111;

    public static final int PORTMAP_VERSION = 2;
    public static final int PMAPPROC_GETPORT = 3;
    public static final int IPPROTO_TCP = 6;
    public static final int IPPROTO_UDP = 17;

    public static final int RPCBIND_VERSION = 4;
    public static final int RPCBPROC_GETADDR = 3;

    /** The longest universal address of IPv6 has 53 bytes; what is longer is none. */
    private static final int MAX_UADDR = 256;

    private Rpcbind() {}

    /** mapping, without the port, which the answer is. */
    public record Mapping(int prog, int vers, int prot) {
        public void write(XdrWriter w) {
            w.writeInt(prog).writeInt(vers).writeInt(prot).writeInt(0);
        }
    }

    /** rpcb, as far as GETADDR looks at it. */
    public record Rpcb(int prog, int vers, String netid) {
        public void write(XdrWriter w) {
            w.writeInt(prog).writeInt(vers).writeString(netid).writeString("").writeString("");
        }
    }

    /** The answer of GETPORT; 0: it is not there. */
    public static int readPort(XdrReader reader) throws XdrException {
        int port = reader.readInt();
        if (port < 0 || port > 0xffff) {
            throw new XdrException("port " + port);
        }
        return port;
    }

    /** The port in the answer of GETADDR, a universal address (RFC 5665 §5.2.3) or nothing; 0: it is not there. */
    public static int readAddressPort(XdrReader reader) throws XdrException {
        String address = reader.readString(MAX_UADDR);
        if (address.isEmpty()) {
            return 0;
        }
        String[] parts = address.split("\\.", -1);
        try {
            int high = Integer.parseInt(parts[parts.length - 2]);
            int low = Integer.parseInt(parts[parts.length - 1]);
            if ((high & ~0xff) == 0 && (low & ~0xff) == 0) {
                return high << 8 | low;
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new XdrException("no universal address");
        }
        throw new XdrException("no universal address");
    }
}
