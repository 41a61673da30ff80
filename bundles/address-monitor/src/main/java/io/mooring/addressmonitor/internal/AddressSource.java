package io.mooring.addressmonitor.internal;

import java.io.Closeable;
import java.io.IOException;

/** Where addresses are seen. Used by one thread; {@link #close} is for any. */
interface AddressSource extends Closeable {

    /** For people: see {@link io.mooring.addressmonitor.AddressMonitor#source}. */
    String name();

    /** All that is there now. */
    Snapshot snapshot() throws IOException;

    /**
     * Waits for news and enters them into the book.
     *
     * @throws IOException no more news will come from here; also when it was closed
     */
    void next(AddressBook book) throws IOException;

    /** Ends a {@link #next} that waits. */
    @Override
    void close();

    /** How to get one. */
    interface Opener {
        /** Opens it, or throws where it is not to be had. */
        AddressSource open() throws IOException;
    }
}
