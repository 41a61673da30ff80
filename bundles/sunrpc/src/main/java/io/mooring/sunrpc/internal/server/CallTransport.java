package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.OpenTransport;
import io.mooring.sunrpc.internal.xdr.Message;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A socket that brings calls and takes their replies. Owned by its event loop, which alone reads, dispatches and writes;
 * workers hand replies over through a queue. Counters are written by the loop and read by anyone.
 */
abstract class CallTransport extends ChannelInboundHandlerAdapter implements OpenTransport {
    /**
     * Bytes of calls and their replies after which a newcomer is proven: more than the kernel keeps for a client that
     * never reads ({@link TcpListener#UNSENT_BYTES}, and the client's own receive buffer), and little for one that works.
     */
    static final long PROOF_BYTES = 1 << 20;

    final ServerShared server;
    final Usage usage;
    private final long id;
    private final Netid netid;
    private final Channel channel;
    private final InetSocketAddress local;
    private final AddressKey localKey;
    private final Share share;

    private final ConcurrentLinkedQueue<ServerCall> finished = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sending = new AtomicBoolean();
    private final ConcurrentLinkedQueue<ServerCall> putOff = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean waiting = new AtomicBoolean();
    /** Calls on workers. */
    private final AtomicInteger running = new AtomicInteger();

    private final int maxRunning;

    /** Null while nobody looks after the local address; set in the order that {@link Moorings} gives. */
    private volatile Moored moored;

    private long answeredBytes;
    private boolean working;
    private boolean workAgain;
    private boolean paused;
    private boolean unflushed;

    CallTransport(ServerShared server, Channel channel, InetSocketAddress local, boolean tcp) {
        this.server = server;
        this.channel = channel;
        this.local = AddressKey.unmapped(local);
        id = server.ids().getAsLong();
        localKey = AddressKey.of(local.getAddress());
        netid = tcp ? (localKey.isIpv4() ? Netid.TCP : Netid.TCP6) : (localKey.isIpv4() ? Netid.UDP : Netid.UDP6);
        usage = new Usage(server.clock());
        // Nobody can make a datagram's end or its reply wait; and a UDP socket is everybody's.
        share = new Share(tcp ? server.newcomers() : server.proven());
        int workers = server.limits().workers();
        maxRunning = tcp ? Math.max(1, workers / 4 * 3) : workers;
    }

    /** Dispatches what was read, as long as it may. */
    abstract void dispatchRead();

    /** Whether a part of a record has come. */
    abstract boolean isMidRecord();

    final boolean isPaused() {
        return paused;
    }

    /** A reply was sent, or reading was taken up again. */
    abstract void progressed();

    /** Whether calls are left unread now, because its address is held. */
    abstract boolean isLeftUnread();

    /** On the event loop: does what follows from a change of who looks after the address, or whether it is held. */
    abstract void report();

    /** On the event loop: a call was ended without an answer because its address was held, or its keeper did not say yes. */
    abstract void keptOut();

    /** Writes a reply without flushing it, and tells the call when it was sent; takes the reply over. */
    abstract void write(Message reply, ServerCall call);

    /** Bytes to leave free in front of a reply. */
    abstract int reservedBytes();

    /** Equal for callers that get their replies the same way. */
    abstract Object replyPath(InetSocketAddress remote);

    /** The other end, null where there are many. */
    abstract InetSocketAddress remote();

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final AddressKey localKey() {
        return localKey;
    }

    @Override
    public final Channel channel() {
        return channel;
    }

    final InetSocketAddress local() {
        return local;
    }

    final Netid netid() {
        return netid;
    }

    final Share share() {
        return share;
    }

    final ByteBufAllocator allocator() {
        return channel.alloc();
    }

    final boolean isOpen() {
        return channel.isOpen();
    }

    /** Who looks after its address now, or null. */
    final Moored moored() {
        return moored;
    }

    final boolean isHeld() {
        Moored now = moored;
        return now != null && now.isHeld();
    }

    /** By {@link Moorings} alone: its address is in somebody's care now, or null: in nobody's any more. */
    final void moor(Moored address) {
        moored = address;
    }

    /** From any thread: its address may have been moored, opened, held or let go. */
    final void regate() {
        onLoop(this::lookAtGate);
    }

    /** Likewise, on the event loop. */
    final void lookAtGate() {
        report();
        progressed();
        retry();
        work();
    }

    /** The aging timer's pass, on the event loop: true where nothing happened since the last one and nothing is under way. */
    final boolean ageAndTest() {
        return usage.ageAndTest(!isHeld()) && share.calls() == 0;
    }

    @Override
    public final RpcTransport snapshot() {
        return new RpcTransport(
                id,
                kind(),
                netid,
                local,
                remote(),
                usage.opened,
                usage.last(),
                usage.calls.value(),
                usage.bytesIn.value(),
                usage.bytesOut.value());
    }

    /** Dispatches, then flushes once; runs again where a reply's end made room meanwhile. */
    final void work() {
        if (working) {
            workAgain = true;
            return;
        }
        working = true;
        try {
            do {
                workAgain = false;
                dispatchRead();
                flush();
            } while (workAgain && isOpen());
        } finally {
            working = false;
        }
    }

    /** Whether the next call may be taken; where not, the socket is not read until {@link #work} is called again. */
    final boolean mayDispatch() {
        boolean may = mayTake();
        if (paused == may && isOpen()) {
            paused = !may;
            channel.config().setAutoRead(may);
        }
        if (!may) {
            awaitRoomToTake();
        }
        return may;
    }

    private boolean mayTake() {
        return !isLeftUnread() && (isMidRecord() ? share.sharers().mayFinish() : share.mayRead());
    }

    /** Lets others wake it when there is room; where it is held, that will. */
    private void awaitRoomToTake() {
        if (!isLeftUnread()) {
            awaitRoom(this::mayTake);
        }
    }

    /** Asks to be woken, unless the end of a call of its own will do that. Where there is room already, at once. */
    private void awaitRoom(BooleanSupplier room) {
        InFlight sharers = share.sharers();
        boolean others = share.calls() == 0 || sharers.isTight();
        if (others && waiting.compareAndSet(false, true)) {
            sharers.await(this);
            if (room.getAsBoolean()) {
                sharers.wakeNext();
            }
        }
    }

    /**
     * From any thread: there is room again.
     *
     * @param more how many others may be woken instead, one after the other, where only its own part keeps it waiting
     */
    final void wake(int more) {
        waiting.set(false);
        onLoop(() -> {
            retry();
            if (!waiting.get()) {
                share.sharers().wakeNext();
            } else if (more > 0 && share.holdsAny()) {
                share.sharers().wakeNext(more);
            }
        });
    }

    private void retry() {
        while (!putOff.isEmpty() && putOff.peek().mayRun()) {
            server.dispatcher().submit(putOff.poll());
        }
        if (!putOff.isEmpty()) {
            awaitRoom(() -> share.mayRun() && running.get() < maxRunning);
        }
        if (paused) {
            work();
        }
    }

    /** On a worker: takes one of those that this transport may have; false: it has them all. */
    final boolean enterWorker() {
        if (running.incrementAndGet() <= maxRunning) {
            return true;
        }
        running.decrementAndGet();
        return false;
    }

    final void leaveWorker() {
        running.decrementAndGet();
    }

    /** On a worker: the call runs when replies were sent. */
    final void putOff(ServerCall call) {
        putOff.add(call);
        onLoop(this::retry);
    }

    /** A reply was sent. */
    final void answered(long requestBytes, long replyBytes) {
        usage.sent(replyBytes);
        progressed();
        answeredBytes += requestBytes + replyBytes;
        InFlight newcomers = server.newcomers();
        if (answeredBytes >= PROOF_BYTES && share.sharers() == newcomers) {
            share.moveTo(server.proven());
            newcomers.wakeAll();
        }
    }

    /** From any thread: the call's reply, if any, is to be sent. */
    final void finished(ServerCall call) {
        if (working && channel.eventLoop().inEventLoop()) {
            send(call);
            return;
        }
        finished.add(call);
        if (sending.compareAndSet(false, true) && !onLoop(this::sendFinished)) {
            sendFinished();
        }
    }

    private void sendFinished() {
        sending.set(false);
        ServerCall call = finished.poll();
        while (call != null) {
            send(call);
            call = finished.poll();
        }
        flush();
    }

    private void send(ServerCall call) {
        Message reply = call.takeReply();
        if (reply == null) {
            ended(call);
        } else if (!isOpen()) {
            reply.release();
            ended(call);
        } else {
            unflushed = true;
            write(reply, call);
        }
    }

    private void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** On the event loop: the call is over. */
    final void ended(ServerCall call) {
        call.end();
        if (paused && mayTake()) {
            work();
        } else if (paused) {
            // With the last call of its own nobody else would remember it.
            awaitRoomToTake();
        }
        if (!putOff.isEmpty()) {
            retry();
        }
        share.sharers().wakeNext();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            server.log()
                    .transports
                    .warn(server.name() + ": transport " + local + " - " + remote() + " failed and is closed", cause);
        }
        abort();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        retry();
        // What it held is free.
        share.sharers().wakeNext();
    }

    /** Its client does not read, or does not end its record: it is a newcomer again. */
    final void distrust() {
        InFlight proven = share.sharers();
        answeredBytes = 0;
        share.moveTo(server.newcomers());
        proven.wakeAll();
    }

    private boolean onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            // The loops were ended; what is left only wants to be released.
            return false;
        }
    }
}
