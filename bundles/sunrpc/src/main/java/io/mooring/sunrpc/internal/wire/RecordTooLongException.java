package io.mooring.sunrpc.internal.wire;

/** A record is longer than the limit, or in more empty fragments than anybody needs. */
public final class RecordTooLongException extends Exception {
    private static final long serialVersionUID = 1L;

    RecordTooLongException(String message) {
        super(message);
    }
}
