package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/**
 * What is noted of a change that was made and is on its way to the disk: by it the next server finds out whether it got there.
 * Immutable.
 *
 * @param object what was created, removed, renamed or linked, or has other attributes
 * @param attributes of it, after that; absent where they prove nothing
 */
record Trace(NfsFh3 object, PostOpAttr attributes) implements Item {

    static Trace read(XdrReader reader) throws XdrException {
        return new Trace(NfsFh3.read(reader), PostOpAttr.read(reader));
    }

    @Override
    public void write(XdrWriter writer) {
        object.write(writer);
        attributes.write(writer);
    }
}
