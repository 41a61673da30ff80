package io.mooring.sunrpc.internal.wire;

import io.mooring.sunrpc.internal.xdr.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** What sockets need of record marking (RFC 5531 §11) beside the assembler. Stateless. */
public final class Records {
    /** The length of a fragment's header. */
    public static final int MARK_BYTES = 4;

    private static final int LAST = 1 << 31;

    private Records() {}

    /** Writes the mark into the reserved first bytes: the whole message is one fragment. */
    public static void mark(Message message) {
        ByteBuf first = message.segments()[0];
        first.setInt(first.readerIndex(), LAST | message.size() - MARK_BYTES);
    }

    /** Sizes read buffers by what came lately and by what the record under way still lacks. */
    public static RecvByteBufAllocator receiveAllocator(RecordAssembler records) {
        return new ReceiveAllocator(records);
    }

    private static final class ReceiveAllocator extends DefaultMaxMessagesRecvByteBufAllocator {
        private final RecordAssembler records;

        ReceiveAllocator(RecordAssembler records) {
            this.records = records;
        }

        @SuppressWarnings("deprecation") // Netty's own allocators return this type.
        @Override
        public Handle newHandle() {
            return new Sizing();
        }

        private final class Sizing extends MaxMessageHandle {
            private static final int MIN = 2 << 10;
            private static final int MAX = 64 << 10;

            private int size = MIN;

            @Override
            public int guess() {
                // A header that promises much gets no memory before as much has come.
                int record = Math.min(records.wanted(), Math.max(MAX, records.partialBytes()));
                return Math.max(size, record);
            }

            @Override
            public void readComplete() {
                int came = totalBytesRead();
                if (came >= size && size < MAX) {
                    size *= 2;
                } else if (came < size / 4 && size > MIN) {
                    size /= 2;
                }
            }
        }
    }
}
