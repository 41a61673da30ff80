package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.vfs.Caller;
import java.net.InetSocketAddress;

/** Who may use an export, and as whom. The same for MOUNT and NFS, so that MNT refuses what would be refused later. Thread-safe. */
public final class AccessControl {
    /** Ports below need privileges to call from. */
    private static final int IPPORT_RESERVED = 1024;

    private final RareLog denials;
    private final Groups groups;

    /** One that takes groups from the credential. */
    public AccessControl(RareLog denials) {
        this(denials, RpcCredential.AuthSys::groups);
    }

    public AccessControl(RareLog denials, Groups groups) {
        this.denials = denials;
        this.groups = groups;
    }

    /** Where a caller's supplementary groups come from: its credential, or this host. May block. */
    public interface Groups {
        int[] of(RpcCredential.AuthSys sys) throws NameServiceException;
    }

    /** What this client may do here; null: nothing, and one line says why. */
    public ExportOptions admit(Export export, InetSocketAddress client) throws NameServiceException {
        ExportOptions options = export.optionsFor(client.getAddress());
        if (options == null) {
            deny(client, export.definition().path().toString(), "no line of the exports names this client");
            return null;
        }
        if (options.secure() && client.getPort() >= IPPORT_RESERVED) {
            String path = export.definition().path().toString();
            deny(client, path, "it calls from a port above 1023 (option 'insecure' would allow that)");
            return null;
        }
        return options;
    }

    /** Says who is denied and why; at most once a minute. */
    public void deny(InetSocketAddress client, String path, String reason) {
        denials.warn("nfsd: denied " + client.getAddress().getHostAddress() + " at " + path + ": " + reason);
    }

    /** Says that nothing can be decided now, and why; at most once a minute. */
    public void undecided(InetSocketAddress client, String path, NameServiceException e) {
        denials.warn("nfsd: cannot decide about " + client.getAddress().getHostAddress() + " at " + path + ": "
                + e.getMessage());
    }

    /** The identity that the file system sees. May block where groups are looked up. */
    public Caller caller(RpcCredential credential, ExportOptions options) throws NameServiceException {
        if (!(credential instanceof RpcCredential.AuthSys sys) || options.allSquash()) {
            return squash(credential, options);
        }
        int[] known = groups.of(sys);
        return squash(new RpcCredential.AuthSys(sys.stamp(), sys.machineName(), sys.uid(), sys.gid(), known), options);
    }

    /** The identity of exactly this credential. */
    public static Caller squash(RpcCredential credential, ExportOptions options) {
        if (!(credential instanceof RpcCredential.AuthSys sys) || options.allSquash()) {
            return new Caller(options.anonUid(), options.anonGid(), new int[0]);
        }
        int[] groups = new int[sys.groups().length];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = squash(sys.groups()[i], options.anonGid(), options);
        }
        return new Caller(
                squash(sys.uid(), options.anonUid(), options), squash(sys.gid(), options.anonGid(), options), groups);
    }

    /** Root, and -1, which the kernel would take for "no change": the server's own identity. */
    private static int squash(int id, int anonymous, ExportOptions options) {
        return id == -1 || (id == 0 && options.rootSquash()) ? anonymous : id;
    }
}
