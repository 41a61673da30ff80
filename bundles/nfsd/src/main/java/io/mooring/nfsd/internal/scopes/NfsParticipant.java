package io.mooring.nfsd.internal.scopes;

import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant;

/** How nfsd takes part in services that move between nodes: first of all, as locks need open exports. Thread-safe. */
public final class NfsParticipant implements ServiceParticipant {
    private final MooredServices services;
    private final Exports files;

    /**
     * Adds services to these.
     *
     * @param files those of the exports files, which give way
     */
    public NfsParticipant(MooredServices services, Exports files) {
        this.services = services;
        this.files = files;
    }

    @Override
    public String name() {
        return "nfsd";
    }

    @Override
    public int order() {
        return FIRST;
    }

    @Override
    public Mooring moor(ServiceDeclaration service) {
        Mooring moored = services.moor(DeclaredService.read(service));
        files.review();
        return moored;
    }
}
