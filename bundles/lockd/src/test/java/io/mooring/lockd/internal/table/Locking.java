package io.mooring.lockd.internal.table;

import io.mooring.vfs.FileId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/** Names for tests. */
public final class Locking {
    public static final InetAddress SERVICE = address("10.0.0.9");

    private Locking() {}

    public static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    public static FileKey file(int number) {
        return new FileKey(1, new FileId(new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number}));
    }

    public static Host host(String client) {
        return new Host(address(client), SERVICE);
    }

    public static Owner owner(String client, int svid) {
        return new Owner(host(client), svid, (svid + "@client").getBytes(StandardCharsets.US_ASCII));
    }

    public static LockRequest exclusive(FileKey file, Owner owner, long start, long end) {
        return new LockRequest(file, owner, new Range(start, end), true);
    }

    public static LockRequest shared(FileKey file, Owner owner, long start, long end) {
        return new LockRequest(file, owner, new Range(start, end), false);
    }
}
