package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.Errno;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Errors reach the client as themselves. */
class FailuresTest {

    @Test
    void errorNumbersHaveTheirStatus() {
        Map<Integer, Status> expected = Map.ofEntries(
                Map.entry(Errno.EPERM, Status.PERM),
                Map.entry(Errno.ENOENT, Status.NOENT),
                Map.entry(Errno.EIO, Status.IO),
                Map.entry(Errno.EACCES, Status.ACCES),
                Map.entry(Errno.EXDEV, Status.XDEV),
                Map.entry(Errno.ENOSPC, Status.NOSPC),
                Map.entry(Errno.EDQUOT, Status.DQUOT),
                Map.entry(Errno.EROFS, Status.ROFS),
                Map.entry(Errno.EMLINK, Status.MLINK),
                Map.entry(Errno.EFBIG, Status.FBIG),
                Map.entry(Errno.ESTALE, Status.STALE),
                Map.entry(Errno.EMFILE, Status.JUKEBOX),
                Map.entry(Errno.ENFILE, Status.JUKEBOX),
                Map.entry(Errno.ENOMEM, Status.JUKEBOX),
                Map.entry(Errno.ETXTBSY, Status.ACCES),
                Map.entry(Errno.EBUSY, Status.ACCES),
                Map.entry(Errno.ELOOP, Status.NOTDIR),
                Map.entry(12345, Status.IO));
        expected.forEach((errno, status) -> assertThat(Failures.status(errno)).isEqualTo(status));
    }

    @Test
    void onlyNegativeResultsFail() throws VfsException {
        assertThat(Failures.check(7, "call")).isEqualTo(7);
        assertThat(Failures.check(1L << 40, "call")).isEqualTo(1L << 40);
        VfsAssertions.assertStatus(Status.NOSPC, () -> Failures.check(-Errno.ENOSPC, "call"));
        VfsAssertions.assertStatus(Status.NOSPC, () -> Failures.check((long) -Errno.ENOSPC, "call"));
    }
}
