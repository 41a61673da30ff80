package io.mooring.lockd.internal.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.testing.MemoryJournal;
import io.mooring.sunrpc.RpcException;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DurabilityTest {
    private static final InetAddress A = Locking.SERVICE;
    private static final InetAddress B = Locking.address("10.0.0.10");

    private final Durability durability = new Durability();
    private final MemoryJournal journal = new MemoryJournal();

    @Test
    void whatWasDoneWhileTheServiceCameOrWentIsNotAnswered() {
        Durability.Snapshot none = durability.begin(A);
        Durability.Snapshot noneAtAll = durability.begin();
        durability.attach(A, journal);
        assertThatThrownBy(() -> none.await(A)).isInstanceOf(RpcException.class);
        assertThatThrownBy(noneAtAll::await).isInstanceOf(RpcException.class);
        Durability.Snapshot one = durability.begin(A);
        Durability.Snapshot all = durability.begin();
        durability.attach(A, new MemoryJournal());
        assertThatThrownBy(() -> one.await(A)).isInstanceOf(RpcException.class);
        assertThatThrownBy(all::await).isInstanceOf(RpcException.class);
        durability.detach(A);
        assertThatThrownBy(() -> one.await(A)).isInstanceOf(RpcException.class);
    }

    @Test
    void otherServicesAreNotWaitedFor() {
        durability.attach(A, journal);
        journal.fail(true);
        assertThatCode(() -> durability.begin(B).await(B)).doesNotThrowAnyException();
        assertThatThrownBy(() -> durability.begin(A).await(A)).isInstanceOf(RpcException.class);
    }

    @Test
    void aTaskRunsWhenItMayAndNeverWhereItCannotBeSaid() {
        AtomicInteger runs = new AtomicInteger();
        durability.whenDurable(A, Runnable::run, runs::incrementAndGet);
        assertThat(runs).hasValue(1);
        durability.attach(A, journal);
        journal.stall();
        durability.whenDurable(A, Runnable::run, runs::incrementAndGet);
        assertThat(runs).hasValue(1);
        journal.catchUp();
        assertThat(runs).hasValue(2);
        journal.fail(true);
        durability.whenDurable(A, Runnable::run, runs::incrementAndGet);
        assertThat(runs).hasValue(2);
    }
}
