package io.mooring.posix.internal.netlink;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import io.mooring.posix.RtAddress;
import io.mooring.posix.RtEvent;
import io.mooring.posix.RtLink;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Two sockets: one subscribed to news, one to ask, so that answers and news do not mix and a flood of news cannot push
 * out an answer. One thread at a time; {@link #stop} is for any.
 */
public final class RouteSocket implements Closeable {
    private static final int RTMGRP_LINK = 0x1;
    private static final int RTMGRP_IPV4_IFADDR = 0x10;
    private static final int RTMGRP_IPV6_IFADDR = 0x100;
    private static final int ANSWER_TIMEOUT_SECONDS = 5;

    private final NetlinkSocket news;
    private final NetlinkSocket questions;
    private final NetlinkDump dump;
    private final EventWait wait;

    private RouteSocket(NetlinkSocket news, NetlinkSocket questions, EventWait wait) {
        this.news = news;
        this.questions = questions;
        this.dump = new NetlinkDump(questions);
        this.wait = wait;
    }

    /** See {@link io.mooring.posix.Rtnetlink#open}. */
    public static RouteSocket open(int receiveBufferBytes) throws PosixException {
        NetlinkSocket news =
                NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR);
        try {
            if (receiveBufferBytes > 0) {
                news.receiveBuffer(receiveBufferBytes);
            }
            NetlinkSocket questions = NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE, 0);
            try {
                questions.receiveTimeout(ANSWER_TIMEOUT_SECONDS);
                return new RouteSocket(news, questions, new EventWait(news.fd()));
            } catch (PosixException e) {
                questions.close();
                throw e;
            }
        } catch (PosixException e) {
            news.close();
            throw e;
        }
    }

    /** The next news, or empty where none wait. */
    public Optional<List<RtEvent>> receiveNow() throws PosixException {
        return news.receiveNow().map(RouteMessages::events);
    }

    public void await() throws PosixException {
        wait.await();
    }

    /** Until the queue was seen empty: before that the kernel goes on dropping news without saying so again. */
    public void discard() throws PosixException {
        boolean more = true;
        while (more) {
            try {
                more = news.receiveNow().isPresent();
            } catch (PosixException e) {
                if (e.errno() != Errno.ENOBUFS) {
                    throw e;
                }
            }
        }
    }

    public Set<RtAddress> addresses() throws PosixException {
        ByteBuffer any = RouteMessages.anyFamily();
        return dump.ask(RouteMessages.RTM_GETADDR, any, RouteMessages::listedAddress);
    }

    public Set<RtLink> links() throws PosixException {
        ByteBuffer any = RouteMessages.anyFamily();
        return dump.ask(RouteMessages.RTM_GETLINK, any, RouteMessages::listedLink);
    }

    public void stop() {
        wait.stop();
    }

    @Override
    public void close() {
        wait.close();
        questions.close();
        news.close();
    }
}
