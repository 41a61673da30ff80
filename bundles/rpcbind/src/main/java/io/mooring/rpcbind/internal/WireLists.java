package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The XDR linked lists of RFC 1833: each item, and the end, follows a boolean that says whether there is one more.
 * Stateless.
 */
final class WireLists {
    /** More than any rpcbind holds; a longer list is an attack on the reader's memory. */
    static final int MAX_ITEMS = 4096;

    private WireLists() {}

    static <T> List<T> read(XdrReader reader, XdrDecoder<T> item) throws XdrException {
        List<T> items = new ArrayList<>();
        while (reader.readBool()) {
            if (items.size() == MAX_ITEMS) {
                throw new XdrException("list of more than " + MAX_ITEMS + " items");
            }
            items.add(item.read(reader));
        }
        return List.copyOf(items);
    }

    static <T> void write(List<T> items, XdrEncoder<T> item, XdrWriter writer) {
        for (T value : items) {
            writer.writeBool(true);
            item.write(value, writer);
        }
        writer.writeBool(false);
    }
}
