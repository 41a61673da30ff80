package io.mooring.lockd.commands;

import io.mooring.lockd.LockService.LockEntry;
import io.mooring.shell.Table;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Locks as a table. */
final class LockRows {

    private LockRows() {}

    static void print(List<LockEntry> locks, Clock clock, PrintStream out, boolean json) {
        Table table =
                new Table("file", "start", "end", "kind", "state", "client", "owner", "service", "age", "blocked by");
        Instant now = clock.instant();
        for (LockEntry lock : locks) {
            Duration age = Duration.between(lock.since(), now);
            table.row(
                    name(lock),
                    lock.start(),
                    // To the end of the file: a word for people, nothing for scripts.
                    lock.end() == null && !json ? "EOF" : lock.end(),
                    lock.exclusive() ? "exclusive" : "shared",
                    lock.waiting() ? "waiting" : "held",
                    lock.client(),
                    lock.owner(),
                    lock.service(),
                    age.isNegative() ? Duration.ZERO : age,
                    lock.blockedBy());
        }
        table.print(out, json);
    }

    static String name(LockEntry lock) {
        return lock.path() == null ? lock.id() : lock.path();
    }
}
