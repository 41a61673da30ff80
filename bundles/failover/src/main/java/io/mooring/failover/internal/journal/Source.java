package io.mooring.failover.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Bytes of a file. */
interface Source {

    long size() throws IOException;

    /** Fills a buffer as far as the file goes. */
    void read(ByteBuffer into, long position) throws IOException;
}
