package io.mooring.posix.internal.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The dialogue with a kernel played by the test: each question is answered by the next script. */
class NetlinkDumpTest {
    private static final int ITEM = 99;

    private final Kernel kernel = new Kernel();
    private final NetlinkDump dump = new NetlinkDump(kernel);

    @Test
    void gathersAllParts() throws PosixException {
        kernel.answers(datagram(item(1), item(2)), datagram(item(3)), datagram(done()));

        assertThat(ask()).containsExactly(1, 2, 3);
    }

    @Test
    void repeatsAnInterruptedDump() throws PosixException {
        kernel.answers(datagram(item(1), interrupted(item(2))), datagram(done()));
        kernel.answers(datagram(item(1), item(3)), datagram(done()));

        assertThat(ask()).containsExactly(1, 3);
        assertThat(kernel.questions).isEqualTo(2);
    }

    /** Nothing that was there throughout may be missing: the union of the attempts. */
    @Test
    void givesWhatAnyAttemptSawWhereAllAreInterrupted() throws PosixException {
        for (int i = 0; i < 8; i++) {
            kernel.answers(datagram(item(i)), datagram(interrupted(done())));
        }
        assertThat(ask()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void skipsWhatIsLeftOverFromAnEarlierQuestion() throws PosixException {
        kernel.answers(
                datagram(new Part(ITEM, 0, -1, 7), new Part(NetlinkMessage.NLMSG_DONE, 0, -1, 0), item(1)),
                datagram(done()));

        assertThat(ask()).containsExactly(1);
    }

    @Test
    void anErrorIsThrown() {
        kernel.answers(datagram(new Part(NetlinkMessage.NLMSG_ERROR, 0, 0, -Errno.EPERM)));

        assertThatThrownBy(this::ask)
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
    }

    @Test
    void aCommandGivesItsErrno() throws PosixException {
        kernel.answers(datagram(new Part(NetlinkMessage.NLMSG_ERROR, 0, 0, -Errno.ENOENT)));

        assertThat(dump.command(1, ByteBuffer.allocate(0))).isEqualTo(Errno.ENOENT);
    }

    private Set<Integer> ask() throws PosixException {
        return dump.ask(1, ByteBuffer.allocate(4), m -> Optional.of(m.payload().getInt(0)));
    }

    /** A message to be sent; its sequence number is relative to the question's. */
    private record Part(int type, int flags, int sequenceOffset, int value) {}

    private record Datagram(List<Part> parts) {}

    private static Datagram datagram(Part... parts) {
        return new Datagram(List.of(parts));
    }

    private static Part item(int value) {
        return new Part(ITEM, 0, 0, value);
    }

    private static Part done() {
        return new Part(NetlinkMessage.NLMSG_DONE, 0, 0, 0);
    }

    private static Part interrupted(Part part) {
        return new Part(part.type(), NetlinkMessage.NLM_F_DUMP_INTR, part.sequenceOffset(), part.value());
    }

    private static final class Kernel implements Datagrams {
        private final Deque<List<Datagram>> scripts = new ArrayDeque<>();
        private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
        private int questions;

        void answers(Datagram... datagrams) {
            scripts.add(List.of(datagrams));
        }

        @Override
        public void send(ByteBuffer request) {
            questions++;
            int sequence = request.order(ByteOrder.nativeOrder()).getInt(8);
            for (Datagram datagram : scripts.remove()) {
                waiting.add(encode(datagram, sequence));
            }
        }

        @Override
        public ByteBuffer receive() throws PosixException {
            if (waiting.isEmpty()) {
                throw new PosixException("recvfrom", Errno.EAGAIN);
            }
            return waiting.remove();
        }

        private static ByteBuffer encode(Datagram datagram, int sequence) {
            List<ByteBuffer> messages = new ArrayList<>();
            for (Part part : datagram.parts()) {
                ByteBuffer value = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
                value.putInt(0, part.value());
                messages.add(
                        NetlinkMessage.request(part.type(), part.flags(), sequence + part.sequenceOffset(), value));
            }
            ByteBuffer out = ByteBuffer.allocate(messages.size() * 20);
            messages.forEach(out::put);
            return out.flip();
        }
    }
}
