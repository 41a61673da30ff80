package io.mooring.lockd.internal.nlm;

import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcCredential.AuthSys;
import io.mooring.vfs.Caller;
import java.net.InetAddress;

/**
 * A call, and how it came. Valid as long as the call.
 *
 * @param message its result is sent by another call
 */
record Request(RpcCall call, NlmVersion version, boolean message) {

    InetAddress client() {
        return call.remoteAddress().getAddress();
    }

    InetAddress service() {
        return call.localAddress().getAddress();
    }

    Host host() {
        return new Host(client(), service());
    }

    Owner owner(int svid, byte[] oh) {
        return new Owner(host(), svid, oh);
    }

    /** Whom it says that it acts for; null: it does not say. */
    Caller claimed() {
        return call.credential() instanceof AuthSys sys ? new Caller(sys.uid(), sys.gid(), sys.groups()) : null;
    }
}
