package io.mooring.lockd.internal.journal;

import static io.mooring.lockd.internal.journal.LockRecord.kind;

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
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.sunrpc.XdrWriter;

/** Writes changes as records, which {@link ChangeReader} reads. Stateless. */
final class ChangeWriter {

    private ChangeWriter() {}

    static void write(Change change, XdrWriter writer) {
        if (change instanceof Held held) {
            file(held.file(), kind(Kind.HELD, writer));
            owner(held.owner(), writer);
            range(held.range(), writer.writeInt(held.state()));
            writer.writeInt(held.parts().size());
            for (Part part : held.parts()) {
                range(part.range(), writer).writeBool(part.exclusive()).writeLong(part.since());
            }
        } else if (change instanceof Waits waits) {
            request(waits.waiter().request(), kind(Kind.WAITS, writer));
            callBack(waits.waiter().callBack(), writer);
            writer.writeLong(waits.waiter().order()).writeLong(waits.waiter().since());
            writer.writeInt(waits.state());
        } else if (change instanceof WaitsNoMore gone) {
            request(gone.request(), kind(Kind.WAITS_NO_MORE, writer));
        } else if (change instanceof Granted granted) {
            granted(granted, kind(Kind.GRANTED, writer));
        } else if (change instanceof Confirmed confirmed) {
            request(confirmed.request(), kind(Kind.CONFIRMED, writer));
        } else if (change instanceof Shared shared) {
            file(shared.file(), kind(Kind.SHARED, writer));
            owner(shared.owner(), writer).writeInt(shared.state());
            writer.writeInt(shared.access()).writeInt(shared.mode());
        } else if (change instanceof Unshared unshared) {
            file(unshared.file(), kind(Kind.UNSHARED, writer));
            owner(unshared.owner(), writer);
        }
    }

    private static void granted(Granted granted, XdrWriter writer) {
        request(granted.grant().request(), writer);
        callBack(granted.grant().callBack(), writer);
        writer.writeInt(granted.state()).writeLong(granted.since());
        writer.writeInt(granted.grant().before().size());
        for (Holder held : granted.grant().before()) {
            range(held.range(), writer).writeBool(held.exclusive());
        }
    }

    private static void file(FileKey file, XdrWriter writer) {
        writer.writeLong(file.fsid()).writeOpaque(file.id().bytes());
    }

    private static XdrWriter owner(Owner owner, XdrWriter writer) {
        return writer.writeOpaque(owner.host().client().getAddress())
                .writeOpaque(owner.host().service().getAddress())
                .writeInt(owner.svid())
                .writeOpaque(owner.oh());
    }

    private static XdrWriter range(Range range, XdrWriter writer) {
        return writer.writeLong(range.start()).writeLong(range.end());
    }

    private static void request(LockRequest request, XdrWriter writer) {
        file(request.file(), writer);
        owner(request.owner(), writer);
        range(request.range(), writer).writeBool(request.exclusive());
    }

    private static void callBack(CallBack callBack, XdrWriter writer) {
        GrantedCallBack how = (GrantedCallBack) callBack;
        writer.writeInt(how.version().number()).writeString(how.netid().id()).writeBool(how.message());
        writer.writeString(how.callerName()).writeOpaque(how.fh());
    }
}
