package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.sunrpc.internal.replay.ReplayKey;
import io.mooring.sunrpc.internal.xdr.ByteBufXdrReader;
import io.mooring.sunrpc.internal.xdr.ByteBufXdrWriter;
import io.mooring.sunrpc.internal.xdr.Message;
import io.mooring.sunrpc.internal.xdr.PooledRpcBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A call from its receipt until its reply was sent. One thread at a time has it: the event loop, then perhaps a worker,
 * then the event loop again; the queues between them make the hand-over visible.
 */
final class ServerCall implements RpcCall, Runnable, ChannelFutureListener {
    private final Dispatcher dispatcher;
    private final CallTransport transport;
    private final InetSocketAddress remote;
    private final int xid;
    private final RpcCredential credential;

    private ByteBuf request;
    private final ByteBufXdrReader arguments;
    private final long requestBytes;
    private long replyBytes;
    /** Null while the procedure allocated nothing. */
    private List<PooledRpcBuffer> buffers;

    /** It counts as one of those that the transport may have on workers. */
    private boolean running;

    /** Who looked after the address when the call came, and the gate of then; null for nobody. */
    private final Moored moored;

    private final Gate gate;
    /** It went through the gate, and counts there. */
    private boolean begun;

    /** It gets no answer because the gate was shut, or the keeper did not say yes: its client is to ask again. */
    private boolean keptOut;

    private ProcedureEntry<?, ?> procedure;
    private ReplayKey replayKey;
    private Message reply;

    /** Takes the request over; the reader stands at the arguments. */
    ServerCall(Dispatcher dispatcher, CallTransport transport, Received received, int xid, RpcCredential credential) {
        this.dispatcher = dispatcher;
        this.transport = transport;
        this.remote = received.remote();
        this.xid = xid;
        this.credential = credential;
        request = received.request();
        arguments = received.reader();
        requestBytes = received.bytes();
        moored = transport.moored();
        gate = moored == null ? null : moored.gate();
        transport.share().received(requestBytes);
    }

    /**
     * What came.
     *
     * @param bytes of the whole request
     */
    record Received(ByteBuf request, ByteBufXdrReader reader, int bytes, InetSocketAddress remote) {}

    @Override
    public int xid() {
        return xid;
    }

    @Override
    public RpcCredential credential() {
        return credential;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public InetSocketAddress localAddress() {
        return transport.local();
    }

    @Override
    public Netid transport() {
        return transport.netid();
    }

    @Override
    public RpcBuffer allocate(int size) {
        PooledRpcBuffer buffer = new PooledRpcBuffer(transport.allocator(), size);
        if (buffers == null) {
            buffers = new ArrayList<>(1);
        }
        buffers.add(buffer);
        addReplyBytes(size);
        return buffer;
    }

    @Override
    public boolean takesNotes() {
        return moored != null && replayKey != null && procedure.isKept();
    }

    @Override
    public <N> void note(XdrEncoder<N> encoder, N note) {
        if (takesNotes()) {
            XdrWriter text = XdrWriter.create();
            encoder.write(note, text);
            moored.note(replayKey, argumentBytes(), text.toByteArray());
        }
    }

    /** Those that were read: what a client sends behind them is as long as it likes. */
    private byte[] argumentBytes() {
        int begin = request.writerIndex() - replayKey.argumentBytes();
        byte[] bytes = new byte[request.readerIndex() - begin];
        request.getBytes(begin, bytes);
        return bytes;
    }

    CallTransport owner() {
        return transport;
    }

    ByteBuf request() {
        return request;
    }

    ByteBufXdrReader arguments() {
        return arguments;
    }

    ProcedureEntry<?, ?> procedure() {
        return procedure;
    }

    void route(ProcedureEntry<?, ?> to) {
        procedure = to;
    }

    /** Who looks after the address; null for nobody. */
    Moored moored() {
        return moored;
    }

    /** Null where the procedure may be executed twice. */
    ReplayKey replayKey() {
        return replayKey;
    }

    void cacheUnder(ReplayKey key) {
        replayKey = key;
    }

    ByteBufXdrWriter newReply() {
        return new ByteBufXdrWriter(transport.allocator(), transport.reservedBytes());
    }

    /**
     * On a worker: executes the procedure, or puts it off while too many bytes of replies are unsent, or the transport has as
     * many workers as it may.
     */
    @Override
    public void run() {
        // Asked again: many may have been woken by the same room.
        if (mayRun()) {
            dispatcher.execute(this);
        } else {
            leaveWorker();
            transport.putOff(this);
        }
    }

    /**
     * Whether it may run now; then it has its place on a worker. Those of a closed transport may, to end, and those that the gate
     * keeps out.
     */
    boolean mayRun() {
        if (!transport.isOpen() || isKeptOut()) {
            return true;
        }
        if (!transport.share().mayRun()) {
            return false;
        }
        running = running || transport.enterWorker();
        return running;
    }

    /** The address was held, or came into somebody's care, after the call had come: its client asks again. */
    private boolean isKeptOut() {
        Moored now = transport.moored();
        return (now != null && now != moored) || (gate != null && gate.isShut());
    }

    /** Right before it is executed or answered: whether it may be; then it counts at the gate until its {@link #end}. */
    boolean begin() {
        boolean shut = isKeptOut() || (gate != null && !gate.enter());
        begun = !shut && gate != null;
        keptOut = shut || (moored != null && !moored.mayServe());
        return !keptOut;
    }

    /** Whether its outcome may be sent: on a worker much time may have passed. */
    boolean mayAnswer() {
        return moored == null || !procedure.mayBlock() || moored.mayServe();
    }

    private void leaveWorker() {
        if (running) {
            running = false;
            transport.leaveWorker();
        }
    }

    /** Ends the call without the answer that its client waits for; on any thread. */
    void finishUnanswered() {
        keptOut = true;
        finish(null);
    }

    /** Ends the call with this reply, or null for none; on any thread. */
    void finish(ByteBufXdrWriter written) {
        if (buffers != null) {
            buffers.forEach(PooledRpcBuffer::release);
            buffers = null;
        }
        request.release();
        request = null;
        transport.share().answered(requestBytes);
        leaveWorker();
        reply = written == null ? null : written.take();
        addReplyBytes((reply == null ? 0 : reply.size()) - replyBytes);
        transport.finished(this);
    }

    /** The reply, once; null where there is none. */
    Message takeReply() {
        Message taken = reply;
        reply = null;
        return taken;
    }

    /** On the event loop: the reply was sent, or never will be. */
    void end() {
        addReplyBytes(-replyBytes);
        transport.share().ended();
        if (begun) {
            gate.leave();
        }
        if (keptOut) {
            transport.keptOut();
        }
    }

    @Override
    public void operationComplete(ChannelFuture sent) {
        if (sent.isSuccess()) {
            transport.answered(requestBytes, replyBytes);
        }
        transport.ended(this);
    }

    private void addReplyBytes(long change) {
        replyBytes += change;
        transport.share().addReplyBytes(change);
    }
}
