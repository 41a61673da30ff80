package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.internal.replay.ReplayCache;
import io.mooring.sunrpc.internal.replay.ReplayKey;
import io.mooring.sunrpc.internal.wire.AuthStat;
import io.mooring.sunrpc.internal.wire.CallMessage;
import io.mooring.sunrpc.internal.wire.ReplyMessage;
import io.mooring.sunrpc.internal.xdr.ByteBufXdrReader;
import io.mooring.sunrpc.internal.xdr.ByteBufXdrWriter;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Takes a message from any transport to its procedure, and the procedure's outcome to a reply. Thread-safe. */
final class Dispatcher {
    private static final RpcCredential NOBODY = new RpcCredential.AuthNone();

    private final ProgramTable programs;
    private final ReplayCache<ServerCall> replies;
    private final Executor workers;
    private final ServerCounters counters;
    private final ServerLog log;

    Dispatcher(
            ProgramTable programs,
            ReplayCache<ServerCall> replies,
            Executor workers,
            ServerCounters counters,
            ServerLog log) {
        this.programs = programs;
        this.replies = replies;
        this.workers = workers;
        this.counters = counters;
        this.log = log;
    }

    /** Takes the message over; on the transport's event loop. False where it is no call: nobody can be answered. */
    boolean dispatch(CallTransport transport, ByteBuf message, InetSocketAddress remote) {
        int bytes = message.readableBytes();
        ByteBufXdrReader reader = new ByteBufXdrReader(message);
        CallMessage header = CallMessage.read(reader);
        ServerCall.Received received = new ServerCall.Received(message, reader, bytes, remote);
        if (header instanceof CallMessage.Call call) {
            route(new ServerCall(this, transport, received, call.xid(), call.credential()), call);
        } else if (header instanceof CallMessage.WrongRpcVersion wrong) {
            ServerCall call = new ServerCall(this, transport, received, wrong.xid(), NOBODY);
            ByteBufXdrWriter reply = call.newReply();
            ReplyMessage.writeRpcMismatch(reply, wrong.xid());
            refuse(call, reply);
        } else if (header instanceof CallMessage.Unauthenticated denied) {
            refuse(new ServerCall(this, transport, received, denied.xid(), NOBODY), denied.why());
        } else if (header instanceof CallMessage.Truncated truncated) {
            refuse(new ServerCall(this, transport, received, truncated.xid(), NOBODY), ReplyMessage.GARBAGE_ARGS);
        } else {
            message.release();
            return false;
        }
        return true;
    }

    private void route(ServerCall call, CallMessage.Call header) {
        ProgramTable.Program program = programs.program(header.program());
        if (program == null) {
            refuse(call, ReplyMessage.PROG_UNAVAIL);
            return;
        }
        ProgramTable.Version version = program.version(header.version());
        if (version == null) {
            ByteBufXdrWriter reply = call.newReply();
            ReplyMessage.writeProgramMismatch(reply, call.xid(), program.low(), program.high());
            refuse(call, reply);
            return;
        }
        ProcedureEntry<?, ?> procedure = version.procedure(header.procedure());
        if (procedure == null) {
            refuse(call, ReplyMessage.PROC_UNAVAIL);
            return;
        }
        call.route(procedure);
        if (procedure.isCached()) {
            startOnce(call, key(call, header));
        } else {
            start(call);
        }
    }

    private static ReplayKey key(ServerCall call, CallMessage.Call header) {
        return new ReplayKey(
                call.remoteAddress().getAddress(),
                header.xid(),
                header.program(),
                header.version(),
                header.procedure(),
                call.request().readableBytes(),
                ReplayKey.checksum(call.request()));
    }

    /** Starts a call, unless it was answered before or is under way. */
    private void startOnce(ServerCall call, ReplayKey key) {
        ReplayCache.Found<ServerCall> found =
                replies(call).begin(key, call, call.owner().replyPath(call.remoteAddress()));
        switch (found.outcome()) {
            case EXECUTE -> {
                call.cacheUnder(key);
                start(call);
            }
            case REPLY -> replay(call, found.reply());
            case UNDER_WAY -> {
                if (found.displaced() != null) {
                    found.displaced().finish(null);
                }
            }
        }
    }

    /** A moored address has its own, which moves with it. */
    private ReplayCache<ServerCall> replies(ServerCall call) {
        return call.moored() == null ? replies : call.moored().replies();
    }

    private void start(ServerCall call) {
        if (call.procedure().mayBlock()) {
            submit(call);
        } else {
            execute(call);
        }
    }

    /** Hands a call to the workers. */
    void submit(ServerCall call) {
        try {
            workers.execute(call);
        } catch (RejectedExecutionException e) {
            // The server is being closed.
            drop(call);
        }
    }

    /** Ends a call without a reply; the client will ask again. */
    private void drop(ServerCall call) {
        ServerCall waiter = forget(call);
        call.finish(null);
        startInstead(waiter, call);
    }

    /** Runs the procedure, on whatever thread it may run. */
    void execute(ServerCall call) {
        if (!call.owner().isOpen() || !call.begin()) {
            drop(call);
            return;
        }
        ByteBufXdrWriter reply = call.newReply();
        Throwable failure = null;
        try {
            call.procedure().execute(call, reply);
        } catch (Throwable e) {
            // Whatever it is, the client must not wait and the buffers must not leak.
            failure = e;
        }
        if (failure == null) {
            succeed(call, reply);
        } else if (call.mayAnswer()) {
            reply.release();
            ServerCall waiter = forget(call);
            fail(call, failure);
            startInstead(waiter, call);
        } else {
            withhold(call, reply);
        }
    }

    /** What was done is kept, whether or not its reply may be sent: it must not be done again. */
    private void succeed(ServerCall call, ByteBufXdrWriter reply) {
        ReplayKey key = call.replayKey();
        if (key == null) {
            send(call, reply);
            return;
        }
        byte[] kept = withoutReserved(reply.toByteArray(), call.owner().reservedBytes());
        if (call.moored() != null && call.procedure().isKept() && !call.moored().keep(key, kept)) {
            withhold(call, reply);
            return;
        }
        ServerCall waiter = replies(call).complete(key, kept);
        send(call, reply);
        if (waiter != null) {
            replay(waiter, kept);
        }
    }

    private static void send(ServerCall call, ByteBufXdrWriter reply) {
        if (call.mayAnswer()) {
            call.finish(reply);
        } else {
            reply.release();
            call.finishUnanswered();
        }
    }

    /** Ends a call of which nothing is to be known, and who waits for it; they are answered when they ask again. */
    private void withhold(ServerCall call, ByteBufXdrWriter reply) {
        reply.release();
        ServerCall waiter = forget(call);
        call.finishUnanswered();
        if (waiter != null) {
            waiter.finishUnanswered();
        }
    }

    private void fail(ServerCall call, Throwable failure) {
        if (failure instanceof XdrException) {
            refuse(call, ReplyMessage.GARBAGE_ARGS);
        } else if (failure instanceof RpcException e) {
            answer(call, e);
        } else {
            log.failures.warn(
                    call.procedure() + " from " + call.remoteAddress() + " failed, SYSTEM_ERR was answered", failure);
            refuse(call, ReplyMessage.SYSTEM_ERR);
        }
    }

    private void replay(ServerCall call, byte[] reply) {
        if (!call.begin()) {
            call.finish(null);
            return;
        }
        counters.replays.increment();
        ByteBufXdrWriter writer = call.newReply();
        writer.writeFixedOpaque(reply);
        call.finish(writer);
    }

    /** The call was not executed, or without success: the next one like it is new. Returns who waits for its reply. */
    private ServerCall forget(ServerCall call) {
        return call.replayKey() == null ? null : replies(call).abandon(call.replayKey());
    }

    /** The same call came again on another connection meanwhile: now that one is executed. */
    private void startInstead(ServerCall waiter, ServerCall ended) {
        if (waiter != null) {
            startOnce(waiter, ended.replayKey());
        }
    }

    private void answer(ServerCall call, RpcException e) {
        switch (e.answer()) {
            case PROG_UNAVAIL -> refuse(call, ReplyMessage.PROG_UNAVAIL);
            case PROC_UNAVAIL -> refuse(call, ReplyMessage.PROC_UNAVAIL);
            case GARBAGE_ARGS -> refuse(call, ReplyMessage.GARBAGE_ARGS);
            case SYSTEM_ERR -> refuse(call, ReplyMessage.SYSTEM_ERR);
            case AUTH_BADCRED -> refuse(call, AuthStat.AUTH_BADCRED);
            case AUTH_TOOWEAK -> refuse(call, AuthStat.AUTH_TOOWEAK);
            case NO_REPLY -> call.finish(null);
        }
    }

    private void refuse(ServerCall call, int acceptStat) {
        ByteBufXdrWriter reply = call.newReply();
        ReplyMessage.writeAccepted(reply, call.xid(), acceptStat);
        refuse(call, reply);
    }

    private void refuse(ServerCall call, AuthStat why) {
        ByteBufXdrWriter reply = call.newReply();
        ReplyMessage.writeAuthError(reply, call.xid(), why);
        refuse(call, reply);
    }

    private void refuse(ServerCall call, ByteBufXdrWriter reply) {
        counters.rpcErrors.increment();
        call.finish(reply);
    }

    private static byte[] withoutReserved(byte[] message, int reserved) {
        return reserved == 0 ? message : Arrays.copyOfRange(message, reserved, message.length);
    }
}
