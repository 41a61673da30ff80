package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The floating address moves, or a client dies, while Linux kernel clients hold locks. */
@ExtendWith(LabExtension.class)
class LockMoveIT {

    /** From the issue: by then no server socket with the removed address may be left, in any state but TIME-WAIT. */
    private static final Duration ALL_CLOSED = Duration.ofMillis(100);

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int GRACE_SECONDS = 20;

    /** A process of the server's host tries to lock the whole file. */
    private static final String LOCAL =
            "python3 -c 'import fcntl; fcntl.lockf(open(\"f\", \"a\"), fcntl.LOCK_EX | fcntl.LOCK_NB)'";

    private Lab lab;
    private LabGuest second;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        for (LabNode node : List.of(lab.node1(), lab.node2())) {
            assertThat(Waiting.until(LIMIT, () -> shell(node, "info").status() == 0))
                    .isTrue();
            shell(node, "config:property-set -p io.mooring.lockd graceSeconds " + GRACE_SECONDS)
                    .succeeded();
        }
        // What an earlier test left is over.
        assertThat(Waiting.until(LIMIT, () -> grace(lab.node1()) == 0)).isTrue();
        second = lab.startGuest("client2", 101);
        second.awaitBoot();
        mount(lab.client());
        mount(second);
    }

    @AfterEach
    void tearDown() {
        second.close();
        for (LabNode node : List.of(lab.node1(), lab.node2())) {
            shell(node, "config:property-delete -p io.mooring.lockd graceSeconds");
            assertThat(lab.server(node).errors()).isEmpty();
        }
    }

    private void mount(LabGuest guest) {
        guest.succeed("mount -t nfs -o vers=3,actimeo=0 " + LabNetwork.FLOATING + ":" + lab.export() + " /mnt/nfs");
    }

    /** Holds a lock until told to let it go. */
    private GuestJob hold() {
        GuestJob holder = lab.client()
                .start("exec 9>>/mnt/nfs/f && flock -x 9 && touch /tmp/held &&"
                        + " while [ ! -e /tmp/go ]; do sleep 0.05; done && flock -u 9");
        lab.client().succeed("for i in $(seq 200); do [ -e /tmp/held ] && exit 0; sleep 0.1; done; exit 1");
        return holder;
    }

    @Test
    void aLockFollowsTheAddressToTheOtherNodeAndBack() {
        GuestJob holder = hold();
        GuestJob thief = second.start(
                "while [ ! -e /tmp/stop ]; do flock -n /mnt/nfs/f echo GOT; sleep 0.1; done; echo stopped");
        assertThat(lab.node1().sockets())
                .as("connections of locks")
                .anyMatch(socket -> socket.localPort() == LabServer.LOCK_PORT
                        && socket.local().equals(LabNetwork.FLOATING)
                        && socket.established());

        move(lab.node1(), lab.node2());
        move(lab.node2(), lab.node1());

        second.succeed("touch /tmp/stop");
        assertThat(thief.await(LIMIT).succeeded().strip()).as("nobody got it").isEqualTo("stopped");
        lab.client().succeed("touch /tmp/go");
        holder.await(LIMIT).succeeded();
        assertThat(second.run("flock -n /mnt/nfs/f true", LIMIT).status()).isZero();
    }

    private void move(LabNode from, LabNode to) {
        AddressRemoval removal = from.removeAddressAndWatch(LabNetwork.FLOATING);
        assertThat(removal.allGone()).as("%s", removal).isTrue();
        assertThat(removal.after()).as("%s", removal).isLessThanOrEqualTo(ALL_CLOSED);
        assertThat(Waiting.until(
                        LIMIT, () -> lab.besideServer(lab.export(), LOCAL).status() == 0))
                .as("the lock is released in the file system")
                .isTrue();
        assertThat(locks(from)).isEqualTo("[]");
        to.addAddress(LabNetwork.FLOATING);
        long begin = System.nanoTime();
        assertThat(Waiting.until(LIMIT, () -> grace(to) > 0)).as("grace").isTrue();
        assertThat(grace(to, to.address())).as("of the node's own address").isZero();
        assertThat(Waiting.until(LIMIT, () -> locks(to).contains("\"held\"")))
                .as("reclaimed: " + locks(to))
                .isTrue();
        lab.report()
                .line(
                        "address moved to %s: the lock was reclaimed after %.1f s at the most",
                        to.name(), (System.nanoTime() - begin) / 1e9);
        assertThat(lab.besideServer(lab.export(), LOCAL).output()).contains("BlockingIOError");
        assertThat(grace(to)).as("reclaimed within the grace period").isPositive();
        assertThat(Waiting.until(LIMIT, () -> grace(to) == 0)).as("grace ends").isTrue();
        assertThat(locks(to)).contains("\"held\"", lab.export().resolve("f").toString());
    }

    @Test
    void aClientThatDiedFreesItsLocksWhenItComesBack() {
        hold();
        String statd = lab.client().succeed("cd /var/lib/nfs && tar cz sm state | base64 -w 0");
        GuestJob waiter = second.start("flock -x /mnt/nfs/f echo GOT");
        assertThat(Waiting.until(LIMIT, () -> locks(lab.node1()).contains("\"waiting\"")))
                .isTrue();
        lab.client().kill();
        lab.resetClient();
        assertThat(locks(lab.node1())).contains("\"held\"", "\"waiting\"");
        assertThat(waiter.isDone()).isFalse();
        // As on a disk: whom to tell outlived the crash.
        lab.client()
                .succeed("cd /var/lib/nfs && echo " + statd.strip()
                        + " | base64 -d | tar xz && rm -f /run/sm-notify.pid && sm-notify -f");
        assertThat(waiter.await(LIMIT).succeeded().strip()).isEqualTo("GOT");
        assertThat(Waiting.until(LIMIT, () -> locks(lab.node1()).equals("[]"))).isTrue();
        assertThat(lab.server(lab.node1()).log()).contains("restarted: its locks are released, owners: 1");
    }

    private String locks(LabNode node) {
        return shell(node, "lock:list --json").succeeded().strip();
    }

    private double grace(LabNode node) {
        return grace(node, LabNetwork.FLOATING);
    }

    /** What is left of an address's grace period, 0 where there is none. */
    private double grace(LabNode node, String address) {
        return new LabLocks(lab.server(node)).grace(address);
    }

    private CommandResult shell(LabNode node, String command) {
        return lab.server(node).client(command);
    }
}
