package io.mooring.sunrpc.internal.xdr;

import io.mooring.sunrpc.XdrWriter;

/** Placeholder. */
public final class ByteBufXdrWriter {
    private ByteBufXdrWriter() {}

    public static XdrWriter create() {
        return null;
    }
}
