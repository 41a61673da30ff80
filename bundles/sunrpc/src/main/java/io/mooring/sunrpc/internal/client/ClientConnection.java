package io.mooring.sunrpc.internal.client;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.OpenTransport;
import io.mooring.sunrpc.internal.transport.Tally;
import io.mooring.sunrpc.internal.wire.RecordAssembler;
import io.mooring.sunrpc.internal.wire.RecordTooLongException;
import io.mooring.sunrpc.internal.wire.Records;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;

/** A connected socket of a client, TCP or UDP. Owned by its event loop; the snapshot is for anyone. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells failures to the pipeline or the listener.
final class ClientConnection extends ChannelInboundHandlerAdapter implements OpenTransport {
    /** The longest reply that is accepted: 1 MiB of data and its surroundings. */
    private static final int MAX_REPLY = (1 << 20) + (64 << 10);

    private final ClientFactory factory;
    private final NettyRpcClient client;
    private final Channel channel;
    private final boolean tcp;
    private final RecordAssembler records;
    private final long id;
    private final Instant opened;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;

    private final Tally calls = new Tally();
    private final Tally bytesIn = new Tally();
    private final Tally bytesOut = new Tally();
    private volatile long lastUsedMillis;
    private IOException broken;

    ClientConnection(ClientFactory factory, NettyRpcClient client, Channel channel, boolean tcp) {
        this.factory = factory;
        this.client = client;
        this.channel = channel;
        this.tcp = tcp;
        id = factory.ids().getAsLong();
        opened = factory.clock().instant();
        lastUsedMillis = opened.toEpochMilli();
        local = AddressKey.unmapped((InetSocketAddress) channel.localAddress());
        remote = AddressKey.unmapped((InetSocketAddress) channel.remoteAddress());
        records = new RecordAssembler(channel.alloc(), MAX_REPLY);
        if (tcp) {
            channel.config().setRecvByteBufAllocator(Records.receiveAllocator(records));
        }
    }

    /** Sends a request, or sends it again; takes it over. */
    void send(ByteBuf request) {
        calls.add(1);
        bytesOut.add(request.readableBytes());
        lastUsedMillis = factory.clock().millis();
        channel.writeAndFlush(request).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        lastUsedMillis = factory.clock().millis();
        if (message instanceof DatagramPacket datagram) {
            bytesIn.add(datagram.content().readableBytes());
            if (AddressKey.unmapped(datagram.sender()).equals(remote)) {
                client.received(datagram.content());
            }
            datagram.release();
            return;
        }
        ByteBuf bytes = (ByteBuf) message;
        bytesIn.add(bytes.readableBytes());
        records.add(bytes);
        try {
            ByteBuf record = records.next();
            while (record != null) {
                client.received(record);
                record.release();
                record = records.next();
            }
        } catch (RecordTooLongException e) {
            broken = new IOException("a reply from " + remote + " is too long: " + e.getMessage(), e);
            abort();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        client.lost(this, broken == null ? new IOException("the connection to " + remote + " was closed") : broken);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        records.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (broken == null) {
            broken = new IOException(remote + ": " + cause.getMessage(), cause);
        }
        abort();
    }

    @Override
    public void abort() {
        if (!channel.isOpen()) {
            return;
        }
        if (tcp) {
            try {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            } catch (ChannelException e) {
                // The other end was faster; there is nothing left to linger.
            }
        }
        channel.close();
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public RpcTransport.Kind kind() {
        return RpcTransport.Kind.CLIENT;
    }

    @Override
    public AddressKey localKey() {
        return AddressKey.of(local.getAddress());
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public RpcTransport snapshot() {
        boolean ipv4 = localKey().isIpv4();
        Netid netid = tcp ? (ipv4 ? Netid.TCP : Netid.TCP6) : (ipv4 ? Netid.UDP : Netid.UDP6);
        return new RpcTransport(
                id,
                kind(),
                netid,
                local,
                remote,
                opened,
                Instant.ofEpochMilli(lastUsedMillis),
                calls.value(),
                bytesIn.value(),
                bytesOut.value());
    }
}
