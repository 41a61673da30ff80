package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.RpcTransport.Kind;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.wire.ReplyMessage;
import io.mooring.sunrpc.internal.xdr.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** The UDP socket of one local address. Owned by its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells failures to the pipeline or the listener.
final class UdpSocket extends CallTransport {
    /** The longest datagram, IP and UDP headers included. */
    static final int MAX_DATAGRAM = 64 << 10;

    private static final int IPV4_AND_UDP_HEADER = 28;
    private static final int UDP_HEADER = 8;

    private final DatagramChannel channel;
    private final int maxReply;

    UdpSocket(ServerShared server, DatagramChannel channel) {
        super(server, channel, channel.localAddress(), false);
        this.channel = channel;
        maxReply = MAX_DATAGRAM - 1 - (localKey().isIpv4() ? IPV4_AND_UDP_HEADER : UDP_HEADER);
    }

    @Override
    public Kind kind() {
        return Kind.PERMANENT;
    }

    @Override
    InetSocketAddress remote() {
        return null;
    }

    @Override
    int reservedBytes() {
        return 0;
    }

    @Override
    Object replyPath(InetSocketAddress from) {
        return from;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        DatagramPacket datagram = (DatagramPacket) message;
        ByteBuf bytes = datagram.content();
        usage.received(bytes.readableBytes());
        if (ReplyMessage.is(bytes)) {
            // To a call that was sent from here: nobody waits for it.
            bytes.release();
            return;
        }
        if (!isOpen() || isHeld() || !mayDispatch()) {
            // As when it were lost on the way: the client sends it again.
            bytes.release();
            return;
        }
        usage.calls.add(1);
        InetSocketAddress sender = AddressKey.unmapped(datagram.sender());
        if (!server.dispatcher().dispatch(this, compact(bytes), sender)) {
            server.counters().badRecords.increment();
        }
    }

    @Override
    void dispatchRead() {
        // Nothing is kept unread; only reading is taken up again.
        mayDispatch();
    }

    @Override
    boolean isLeftUnread() {
        // What the kernel kept meanwhile would be served when its client has long gone on.
        return false;
    }

    @Override
    void report() {
        // There is no connection.
    }

    @Override
    void keptOut() {
        // Its client does not count on an answer.
    }

    @Override
    boolean isMidRecord() {
        return false;
    }

    @Override
    void progressed() {
        // Datagrams never stall.
    }

    @Override
    void write(Message reply, ServerCall call) {
        if (reply.size() > maxReply) {
            server.counters().rpcErrors.increment();
            server.log()
                    .longReplies
                    .warn(server.name() + ": a UDP reply of " + reply.size() + " bytes to " + call.remoteAddress()
                            + " does not fit a datagram and is dropped: the client should use TCP");
            reply.release();
            ended(call);
            return;
        }
        channel.write(new DatagramPacket(reply.joined(), call.remoteAddress())).addListener(call);
    }

    /** From any thread: whether a call may leave from its address. */
    boolean maySend() {
        Moored now = moored();
        return now == null || (!now.isHeld() && now.mayServe());
    }

    /** From any thread: sends a call, and takes it over. */
    CompletableFuture<Void> send(Message call, InetSocketAddress to) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        if (call.size() > maxReply || !channel.isWritable()) {
            call.release();
            sent.completeExceptionally(new IOException("a call of " + call.size() + " bytes to " + to
                    + " was not sent: it is too long, or too many datagrams wait"));
            return sent;
        }
        int size = call.size();
        channel.writeAndFlush(new DatagramPacket(call.joined(), to)).addListener(end -> {
            if (end.isSuccess()) {
                answered(0, size);
                sent.complete(null);
            } else {
                sent.completeExceptionally(
                        new IOException(to + ": " + end.cause().getMessage(), end.cause()));
            }
        });
        return sent;
    }

    @Override
    public void abort() {
        channel.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A client's ICMP error must not end the service of the others.
        if (!(cause instanceof IOException)) {
            server.log().transports.warn(server.name() + ": UDP socket " + local() + ": " + cause, cause);
        }
    }

    /** A datagram is read into a buffer for the longest one; a short one must not hold it while it waits. */
    private ByteBuf compact(ByteBuf bytes) {
        if (bytes.readableBytes() > MAX_DATAGRAM / 2) {
            return bytes;
        }
        ByteBuf copy = channel.alloc().buffer(bytes.readableBytes()).writeBytes(bytes);
        bytes.release();
        return copy;
    }
}
