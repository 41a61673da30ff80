package io.mooring.sunrpc;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads XDR (RFC 4506) items from one message. Every method throws {@link XdrException} where the message ends too
 * early, and never allocates more than the message holds. Used by one thread at a time.
 */
@ProviderType
public interface XdrReader {

    /** A signed or unsigned 32-bit integer, an enum or a length. */
    int readInt() throws XdrException;

    /** A signed or unsigned 64-bit integer (hyper). */
    long readLong() throws XdrException;

    /** A boolean: 0 or 1, anything else is refused. */
    boolean readBool() throws XdrException;

    /** Fixed-length opaque data of {@code length} bytes, and its padding. */
    byte[] readFixedOpaque(int length) throws XdrException;

    /** Variable-length opaque data of at most {@code max} bytes, and its padding. */
    byte[] readOpaque(int max) throws XdrException;

    /**
     * Variable-length opaque data of at most {@code max} bytes, without a copy: views of the received message, in
     * order, readable until the call is answered.
     */
    ByteBuffer[] readOpaqueBuffers(int max) throws XdrException;

    /** A string of at most {@code max} bytes, decoded as UTF-8. File names are opaque bytes: use readOpaque. */
    String readString(int max) throws XdrException;

    /** An array's length, refused when above {@code max} or when the message is too short for that many items of 4 bytes. */
    int readLength(int max) throws XdrException;

    /** Bytes not yet read. */
    int remaining();

    /** A reader of {@code message}, for tests and stored data. */
    static XdrReader of(byte[] message) {
        return io.mooring.sunrpc.internal.xdr.ByteBufXdrReader.of(message);
    }
}
