package io.mooring.itests.hostile;

import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/**
 * What the attacked server says of itself.
 *
 * @param bytesInFlight those of the call that asks among them
 * @param directBytes direct memory that Netty holds, pools included
 * @param heapBytes heap in use, garbage included
 * @param transports open ones, the listener among them
 */
record ServerState(
        long bytesInFlight, long directBytes, long heapBytes, int transports, long accepted, long badRecords) {

    static ServerState read(XdrReader r) throws XdrException {
        return new ServerState(r.readLong(), r.readLong(), r.readLong(), r.readInt(), r.readLong(), r.readLong());
    }

    void write(XdrWriter w) {
        w.writeLong(bytesInFlight).writeLong(directBytes).writeLong(heapBytes);
        w.writeInt(transports).writeLong(accepted).writeLong(badRecords);
    }
}
