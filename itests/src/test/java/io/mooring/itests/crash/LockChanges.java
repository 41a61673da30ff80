package io.mooring.itests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.itests.crash.LockClients.Name;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The calls that change locks, one of each kind: sent to one server, and again to the next. Used by one thread. */
final class LockChanges {
    static final List<String> FILES = List.of("locked", "unlocked", "waited", "freed", "notified", "again");

    private static final int HOLDER = 1;
    private static final int WAITER = 2;
    private static final int OTHER = 3;
    private static final int ANOTHER = 4;

    private final Map<String, NfsFh3> files = new HashMap<>();
    private int lastXid;

    private final Change lock;
    private final Change unlock;
    private final Change cancel;
    private final Change freeAll;
    private final Change restart;

    private record Change(Name client, int xid, byte[] call) {}

    /** Makes a call from its xid. */
    @FunctionalInterface
    private interface Call {
        byte[] of(int xid) throws Exception;
    }

    /** When this returns, what they are about is locked, and waited for. */
    LockChanges(Changes handles, LockClients clients) throws Exception {
        for (String name : FILES) {
            files.put(name, handles.handle(name));
        }
        assertThat(lock(clients, "unlocked", HOLDER)).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(lock(clients, "waited", HOLDER)).isEqualTo(Stat.NLM4_GRANTED);
        expectGranted(clients, Name.CLOSING_DOWN, "freed");
        expectGranted(clients, Name.RESTARTING, "notified");
        for (Name client : Name.values()) {
            Change wait = change(client, xid -> LockCalls.waitForLock(xid, files.get("waited"), WAITER));
            assertThat(ask(clients, wait)).isEqualTo(Stat.NLM4_BLOCKED);
        }
        lock = change(Name.LOCKING, xid -> LockCalls.lock(xid, files.get("locked"), HOLDER));
        unlock = change(Name.LOCKING, xid -> LockCalls.unlock(xid, files.get("unlocked"), HOLDER));
        cancel = change(Name.LOCKING, xid -> LockCalls.cancel(xid, files.get("waited"), WAITER));
        freeAll = change(Name.CLOSING_DOWN, LockCalls::freeAll);
        restart = change(Name.RESTARTING, LockCalls::restarted);
    }

    private Change change(Name client, Call call) throws Exception {
        lastXid++;
        return new Change(client, lastXid, call.of(lastXid));
    }

    private static Stat ask(LockClients clients, Change change) throws Exception {
        return clients.ask(change.client(), change.xid(), change.call());
    }

    private void expectGranted(LockClients clients, Name client, String file) throws Exception {
        Change change = change(client, xid -> LockCalls.lock(xid, files.get(file), HOLDER));
        assertThat(ask(clients, change)).as(file).isEqualTo(Stat.NLM4_GRANTED);
    }

    /** What the client that only locks gets. */
    private Stat lock(LockClients clients, String file, int owner) throws Exception {
        return ask(clients, change(Name.LOCKING, xid -> LockCalls.lock(xid, files.get(file), owner)));
    }

    private List<Change> all() {
        return List.of(lock, unlock, cancel, freeAll, restart);
    }

    /** Those that can be stopped at a point. */
    private List<Change> sentFor(CrashPoint point) {
        return switch (point) {
            // The others look for no file.
            case BEFORE_THE_OPERATION -> List.of(lock, unlock, cancel);
            // What keeps SM_NOTIFY from being done twice is its state number, and no reply.
            case BEFORE_THE_REPLY_IS_SENT -> List.of(lock, unlock, cancel, freeAll);
            default -> all();
        };
    }

    /** How many come to the point. */
    int stoppedAt(CrashPoint point) {
        // The first one there has the lock table, and the others wait for it.
        return point == CrashPoint.BEFORE_THE_NOTE ? 1 : sentFor(point).size();
    }

    void send(LockClients clients, CrashPoint point) throws Exception {
        for (Change change : sentFor(point)) {
            clients.send(change.client(), change.call());
        }
    }

    void expectFirstAnswers(LockClients clients) throws Exception {
        for (Change change : List.of(lock, unlock, cancel)) {
            assertThat(clients.stat(change.client(), change.xid())).isEqualTo(Stat.NLM4_GRANTED);
        }
        clients.awaitAnswer(freeAll.client(), freeAll.xid());
        clients.awaitAnswer(restart.client(), restart.xid());
    }

    /** That the next server knows what was done, and does what is asked again. */
    void expectAgain(LockClients clients, CrashPoint point) throws Exception {
        assertThat(lock(clients, "freed", OTHER)).isIn(released(freeAll, point));
        assertThat(lock(clients, "notified", OTHER)).isIn(released(restart, point));
        // By a client that has restarted: not to be released by a notice that comes late.
        NfsFh3 again = files.get("again");
        assertThat(ask(clients, change(Name.RESTARTING, xid -> LockCalls.lockAfterRestart(xid, again, OTHER))))
                .isEqualTo(Stat.NLM4_GRANTED);
        for (Change change : all()) {
            clients.send(change.client(), change.call());
        }
        assertThat(clients.stat(lock.client(), lock.xid())).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(clients.stat(unlock.client(), unlock.xid())).isEqualTo(Stat.NLM4_GRANTED);
        assertThat(clients.stat(cancel.client(), cancel.xid())).isIn(cancelled(point));
        clients.awaitAnswer(freeAll.client(), freeAll.xid());
        clients.awaitAnswer(restart.client(), restart.xid());
        expectEffects(clients);
    }

    /** What another one gets of what a change releases, on the next server, before it is sent again. */
    private Set<Stat> released(Change change, CrashPoint point) {
        if (point == CrashPoint.BEFORE_THE_SYNC) {
            // It may be in the journal.
            return Set.of(Stat.NLM4_GRANTED, Stat.NLM4_DENIED);
        }
        boolean known = point.isKnown() && sentFor(point).contains(change);
        return Set.of(known ? Stat.NLM4_GRANTED : Stat.NLM4_DENIED);
    }

    /** What a repeated CANCEL is answered. */
    private static Set<Stat> cancelled(CrashPoint point) {
        return switch (point) {
            case BEFORE_THE_OPERATION, BEFORE_THE_NOTE -> Set.of(Stat.NLM4_GRANTED);
            case BEFORE_THE_SYNC -> Set.of(Stat.NLM4_GRANTED, Stat.NLM4_DENIED);
            case BEFORE_THE_REPLY_IS_KEPT -> Set.of(Stat.NLM4_DENIED);
            case BEFORE_THE_REPLY_IS_SENT, AFTER_THE_REPLY_WAS_SENT -> Set.of(Stat.NLM4_GRANTED);
        };
    }

    private void expectEffects(LockClients clients) throws Exception {
        assertThat(lock(clients, "locked", OTHER)).isEqualTo(Stat.NLM4_DENIED);
        assertThat(lock(clients, "unlocked", OTHER)).isEqualTo(Stat.NLM4_GRANTED);
        for (String released : List.of("freed", "notified")) {
            assertThat(lock(clients, released, OTHER)).as(released).isEqualTo(Stat.NLM4_GRANTED);
            assertThat(lock(clients, released, ANOTHER)).as(released).isEqualTo(Stat.NLM4_DENIED);
        }
        assertThat(lock(clients, "again", OTHER)).isEqualTo(Stat.NLM4_DENIED);
        // Nobody waits for it any more.
        assertThat(ask(clients, change(Name.LOCKING, xid -> LockCalls.unlock(xid, files.get("waited"), HOLDER))))
                .isEqualTo(Stat.NLM4_GRANTED);
        assertThat(lock(clients, "waited", OTHER)).isEqualTo(Stat.NLM4_GRANTED);
    }
}
