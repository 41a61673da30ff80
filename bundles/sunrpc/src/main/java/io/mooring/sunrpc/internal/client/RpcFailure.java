package io.mooring.sunrpc.internal.client;

import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcException.Answer;
import io.mooring.sunrpc.internal.wire.AuthStat;
import io.mooring.sunrpc.internal.wire.ReplyMessage;
import java.io.IOException;

/** What a reply without a result means to the caller. Stateless. */
final class RpcFailure {
    private RpcFailure() {}

    static Exception of(ReplyMessage.Header header) {
        if (!header.accepted()) {
            return denied(header);
        }
        return switch (header.status()) {
            case ReplyMessage.PROG_UNAVAIL -> new RpcException(Answer.PROG_UNAVAIL, "the server has no such program");
            case ReplyMessage.PROG_MISMATCH ->
                new RpcException(
                        Answer.PROG_UNAVAIL,
                        "the server has this program in the versions " + Integer.toUnsignedString(header.low()) + " to "
                                + Integer.toUnsignedString(header.high()));
            case ReplyMessage.PROC_UNAVAIL -> new RpcException(Answer.PROC_UNAVAIL, "the server has no such procedure");
            case ReplyMessage.GARBAGE_ARGS ->
                new RpcException(Answer.GARBAGE_ARGS, "the server cannot decode the arguments");
            case ReplyMessage.SYSTEM_ERR -> new RpcException(Answer.SYSTEM_ERR, "the server failed");
            default -> new IOException("the server answered with the unknown status " + header.status());
        };
    }

    private static Exception denied(ReplyMessage.Header header) {
        if (header.status() < 0) {
            return new IOException("the server speaks RPC versions " + header.low() + " to " + header.high());
        }
        Answer answer = header.status() == AuthStat.AUTH_TOOWEAK.value() ? Answer.AUTH_TOOWEAK : Answer.AUTH_BADCRED;
        return new RpcException(answer, "the server denied the credential (auth_stat " + header.status() + ")");
    }
}
