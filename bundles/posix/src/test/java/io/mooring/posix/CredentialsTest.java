package io.mooring.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thread's identity is its own, and what the kernel checks. */
class CredentialsTest {
    private final Scratch scratch = Scratch.mine();

    @BeforeEach
    void needsRoot() {
        assumeTrue(Credentials.effectiveUid() == 0, "only root can take other identities");
    }

    private String status(String line) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/thread-self/status"))) {
            return lines.filter(each -> each.startsWith(line + ":"))
                    .findFirst()
                    .orElseThrow()
                    .substring(line.length() + 1)
                    .trim();
        }
    }

    @Test
    void theKernelSeesTheIdentityAndItsEnd() throws Exception {
        String groups = status("Groups");
        String during;
        String duringGroups;
        // Everything that reading the file needs is loaded by now.
        status("Uid");
        int assumed = Credentials.assume(4001, 4002, new int[] {4003, 4004}, scratch);
        try {
            during = status("Uid") + " " + status("Gid");
            duringGroups = status("Groups");
        } finally {
            assertThat(Credentials.restore(0, 0, scratch)).isZero();
        }
        assertThat(assumed).isZero();
        assertThat(during).isEqualTo("0\t0\t0\t4001 0\t0\t0\t4002");
        assertThat(duringGroups).isEqualTo("4003 4004");
        assertThat(status("Uid")).isEqualTo("0\t0\t0\t0");
        assertThat(status("Gid")).isEqualTo("0\t0\t0\t0");
        assertThat(status("Groups")).isEqualTo(groups);
    }

    @Test
    void otherThreadsKeepTheirs() throws Exception {
        CountDownLatch assumed = new CountDownLatch(1);
        CountDownLatch looked = new CountDownLatch(1);
        AtomicReference<Integer> result = new AtomicReference<>();
        Thread other = new Thread(() -> {
            Scratch own = Scratch.mine();
            result.set(Credentials.assume(4001, 4002, new int[] {4003}, own));
            assumed.countDown();
            try {
                looked.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                Credentials.restore(0, 0, own);
            }
        });
        other.start();
        assertThat(assumed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(Credentials.fsUid()).isZero();
        assertThat(Credentials.fsGid()).isZero();
        assertThat(status("Groups")).doesNotContain("4003");
        looked.countDown();
        other.join(10_000);
        assertThat(result.get()).isZero();
    }

    @Test
    void permissionsFollow() throws Exception {
        Path file = Files.createTempFile("credentials", "");
        try {
            Files.setAttribute(file, "unix:mode", 0060);
            Files.setAttribute(file, "unix:gid", 4003);
            long name = scratch.name(file.toString().getBytes(StandardCharsets.UTF_8));
            int flags = PosixFiles.O_PATH | PosixFiles.O_CLOEXEC;
            int descriptor = PosixFiles.openat(PosixFiles.AT_FDCWD, name, flags, 0);
            Credentials.assume(4001, 4002, new int[] {4003}, scratch);
            int member = PosixFiles.access(descriptor, PosixFiles.R_OK, scratch);
            Credentials.restore(0, 0, scratch);
            Credentials.assume(4001, 4002, new int[] {4004}, scratch);
            int stranger = PosixFiles.access(descriptor, PosixFiles.R_OK, scratch);
            Credentials.restore(0, 0, scratch);
            assertThat(member).isZero();
            assertThat(stranger).isEqualTo(-Errno.EACCES);
            assertThat(PosixFiles.access(descriptor, PosixFiles.W_OK, scratch)).isZero();
            PosixFiles.close(descriptor);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void anIdentityThatCannotBeTakenIsAnError() {
        assertThat(Credentials.assume(-1, 4002, new int[0], scratch)).isNegative();
        assertThat(Credentials.restore(0, 0, scratch)).isZero();
        assertThat(Credentials.assume(1, 1, new int[Scratch.MAX_GROUPS + 1], scratch))
                .isEqualTo(-Errno.EINVAL);
        assertThat(Credentials.restore(0, 0, scratch)).isZero();
    }

    @Test
    void capabilitiesAreDroppedOnThisThreadOnly() throws Exception {
        AtomicReference<Long> before = new AtomicReference<>();
        AtomicReference<Long> after = new AtomicReference<>();
        Thread other = new Thread(() -> {
            try {
                before.set(Capabilities.effective());
                Capabilities.drop(Capabilities.CAP_SYS_RESOURCE);
                after.set(Capabilities.effective());
            } catch (PosixException e) {
                throw new IllegalStateException(e);
            }
        });
        other.start();
        other.join(10_000);
        assertThat(after.get()).isEqualTo(before.get() & ~(1L << Capabilities.CAP_SYS_RESOURCE));
        assertThat(Long.toHexString(Capabilities.effective()))
                .isEqualTo(Long.toHexString(Long.parseLong(status("CapEff"), 16)));
    }
}
