package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.itests.lab.ServiceLab.Declaration;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Linux kernel clients have of a service's locks after it moved: those who wait, and those whose journal is damaged. */
@ExtendWith(LabExtension.class)
class ServiceLockIT {

    private static final String FIRST = "10.77.0.100";
    private static final String SECOND = "10.77.0.101";
    private static final Declaration LEFT = Declaration.of("left", "10.77.0.62");
    private static final Declaration RIGHT = Declaration.of("right", "10.77.0.63");

    /** Of the server's call; what this machine does beside it is included. */
    private static final Duration CALLED_BACK = Duration.ofSeconds(10);
    /** After it a Linux client that waits asks again by itself (NLMCLNT_POLL_TIMEOUT). */
    private static final Duration ASKS_AGAIN = Duration.ofSeconds(30);

    private static final int GRACE_SECONDS = 15;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Lab lab;
    private LabGuest second;
    private List<ServiceLab> services = List.of();

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        second = lab.startGuest("client2", 101);
        second.awaitBoot();
    }

    @AfterEach
    void tearDown() {
        second.close();
        lab.resetClient();
        services.forEach(ServiceLab::close);
        // One is killed, the other has a configuration of its own.
        lab.discardServer(lab.node1());
        lab.discardServer(lab.node2());
    }

    /** On node 1. */
    private List<ServiceLab> served(Declaration... declarations) {
        services = ServiceLab.declare(lab, List.of(declarations));
        services.forEach(service -> service.bring(lab.node1()));
        services.forEach(service -> service.awaitServing(lab.node1()));
        return services;
    }

    private LabLocks locks(LabNode node) {
        return new LabLocks(lab.server(node));
    }

    @Test
    void oneWhoWaitedBeforeTheMoveIsCalledBackAfterIt() {
        assertCalledBackAfter("move", () -> {});
    }

    @Test
    void oneWhoWaitedBeforeTheServerWasKilledIsCalledBackByTheNext() {
        assertCalledBackAfter("kill", lab.server(lab.node1())::kill);
    }

    /** @param end of the server that knows who waits, before its service moves */
    private void assertCalledBackAfter(String what, Runnable end) {
        ServiceLab service = served(LEFT).get(0);
        String file = service.export().resolve("locked").toString();
        GuestJob holder = lock(lab.client(), service);
        awaitFile(lab.client(), "/tmp/held");
        GuestJob waiter = lock(second, service);
        assertThat(Waiting.until(LIMIT, () -> locks(lab.node1()).has(file, "waiting", SECOND)))
                .as(() -> "it waits: " + locks(lab.node1()).rows())
                .isTrue();
        second.put("load.py");
        MoveLoads contender = new MoveLoads(second);
        contender.start(second, "contend", "locked");
        long told = told(lab.node2(), FIRST) + told(lab.node2(), SECOND);

        end.run();
        service.move(lab.node1(), lab.node2());
        service.awaitServing(lab.node2());

        Duration moved = contender.clock();
        assertThat(locks(lab.node2()).grace(service.address())).isZero();
        assertThat(locks(lab.node2()).has(file, "held", FIRST)).isTrue();
        assertThat(locks(lab.node2()).has(file, "waiting", SECOND)).isTrue();
        assertThat(Waiting.until(LIMIT, () -> contender.soFar("contend").goesOnAfter(moved)))
                .as("another one is answered")
                .isTrue();
        assertThat(waiter.isDone()).isFalse();

        lab.client().succeed("touch /tmp/go");
        long released = times(holder).get(2);
        awaitFile(second, "/tmp/held");
        // Before the waiter lets it go: afterwards anybody may have it.
        contender.stop(second);
        LoadJournal tried = contender.ended("contend", LIMIT);
        second.succeed("touch /tmp/go");
        List<Long> waited = times(waiter);

        assertThat(tried.problems()).as("nobody else got it").isEmpty();
        assertCalledBack("lock: " + what, released, waited.get(1), waited.get(0));
        assertThat(told(lab.node2(), FIRST) + told(lab.node2(), SECOND)).isEqualTo(told);
    }

    private void assertCalledBack(String what, long released, long got, long asked) {
        double seconds = (got - released) / 1e9;
        lab.report()
                .line(
                        "%s: a waiter got it %.3f s after the unlock, %.1f s after it asked",
                        what, seconds, (got - asked) / 1e9);
        assertThat(got - released).isBetween(0L, CALLED_BACK.toNanos());
        assertThat(got - asked).as("it has not asked again meanwhile").isLessThan(ASKS_AGAIN.toNanos());
    }

    private GuestJob lock(LabGuest guest, ServiceLab service) {
        service.mount(guest, MoveLoads.MOUNTED);
        guest.put("hold-lock.py");
        return guest.start("python3 /tmp/hold-lock.py " + MoveLoads.MOUNTED + "/locked /tmp/held /tmp/go");
    }

    private static void awaitFile(LabGuest guest, String file) {
        guest.succeed("for i in $(seq 200); do [ -e " + file + " ] && exit 0; sleep 0.1; done; exit 1");
    }

    /** When it asked, got the lock, and let it go. */
    private static List<Long> times(GuestJob ended) {
        return ended.await(LIMIT).succeeded().lines().map(Long::valueOf).toList();
    }

    /** How often a client was told, by any address there, to reclaim. */
    private long told(LabNode node, String client) {
        return lab.server(node)
                .log()
                .lines()
                .filter(line -> line.contains("lockd: " + client + " knows that this server restarted"))
                .count();
    }

    @Test
    void aDamagedJournalCostsItsOwnServiceAGracePeriod() throws IOException {
        List<ServiceLab> served = served(LEFT, RIGHT);
        ServiceLab left = served.get(0);
        ServiceLab right = served.get(1);
        lab.server(lab.node2())
                .client("config:property-set -p io.mooring.lockd graceSeconds " + GRACE_SECONDS)
                .succeeded();
        MountedLoad onLeft = MountedLoad.start(lab.client(), left, left.address(), "left");
        MountedLoad onRight = MountedLoad.start(lab.client(), right, right.address(), "right");
        left.mount(second, "/mnt/left");
        right.mount(second, "/mnt/right");
        GuestJob leftContender = onLeft.contend(second, "/mnt/left");
        GuestJob rightContender = onRight.contend(second, "/mnt/right");
        long told = told(lab.node2(), FIRST);

        lab.server(lab.node1()).kill();
        JournalDamage.inTheMiddle(left.state());
        left.move(lab.node1(), lab.node2());
        right.move(lab.node1(), lab.node2());

        assertThat(Waiting.until(LIMIT, () -> locks(lab.node2()).grace(left.address()) > 0))
                .as(() -> "grace: " + left.status(lab.node2()))
                .isTrue();
        GuestJob thief = second.start("flock -n /mnt/left/locked-left echo GOT");
        assertThat(second.succeed("flock -n /mnt/right/new echo GOT").strip())
                .as("who had nothing gets a lock of the other one")
                .isEqualTo("GOT");
        awaitHeld(left);
        assertThat(thief.isDone()).as("told to ask again later").isFalse();
        assertThat(locks(lab.node2()).grace(right.address())).isZero();
        assertThat(locks(lab.node2()).grace(left.address()))
                .as("all this was within the grace period")
                .isPositive();
        assertThat(left.status(lab.node2())).containsPattern(wasComplete(false));
        assertThat(right.status(lab.node2())).containsPattern(wasComplete(true));
        awaitHeld(right);

        assertThat(Waiting.until(LIMIT, () -> locks(lab.node2()).grace(left.address()) == 0))
                .as("grace ends")
                .isTrue();
        CommandResult tried = thief.await(LIMIT);
        assertThat(tried.status()).isNotZero();
        assertThat(tried.output()).doesNotContain("GOT");
        awaitHeld(left);
        for (MountedLoad load : List.of(onLeft, onRight)) {
            load.awaitMore();
        }
        onLeft.endContender(second, leftContender);
        onRight.endContender(second, rightContender);
        assertThat(told(lab.node2(), FIRST)).as("told of the one service").isEqualTo(told + 1);
        for (MountedLoad load : List.of(onLeft, onRight)) {
            load.finish();
        }
        for (String free : List.of("/mnt/left/locked-left", "/mnt/right/locked-right")) {
            second.succeed("flock -n " + free + " true");
        }
    }

    private static String wasComplete(boolean complete) {
        return "\"journal was complete\",\\s*\"value\"\\s*:\\s*\"?" + complete;
    }

    /** By the first client, on node 2. */
    private void awaitHeld(ServiceLab service) {
        String file = service.export().resolve("locked-" + service.name()).toString();
        assertThat(Waiting.until(LIMIT, () -> locks(lab.node2()).has(file, "held", FIRST)))
                .as(() -> file + " is held: " + locks(lab.node2()).rows())
                .isTrue();
    }
}
