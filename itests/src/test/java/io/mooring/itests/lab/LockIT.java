package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Linux kernel clients lock files against each other, through a restart of the server, and against processes beside it. */
@ExtendWith(LabExtension.class)
class LockIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long HAND_OVER_NANOS = Duration.ofMillis(100).toNanos();

    /** Holds a lock until told to let it go, and says when that was. */
    private static final String HOLD = """
            python3 -c "
            import fcntl, os, time
            f = open('/mnt/nfs/f', 'a')
            fcntl.flock(f, fcntl.LOCK_EX)
            open('/tmp/held', 'w').close()
            while not os.path.exists('/tmp/go'): time.sleep(0.05)
            print(time.time_ns())
            fcntl.flock(f, fcntl.LOCK_UN)"
            """;

    /** Waits for the lock, and says when it got it. */
    private static final String WAIT = """
            python3 -c "
            import fcntl, time
            f = open('/mnt/nfs/f', 'a')
            fcntl.flock(f, fcntl.LOCK_EX)
            print(time.time_ns())"
            """;

    private Lab lab;
    private LabGuest second;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        second = lab.startGuest("client2", 101);
        second.awaitBoot();
        mount(lab.client());
        mount(second);
    }

    @AfterEach
    void endSecond() {
        second.close();
    }

    private void mount(LabGuest guest) {
        guest.succeed("mount -t nfs -o vers=3,actimeo=0 " + LabNetwork.FLOATING + ":" + lab.export() + " /mnt/nfs");
    }

    private GuestJob hold() {
        GuestJob holder = lab.client().start(HOLD);
        lab.client().succeed("for i in $(seq 200); do [ -e /tmp/held ] && exit 0; sleep 0.1; done; exit 1");
        return holder;
    }

    @Test
    void aWaiterOfAnotherClientGetsTheLockAtOnce() {
        GuestJob holder = hold();
        assertThat(second.run("flock -n /mnt/nfs/f true", LIMIT).status()).isNotZero();
        GuestJob waiter = second.start(WAIT);
        assertThat(Waiting.until(LIMIT, () -> locks().contains("\"waiting\"")))
                .as("it waits: " + locks())
                .isTrue();
        assertThat(waiter.isDone()).isFalse();
        lab.client().succeed("touch /tmp/go");
        long released = Long.parseLong(holder.await(LIMIT).succeeded().strip());
        long got = Long.parseLong(waiter.await(LIMIT).succeeded().strip());
        lab.report().line("lock: hand-over after %.1f ms", (got - released) / 1e6);
        assertThat(got - released).isBetween(0L, HAND_OVER_NANOS);
        assertThat(Waiting.until(LIMIT, () -> locks().equals("[]"))).as(locks()).isTrue();
    }

    @Test
    void aProcessBesideTheServerSeesTheLockAndIsSeen() {
        GuestJob holder = hold();
        String local = "python3 -c 'import fcntl; fcntl.lockf(open(\"f\", \"a\"), fcntl.LOCK_EX | fcntl.LOCK_NB)'";
        assertThat(lab.besideServer(lab.export(), local).output()).contains("BlockingIOError");
        lab.client().succeed("touch /tmp/go");
        holder.await(LIMIT).succeeded();
        lab.besideServer(lab.export(), local).succeeded();
    }

    @Test
    void afterACrashTheHolderHasItsLockAndNobodyGotItInBetween() {
        GuestJob holder = hold();
        lab.server(lab.node1()).kill();
        lab.startServers();
        GuestJob thief = second.start("flock -n /mnt/nfs/f echo GOT");
        CommandResult tried = thief.await(LIMIT);
        assertThat(tried.status()).isNotZero();
        assertThat(tried.output()).doesNotContain("GOT");
        assertThat(locks()).contains("\"exclusive\"").contains("\"held\"");
        lab.client().succeed("touch /tmp/go");
        holder.await(LIMIT).succeeded();
        assertThat(second.run("flock -n /mnt/nfs/f true", LIMIT).status()).isZero();
    }

    @Test
    void partsOfAFileAreLockedByProcessesOfBothClients() {
        lab.client().succeed("truncate -s 100 /mnt/nfs/f");
        String holder = "import fcntl, os, time; f = open('/mnt/nfs/f', 'r+'); fcntl.lockf(f, fcntl.LOCK_EX, %d, %d);"
                + " open('/tmp/held%d', 'w').close();\nwhile not os.path.exists('/tmp/go'): time.sleep(0.05)";
        GuestJob first = lab.client().start("python3 -c \"" + String.format(holder, 10, 0, 1) + "\"");
        GuestJob other = lab.client().start("python3 -c \"" + String.format(holder, 10, 20, 2) + "\"");
        lab.client()
                .succeed(
                        "for i in $(seq 200); do [ -e /tmp/held1 -a -e /tmp/held2 ] && exit 0; sleep 0.1; done; exit 1");
        String attempt = "python3 -c \"import fcntl; f = open('/mnt/nfs/f', 'r+');"
                + " fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB, %d, %d)\"";
        assertThat(second.run(String.format(attempt, 10, 10), LIMIT).status()).isZero();
        assertThat(second.run(String.format(attempt, 1, 9), LIMIT).output()).contains("BlockingIOError");
        assertThat(second.run(String.format(attempt, 1, 29), LIMIT).output()).contains("BlockingIOError");
        assertThat(second.run(String.format(attempt, 0, 30), LIMIT).status()).isZero();
        lab.client().succeed("touch /tmp/go");
        first.await(LIMIT).succeeded();
        other.await(LIMIT).succeeded();
        assertThat(second.run(String.format(attempt, 0, 0), LIMIT).status()).isZero();
    }

    @Test
    void aKilledWaiterLeavesNothing() {
        GuestJob holder = hold();
        GuestJob waiter = second.start("flock -x /mnt/nfs/f true & pid=$!; sleep 2; kill -9 $pid; wait $pid");
        waiter.await(LIMIT);
        assertThat(Waiting.until(LIMIT, () -> !locks().contains("\"waiting\"")))
                .as(locks())
                .isTrue();
        lab.client().succeed("touch /tmp/go");
        holder.await(LIMIT).succeeded();
        assertThat(Waiting.until(LIMIT, () -> locks().equals("[]"))).as(locks()).isTrue();
    }

    private String locks() {
        return lab.server(lab.node1()).client("lock:list --json").succeeded().strip();
    }
}
