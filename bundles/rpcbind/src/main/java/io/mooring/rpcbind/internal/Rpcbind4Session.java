package io.mooring.rpcbind.internal;

import io.mooring.rpcbind.internal.Rpcbind4.Rpcb;
import io.mooring.rpcbind.internal.Rpcbind4.RpcbList;
import io.mooring.sunrpc.RpcException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Talks version 3 or 4 with the host's rpcbind; what is used of them is alike. Used by one thread. */
final class Rpcbind4Session implements HostRpcbind.Session {
    private final HostCalls calls;

    Rpcbind4Session(HostCalls calls) {
        this.calls = calls;
    }

    @Override
    public Map<Registration.Key, UniversalAddress> dump() throws IOException, RpcException {
        RpcbList list = calls.call(Rpcbind4.DUMP, (none, w) -> {}, null, RpcbList::read);
        Map<Registration.Key, UniversalAddress> present = new HashMap<>();
        for (Rpcb entry : list.entries()) {
            // Local sockets have an address of another form: no transport of ours.
            UniversalAddress.parse(entry.address())
                    .ifPresent(address -> present.put(
                            new Registration.Key(entry.program(), entry.version(), entry.netid()), address));
        }
        return present;
    }

    @Override
    public boolean supports(Registration registration) {
        return true;
    }

    @Override
    public boolean set(Registration registration) throws IOException, RpcException {
        return change(Rpcbind4.SET, registration);
    }

    @Override
    public boolean unset(Registration registration) throws IOException, RpcException {
        return change(Rpcbind4.UNSET, registration);
    }

    private boolean change(int procedure, Registration r) throws IOException, RpcException {
        Rpcb argument =
                new Rpcb(r.program(), r.version(), r.netid().id(), r.address().format(), r.owner());
        return calls.call(procedure, Rpcb::write, argument, result -> result.readBool());
    }

    @Override
    public void close() {
        calls.close();
    }
}
