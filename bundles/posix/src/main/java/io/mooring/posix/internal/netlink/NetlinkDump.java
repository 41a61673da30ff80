package io.mooring.posix.internal.netlink;

import static io.mooring.posix.internal.netlink.NetlinkMessage.NLMSG_DONE;
import static io.mooring.posix.internal.netlink.NetlinkMessage.NLMSG_ERROR;

import io.mooring.posix.PosixException;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Questions to the kernel and their answers. Not thread-safe: as the socket that it asks by, which must have joined no
 * groups.
 */
final class NetlinkDump {
    /** An interrupted dump may lack things that were there all the time: it is repeated this often. */
    private static final int ATTEMPTS = 8;

    private final Datagrams socket;
    private int sequence;

    NetlinkDump(Datagrams socket) {
        this.socket = socket;
    }

    /**
     * Everything that the kernel lists. Where things change so fast that no attempt was undisturbed, it is all that any
     * attempt saw, so that nothing that was there throughout is missing.
     *
     * @param decode what to make of a message; empty leaves it out
     */
    <T> Set<T> ask(int type, ByteBuffer payload, Function<NetlinkMessage, Optional<T>> decode) throws PosixException {
        Set<T> seen = new LinkedHashSet<>();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Set<T> found = new LinkedHashSet<>();
            if (attempt(type, payload, decode, found)) {
                return found;
            }
            seen.addAll(found);
        }
        return seen;
    }

    /** One dump; false where it was interrupted by a change. */
    private <T> boolean attempt(
            int type, ByteBuffer payload, Function<NetlinkMessage, Optional<T>> decode, Set<T> found)
            throws PosixException {
        sequence++;
        socket.send(NetlinkMessage.request(type, NetlinkMessage.NLM_F_DUMP, sequence, payload));
        boolean consistent = true;
        while (true) {
            for (NetlinkMessage message : NetlinkMessage.split(socket.receive())) {
                if (message.sequence() != sequence) {
                    continue; // left over from a dump that failed half-way
                }
                consistent &= !message.interrupted();
                if (message.type() == NLMSG_DONE || message.type() == NLMSG_ERROR) {
                    failOn(message);
                    return consistent;
                }
                decode.apply(message).ifPresent(found::add);
            }
        }
    }

    /** A request that the kernel acknowledges: the errno it answers, 0 for success. */
    int command(int type, ByteBuffer payload) throws PosixException {
        sequence++;
        socket.send(NetlinkMessage.request(type, NetlinkMessage.NLM_F_ACK, sequence, payload));
        while (true) {
            for (NetlinkMessage message : NetlinkMessage.split(socket.receive())) {
                if (message.sequence() == sequence && message.type() == NLMSG_ERROR) {
                    return message.error();
                }
            }
        }
    }

    private static void failOn(NetlinkMessage end) throws PosixException {
        if (end.error() != 0) {
            throw new PosixException("netlink dump", end.error());
        }
    }
}
