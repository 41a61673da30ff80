package io.mooring.vfs.local;

import io.mooring.posix.Scratch;
import io.mooring.posix.Vectors;
import java.nio.ByteBuffer;

/** The bytes of one WRITE, where they lie: direct buffers as they are, others as a copy. Keeps them reachable. Immutable. */
final class Gather {
    private final ByteBuffer[] pieces;
    private final long total;

    Gather(ByteBuffer[] source) {
        pieces = new ByteBuffer[source.length];
        long sum = 0;
        for (int i = 0; i < source.length; i++) {
            pieces[i] = source[i].isDirect() ? source[i] : copy(source[i]);
            sum += pieces[i].remaining();
        }
        total = sum;
    }

    long total() {
        return total;
    }

    /** What comes after the first {@code skip} bytes, as much as one call takes. */
    Vectors from(long skip, Scratch scratch) {
        Vectors vectors = new Vectors(scratch);
        long left = skip;
        for (ByteBuffer piece : pieces) {
            int length = piece.remaining();
            if (left >= length) {
                left -= length;
            } else if (vectors.count() < Vectors.MAX) {
                vectors.add(Scratch.address(piece) + left, length - left);
                left = 0;
            }
        }
        return vectors;
    }

    private static ByteBuffer copy(ByteBuffer heap) {
        return ByteBuffer.allocateDirect(heap.remaining()).put(heap.duplicate()).flip();
    }
}
