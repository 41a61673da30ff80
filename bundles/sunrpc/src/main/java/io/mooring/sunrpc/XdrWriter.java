package io.mooring.sunrpc;

import org.osgi.annotation.versioning.ProviderType;

/** Writes XDR (RFC 4506) items to one message. Used by one thread at a time. */
@ProviderType
public interface XdrWriter {

    XdrWriter writeInt(int value);

    XdrWriter writeLong(long value);

    XdrWriter writeBool(boolean value);

    /** The bytes and their padding, without a length. */
    XdrWriter writeFixedOpaque(byte[] value);

    /** The length, the bytes and their padding. */
    XdrWriter writeOpaque(byte[] value);

    /**
     * The first {@code length} bytes of {@code data} as variable-length opaque data, without a copy. The message takes
     * the buffer over: it may not be changed any more and is released when the message has been sent.
     */
    XdrWriter writeOpaque(RpcBuffer data, int length);

    /** The string's UTF-8 bytes as variable-length opaque data. */
    XdrWriter writeString(String value);

    /** Bytes written so far. */
    int size();

    /** All bytes written so far, as a copy (for tests and stored data). */
    byte[] toByteArray();

    /** A writer into memory, for tests and stored data. */
    static XdrWriter create() {
        return io.mooring.sunrpc.internal.xdr.ByteBufXdrWriter.create();
    }
}
