package io.mooring.lockd.internal.table;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A lock owner: a process (svid) of a host, and what its host calls it (oh). Immutable. */
public final class Owner {
    private final Host host;
    private final int svid;
    private final byte[] oh;
    private final int hash;

    /** Takes the array over. */
    public Owner(Host host, int svid, byte[] oh) {
        this.host = host;
        this.svid = svid;
        this.oh = oh;
        this.hash = 31 * (31 * host.hashCode() + svid) + Arrays.hashCode(oh);
    }

    public Host host() {
        return host;
    }

    public int svid() {
        return svid;
    }

    /** The opaque bytes; not to be changed. */
    public byte[] oh() {
        return oh;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Owner that
                        && hash == that.hash
                        && svid == that.svid
                        && host.equals(that.host)
                        && Arrays.equals(oh, that.oh));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The oh as text where it is printable, as Linux' and BSD's are ("4711@client"); else the svid and the bytes. */
    @Override
    public String toString() {
        boolean printable = oh.length > 0;
        for (byte b : oh) {
            printable &= b > ' ' && b < 0x7f;
        }
        return printable
                ? new String(oh, StandardCharsets.US_ASCII)
                : Integer.toUnsignedString(svid)
                        + (oh.length == 0 ? "" : "/" + HexFormat.of().formatHex(oh));
    }
}
