package io.mooring.rpcbind.internal;

import io.mooring.rpcbind.internal.Portmap2.Mapping;
import io.mooring.rpcbind.internal.Portmap2.MappingList;
import io.mooring.sunrpc.RpcException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Talks version 2 with an old port mapper: no IPv6, and its UNSET takes TCP and UDP at once, so that the second of a
 * pair is gone already (the registrar asks again). Used by one thread.
 */
final class Portmap2Session implements HostRpcbind.Session {
    private final HostCalls calls;

    Portmap2Session(HostCalls calls) {
        this.calls = calls;
    }

    @Override
    public Map<Registration.Key, UniversalAddress> dump() throws IOException, RpcException {
        MappingList list = calls.call(Portmap2.DUMP, (none, w) -> {}, null, MappingList::read);
        Map<Registration.Key, UniversalAddress> present = new HashMap<>();
        for (Mapping mapping : list.mappings()) {
            PortmapProcedures.netid(mapping.protocol())
                    .ifPresent(netid -> present.put(
                            new Registration.Key(mapping.program(), mapping.version(), netid.id()),
                            new UniversalAddress(Registration.ANY_IPV4, mapping.port() & 0xffff)));
        }
        return present;
    }

    @Override
    public boolean supports(Registration registration) {
        return !Registration.isIpv6(registration.netid());
    }

    @Override
    public boolean set(Registration registration) throws IOException, RpcException {
        return change(Portmap2.SET, registration);
    }

    @Override
    public boolean unset(Registration registration) throws IOException, RpcException {
        return change(Portmap2.UNSET, registration);
    }

    private boolean change(int procedure, Registration r) throws IOException, RpcException {
        Mapping argument = new Mapping(r.program(), r.version(), PortmapProcedures.protocol(r.netid()), r.port());
        return calls.call(procedure, Mapping::write, argument, result -> result.readBool());
    }

    @Override
    public void close() {
        calls.close();
    }
}
