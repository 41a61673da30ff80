package io.mooring.sunrpc;

/** A call that is answered at the RPC level (RFC 5531 §9) instead of by its procedure. */
public final class RpcException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the caller is told. */
    public enum Answer {
        PROG_UNAVAIL,
        PROC_UNAVAIL,
        GARBAGE_ARGS,
        SYSTEM_ERR,
        AUTH_BADCRED,
        AUTH_TOOWEAK,
        /** Nothing: the call is dropped, and the caller will ask again. */
        NO_REPLY
    }

    private final Answer answer;

    public RpcException(Answer answer, String message) {
        super(message);
        this.answer = answer;
    }

    public Answer answer() {
        return answer;
    }
}
