package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.exports.Export;
import io.mooring.nfsd.internal.exports.ExportOptions;
import io.mooring.nfsd.internal.scopes.Scope;
import io.mooring.nfsd.internal.wire.Nfs3.FAttr3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpFh3;
import io.mooring.nfsd.internal.wire.Nfs3.WccData;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.Change;
import io.mooring.vfs.Created;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.VfsException;

/** What a handle of a call names, on whose behalf it is used, and how what is found there looks on the wire. Immutable. */
public record Target(Scope scope, Export export, ExportOptions options, FileId id, Caller caller) {

    public FileSystem fileSystem() {
        return export.fileSystem();
    }

    /** This, where its export may be changed. */
    Target writable() throws NfsException {
        if (options.readOnly()) {
            throw new NfsException(NfsStat3.NFS3ERR_ROFS);
        }
        return this;
    }

    /** Whether both are in one export, so that an object can move between them. */
    void requireSameExport(Target other) throws NfsException {
        if (export.fsid() != other.export.fsid()) {
            throw new NfsException(NfsStat3.NFS3ERR_XDEV);
        }
    }

    /** Another object of the same export. */
    Target of(FileId other) {
        return new Target(scope, export, options, other, caller);
    }

    NfsFh3 handle(FileId other) {
        return new NfsFh3(scope.handles().encode(export.fsid(), other));
    }

    PostOpFh3 postOpHandle(Created created) {
        return created.id() == null ? PostOpFh3.ABSENT : new PostOpFh3(handle(created.id()));
    }

    FAttr3 attributes(Attributes attributes) {
        return WireAttributes.fattr3(attributes, export.fsid());
    }

    public PostOpAttr postOp(Attributes attributes) {
        return attributes == null ? PostOpAttr.ABSENT : new PostOpAttr(attributes(attributes));
    }

    WccData wcc(Change change) {
        return new WccData(
                change.before() == null ? null : WireAttributes.wccAttr(change.before()),
                change.after() == null ? null : attributes(change.after()));
    }

    /** The object's attributes now; null where they cannot be had. */
    FAttr3 attributesNow() {
        try {
            return attributes(fileSystem().attributes(id));
        } catch (VfsException e) {
            return null;
        }
    }
}
