package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.RpcTransport.Kind;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.wire.RecordAssembler;
import io.mooring.sunrpc.internal.wire.RecordTooLongException;
import io.mooring.sunrpc.internal.wire.Records;
import io.mooring.sunrpc.internal.xdr.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;

/** An accepted connection. Owned by its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells failures to the pipeline or the listener.
final class TcpConnection extends CallTransport {
    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private final RecordAssembler records;
    /** Bytes of an unfinished record that are counted as in flight. */
    private int counted;
    /** Since when nothing went on that should: no record was finished, no reply sent. */
    private long progressNanos = System.nanoTime();
    /** Whose keeper knows that this connection is open. */
    private Moored reported;
    /** A call was ended without an answer because the address was held, or its keeper did not say yes. */
    private boolean keptOut;

    TcpConnection(ServerShared server, SocketChannel channel) {
        super(server, channel, channel.localAddress(), true);
        this.channel = channel;
        remote = AddressKey.unmapped(channel.remoteAddress());
        records = new RecordAssembler(channel.alloc(), server.limits().maxRecordBytes());
        channel.config().setRecvByteBufAllocator(Records.receiveAllocator(records));
    }

    @Override
    public Kind kind() {
        return Kind.TEMPORARY;
    }

    @Override
    InetSocketAddress remote() {
        return remote;
    }

    @Override
    int reservedBytes() {
        return Records.MARK_BYTES;
    }

    @Override
    Object replyPath(InetSocketAddress from) {
        return this;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        usage.received(bytes.readableBytes());
        if (!isOpen()) {
            bytes.release();
            return;
        }
        records.add(bytes);
        work();
    }

    @Override
    void dispatchRead() {
        try {
            while (isOpen() && mayDispatch()) {
                ByteBuf record = records.next();
                count();
                if (record == null) {
                    break;
                }
                progressed();
                usage.calls.add(1);
                if (!server.dispatcher().dispatch(this, record, remote)) {
                    refuse("what came is no RPC call");
                }
            }
        } catch (RecordTooLongException e) {
            refuse(e.getMessage());
        }
    }

    @Override
    void write(Message reply, ServerCall call) {
        Records.mark(reply);
        if (!isUnread()) {
            progressed();
        }
        ByteBuf[] segments = reply.segments();
        for (int i = 0; i < segments.length - 1; i++) {
            channel.write(segments[i], channel.voidPromise());
        }
        channel.write(segments[segments.length - 1]).addListener(call);
    }

    @Override
    public void abort() {
        if (channel.isOpen()) {
            reset(channel);
        }
    }

    /** Closes with a reset and without waiting for what is unsent. */
    static void reset(SocketChannel channel) {
        try {
            channel.config().setSoLinger(0);
        } catch (ChannelException e) {
            // The other end was faster; there is nothing left to linger.
        }
        channel.close();
    }

    /**
     * How long memory has been held for replies that are not taken, or for a record that does not end; a record that
     * does not end because it is not read is the client's fault only while there is no call that will make room, and it
     * holds no less than others do: those who hold little only wait for them. Where its address is held it is not.
     *
     * @param average bytes of requests that a connection of those that share its limits holds
     */
    long stalledNanos(long now, long average) {
        boolean mayFill = share().sharers().unanswered() == 0 && counted >= average;
        boolean unfinished = counted > 0 && !isHeld() && (!isPaused() || mayFill);
        return unfinished || isUnread() ? now - progressNanos : 0;
    }

    @Override
    boolean isLeftUnread() {
        return isHeld();
    }

    @Override
    void report() {
        Moored now = isOpen() ? moored() : null;
        Moored before = reported;
        reported = now;
        if (before != null && before != now) {
            before.disconnected(remote, local());
        }
        if (now != null && now != before) {
            now.connected(remote, local());
        }
        resetWhereKeptOut();
    }

    @Override
    void keptOut() {
        keptOut = true;
        resetWhereKeptOut();
    }

    /** A client sends a call again at once on a new connection, but on this one only after a minute. */
    private void resetWhereKeptOut() {
        if (keptOut && !isHeld()) {
            abort();
        }
    }

    @Override
    boolean isMidRecord() {
        return records.partialBytes() > 0;
    }

    private boolean isUnread() {
        ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
        return unsent != null && unsent.totalPendingWriteBytes() > 0;
    }

    @Override
    void progressed() {
        progressNanos = System.nanoTime();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        records.release();
        count();
        super.handlerRemoved(context);
    }

    private void count() {
        int partial = records.partialBytes();
        if (partial != counted) {
            share().addRequestBytes(partial - counted);
            if (counted == 0) {
                progressed();
            }
            counted = partial;
        }
    }

    private void refuse(String why) {
        server.counters().badRecords.increment();
        server.log().badRecords.warn(server.name() + ": connection from " + remote + " is closed: " + why);
        abort();
    }
}
