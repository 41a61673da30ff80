package io.mooring.nfsd.internal.handle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF"): a MAC of 64 bits that is as fast as a hash. The JDK
 * has none, and the libraries that do are hundreds of times its size. Immutable.
 */
public final class SipHash {
    public static final int KEY_BYTES = 16;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long k0;
    private final long k1;

    public SipHash(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a SipHash key has 16 bytes, not " + key.length);
        }
        this.k0 = (long) LONGS.get(key, 0);
        this.k1 = (long) LONGS.get(key, 8);
    }

    /** The MAC of the first {@code length} bytes. */
    public long hash(byte[] data, int length) {
        State state = new State(k0, k1);
        int whole = length & ~7;
        for (int i = 0; i < whole; i += 8) {
            state.compress((long) LONGS.get(data, i));
        }
        long last = (long) length << 56;
        for (int i = whole; i < length; i++) {
            last |= (data[i] & 0xffL) << (8 * (i - whole));
        }
        state.compress(last);
        return state.finish();
    }

    /** The four words of one computation. */
    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long k0, long k1) {
            v0 = k0 ^ 0x736f6d6570736575L;
            v1 = k1 ^ 0x646f72616e646f6dL;
            v2 = k0 ^ 0x6c7967656e657261L;
            v3 = k1 ^ 0x7465646279746573L;
        }

        void compress(long word) {
            v3 ^= word;
            round();
            round();
            v0 ^= word;
        }

        long finish() {
            v2 ^= 0xff;
            round();
            round();
            round();
            round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
