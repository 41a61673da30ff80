package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.VfsException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts on the status of a failure. */
final class VfsAssertions {

    private VfsAssertions() {}

    static void assertStatus(VfsException.Status status, ThrowingCallable call) {
        assertThat(status(call)).isEqualTo(status);
    }

    /** Null where nothing was thrown. */
    static VfsException.Status status(ThrowingCallable call) {
        try {
            call.call();
            return null;
        } catch (VfsException e) {
            return e.status();
        } catch (Throwable e) {
            throw new AssertionError("not the exception that was expected", e);
        }
    }
}
