package io.mooring.lockd.internal.nlm;

import io.mooring.lockd.internal.testing.FakeTargets;
import io.mooring.lockd.internal.wire.Nlm4.CancArgs;
import io.mooring.lockd.internal.wire.Nlm4.Lock;
import io.mooring.lockd.internal.wire.Nlm4.LockArgs;
import io.mooring.lockd.internal.wire.Nlm4.Share;
import io.mooring.lockd.internal.wire.Nlm4.ShareArgs;
import io.mooring.lockd.internal.wire.Nlm4.TestArgs;
import io.mooring.lockd.internal.wire.Nlm4.UnlockArgs;
import java.nio.charset.StandardCharsets;

/** Arguments of NLM's procedures. */
final class Args {
    static final byte[] COOKIE = {1, 2, 3, 4};

    private Args() {}

    static Lock range(int svid, long offset, long length) {
        byte[] oh = (svid + "@client").getBytes(StandardCharsets.US_ASCII);
        return new Lock("client", FakeTargets.handle(1), oh, svid, offset, length);
    }

    static LockArgs lock(int svid, long offset, long length) {
        return new LockArgs(COOKIE, false, true, range(svid, offset, length), false, 3);
    }

    static LockArgs shared(int svid, long offset, long length) {
        return new LockArgs(COOKIE, false, false, range(svid, offset, length), false, 3);
    }

    static LockArgs waiting(int svid, long offset, long length) {
        return new LockArgs(COOKIE, true, true, range(svid, offset, length), false, 3);
    }

    static LockArgs reclaim(int svid, long offset, long length) {
        return new LockArgs(COOKIE, false, true, range(svid, offset, length), true, 3);
    }

    static TestArgs test(int svid, long offset, long length) {
        return new TestArgs(COOKIE, true, range(svid, offset, length));
    }

    static UnlockArgs unlock(int svid, long offset, long length) {
        return new UnlockArgs(COOKIE, range(svid, offset, length));
    }

    static CancArgs cancel(int svid, long offset, long length) {
        return new CancArgs(COOKIE, true, true, range(svid, offset, length));
    }

    static ShareArgs share(String oh, int access, int mode) {
        byte[] bytes = oh.getBytes(StandardCharsets.US_ASCII);
        return new ShareArgs(COOKIE, new Share("client", FakeTargets.handle(1), bytes, mode, access), false);
    }
}
