package io.mooring.sunrpc.internal.xdr;

import io.mooring.sunrpc.XdrReader;

/** Placeholder. */
public final class ByteBufXdrReader {
    private ByteBufXdrReader() {}

    public static XdrReader of(byte[] message) {
        return null;
    }
}
