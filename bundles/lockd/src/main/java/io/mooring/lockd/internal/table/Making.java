package io.mooring.lockd.internal.table;

import io.mooring.lockd.internal.table.Change.Confirmed;
import io.mooring.lockd.internal.table.Change.Granted;
import io.mooring.lockd.internal.table.Change.Held;
import io.mooring.lockd.internal.table.Change.Part;
import io.mooring.lockd.internal.table.Change.Shared;
import io.mooring.lockd.internal.table.Change.Unshared;
import io.mooring.lockd.internal.table.Change.Waits;
import io.mooring.lockd.internal.table.Change.WaitsNoMore;
import java.util.List;

/** Makes changes, whatever limit or lock is in their way. Used within the table's monitor. */
record Making(LockTable table) {

    void make(Change change) {
        if (change instanceof Held held) {
            held(held);
        } else if (change instanceof Granted granted) {
            granted(granted);
        } else if (change instanceof Confirmed confirmed) {
            LockedFile file = table.files.get(confirmed.request().file());
            if (file != null) {
                file.unconfirmed.remove(confirmed.request());
            }
        } else if (change instanceof Waits waits) {
            waits(waits);
        } else if (change instanceof WaitsNoMore gone) {
            waitsNoMore(gone.request());
        } else if (change instanceof Shared shared) {
            shared(shared);
        } else if (change instanceof Unshared unshared) {
            unshared(unshared.file(), unshared.owner());
        }
    }

    private void held(Held change) {
        LockedFile file = table.file(change.file());
        Owners.Entry entry = table.owners.entry(change.owner());
        int before = file.count(entry.owner);
        file.unset(entry.owner, change.range());
        for (Part part : change.parts()) {
            file.set(entry.owner, part.range(), part.exclusive(), part.since());
        }
        entry.files.add(file.key);
        table.owners.count(entry.owner, file.count(entry.owner) - before);
        entry.state = change.state();
        table.tidy(file, entry.owner);
    }

    private void granted(Granted change) {
        LockRequest request = change.grant().request();
        table.remove(request);
        Part part = new Part(request.range(), request.exclusive(), change.since());
        held(new Held(request.file(), request.owner(), change.state(), request.range(), List.of(part)));
        table.file(request.file()).unconfirmed.put(request, change.grant());
    }

    /** At its place, unless that is taken by one that came by another service's address. */
    private void waits(Waits change) {
        Waiter waiter = change.waiter();
        LockRequest request = waiter.request();
        table.remove(request);
        table.orders.reach(waiter.order());
        LockedFile file = table.file(request.file());
        if (file.waiters.containsKey(waiter.order())) {
            waiter = new Waiter(request, table.orders.next(), waiter.since(), waiter.callBack());
        }
        table.waiters.put(request, waiter);
        file.waits(waiter);
        table.owners.waits(request);
        table.owners.entry(request.owner()).state = change.state();
    }

    private void waitsNoMore(LockRequest request) {
        if (table.remove(request)) {
            LockedFile file = table.files.get(request.file());
            if (file.isUnused()) {
                table.files.remove(request.file());
            }
        }
    }

    private void shared(Shared change) {
        LockedFile file = table.file(change.file());
        Owners.Entry entry = table.owners.entry(change.owner());
        boolean fresh = !file.shares.has(entry.owner);
        file.shares.put(entry.owner, change.access(), change.mode());
        entry.files.add(file.key);
        entry.state = change.state();
        table.owners.count(entry.owner, fresh ? 1 : 0);
    }

    private void unshared(FileKey key, Owner owner) {
        LockedFile file = table.files.get(key);
        if (file != null && file.shares.unshare(owner)) {
            table.owners.count(owner, -1);
            table.tidy(file, owner);
        }
    }
}
