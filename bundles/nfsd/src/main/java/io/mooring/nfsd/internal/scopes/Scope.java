package io.mooring.nfsd.internal.scopes;

import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.nfsd.internal.handle.FileHandles;

/**
 * What is served through some addresses of this host and through no others: exports, and the key that signs their handles. The
 * same on every node that may serve it, as RFC 8881 §2.10.4 wants of what it calls a server scope. Immutable; its parts are
 * thread-safe.
 *
 * @param service whose it is; null: that of the exports files, for all addresses that belong to no service
 */
public record Scope(String service, Exports exports, FileHandles handles) {

    /** For messages. */
    String title() {
        return service == null ? "the exports files" : "service " + service;
    }
}
