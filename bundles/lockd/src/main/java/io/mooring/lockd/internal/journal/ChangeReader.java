package io.mooring.lockd.internal.journal;

import io.mooring.lockd.internal.journal.LockRecord.Kind;
import io.mooring.lockd.internal.nlm.GrantedCallBack;
import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.Change;
import io.mooring.lockd.internal.table.Change.Confirmed;
import io.mooring.lockd.internal.table.Change.Granted;
import io.mooring.lockd.internal.table.Change.Held;
import io.mooring.lockd.internal.table.Change.Part;
import io.mooring.lockd.internal.table.Change.Shared;
import io.mooring.lockd.internal.table.Change.Unshared;
import io.mooring.lockd.internal.table.Change.Waits;
import io.mooring.lockd.internal.table.Change.WaitsNoMore;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.Holder;
import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.Unconfirmed;
import io.mooring.lockd.internal.table.Waiter;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.vfs.FileId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link ChangeWriter} wrote, and refuses anything else. Stateless. */
final class ChangeReader {
    /** Of NLM's netobjs. */
    private static final int MAX_NETOBJ = 1024;
    /** A caller name of NLM in UTF-8, where each byte of it may have become three. */
    private static final int MAX_NAME = 3 * 1024;
    /** More locks than a table has. */
    private static final int MAX_PARTS = 1 << 26;

    private static final int MAX_BITS = 3;
    private static final int MAX_NETID = 8;

    private ChangeReader() {}

    static Change read(Kind kind, XdrReader reader) throws XdrException {
        return switch (kind) {
            case HELD -> held(reader);
            case WAITS -> waits(reader);
            case WAITS_NO_MORE -> new WaitsNoMore(request(reader));
            case GRANTED -> granted(reader);
            case CONFIRMED -> new Confirmed(request(reader));
            case SHARED -> new Shared(file(reader), owner(reader), reader.readInt(), bits(reader), bits(reader));
            case UNSHARED -> new Unshared(file(reader), owner(reader));
            default -> throw new XdrException(kind + " is no change");
        };
    }

    private static Held held(XdrReader reader) throws XdrException {
        FileKey file = file(reader);
        Owner owner = owner(reader);
        int state = reader.readInt();
        Range all = range(reader);
        List<Part> parts = new ArrayList<>();
        long from = all.start();
        for (int left = reader.readLength(MAX_PARTS); left > 0; left--) {
            Range range = range(reader);
            if (from < 0 || range.start() < from || range.end() > all.end()) {
                throw new XdrException(range + " is out of order");
            }
            parts.add(new Part(range, reader.readBool(), reader.readLong()));
            from = range.end() + 1;
        }
        return new Held(file, owner, state, all, parts);
    }

    private static Waits waits(XdrReader reader) throws XdrException {
        LockRequest request = request(reader);
        CallBack callBack = callBack(reader);
        long order = reader.readLong();
        if (order < 0 || order > Long.MAX_VALUE / 2) {
            throw new XdrException("order " + order);
        }
        return new Waits(new Waiter(request, order, reader.readLong(), callBack), reader.readInt());
    }

    private static Granted granted(XdrReader reader) throws XdrException {
        LockRequest request = request(reader);
        CallBack callBack = callBack(reader);
        int state = reader.readInt();
        long since = reader.readLong();
        Owner owner = request.owner();
        List<Holder> before = new ArrayList<>();
        for (int left = reader.readLength(MAX_PARTS); left > 0; left--) {
            Range range = range(reader);
            if (!range.overlaps(request.range())) {
                throw new XdrException(range + " is not of " + request.range());
            }
            before.add(new Holder(owner, owner.svid(), range, reader.readBool()));
        }
        return new Granted(new Unconfirmed(request, callBack, before), state, since);
    }

    private static FileKey file(XdrReader reader) throws XdrException {
        return new FileKey(reader.readLong(), new FileId(reader.readOpaque(FileId.MAX_BYTES)));
    }

    private static Owner owner(XdrReader reader) throws XdrException {
        Host host = new Host(address(reader), address(reader));
        return new Owner(host, reader.readInt(), reader.readOpaque(MAX_NETOBJ));
    }

    private static InetAddress address(XdrReader reader) throws XdrException {
        byte[] bytes = reader.readOpaque(16);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new XdrException("an address of " + bytes.length + " bytes");
        }
    }

    private static Range range(XdrReader reader) throws XdrException {
        long start = reader.readLong();
        long end = reader.readLong();
        if (start < 0 || end < start) {
            throw new XdrException("from " + start + " to " + end);
        }
        return new Range(start, end);
    }

    private static LockRequest request(XdrReader reader) throws XdrException {
        return new LockRequest(file(reader), owner(reader), range(reader), reader.readBool());
    }

    private static int bits(XdrReader reader) throws XdrException {
        int bits = reader.readInt();
        if (bits < 0 || bits > MAX_BITS) {
            throw new XdrException("a share of " + bits);
        }
        return bits;
    }

    private static CallBack callBack(XdrReader reader) throws XdrException {
        NlmVersion version = version(reader.readInt());
        Netid netid = netid(reader.readString(MAX_NETID));
        boolean message = reader.readBool();
        String name = reader.readString(MAX_NAME);
        return new GrantedCallBack(version, netid, message, name, reader.readOpaque(MAX_NETOBJ));
    }

    private static Netid netid(String id) throws XdrException {
        for (Netid netid : Netid.values()) {
            if (netid.id().equals(id)) {
                return netid;
            }
        }
        throw new XdrException("netid " + id);
    }

    private static NlmVersion version(int number) throws XdrException {
        for (NlmVersion version : NlmVersion.values()) {
            if (version.number() == number) {
                return version;
            }
        }
        throw new XdrException("version " + number);
    }
}
