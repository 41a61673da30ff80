package io.mooring.failover.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** What the records of the journal have in common. Stateless. */
public final class Records {

    private Records() {}

    /** Writes a record's fields. */
    @FunctionalInterface
    public interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads them. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    public static byte[] encode(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.write(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a whole record.
     *
     * @throws IOException where it is cut, wrong, or too long
     */
    public static <T> T decode(byte[] record, Reader<T> reader) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(record));
        T value = reader.read(in);
        if (in.available() > 0) {
            throw new IOException(in.available() + " bytes behind the record");
        }
        return value;
    }

    /** An address and, where it is a link-local one, the number of its interface. */
    public static void writeAddress(DataOutputStream out, InetAddress address) throws IOException {
        byte[] bytes = address.getAddress();
        out.writeByte(bytes.length);
        out.write(bytes);
        if (address instanceof Inet6Address six) {
            out.writeInt(six.getScopeId());
        }
    }

    public static InetAddress readAddress(DataInputStream in) throws IOException {
        int length = in.readUnsignedByte();
        if (length != 4 && length != 16) {
            throw new IOException("no address has " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        if (length == 4) {
            return InetAddress.getByAddress(bytes);
        }
        int scope = in.readInt();
        InetAddress address = InetAddress.getByAddress(bytes);
        if (address instanceof Inet4Address || scope == 0) {
            return address;
        }
        return Inet6Address.getByAddress(null, bytes, scope);
    }
}
