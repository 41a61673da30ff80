package io.mooring.sunrpc;

/** Bytes that are not the XDR (RFC 4506) of what was expected; a server answers GARBAGE_ARGS. */
public final class XdrException extends Exception {
    private static final long serialVersionUID = 1L;

    public XdrException(String message) {
        super(message);
    }
}
