package io.mooring.lockd.internal.journal;

import io.mooring.lockd.internal.journal.LockRecord.Changed;
import io.mooring.lockd.internal.journal.LockRecord.Forgotten;
import io.mooring.lockd.internal.journal.LockRecord.Grace;
import io.mooring.lockd.internal.nlm.GrantedCallBack;
import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.table.Change;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.Holder;
import io.mooring.lockd.internal.table.Host;
import io.mooring.lockd.internal.table.LockRequest;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Owner;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.table.Unconfirmed;
import io.mooring.lockd.internal.table.Waiter;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.Netid;
import io.mooring.vfs.FileId;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Any records. */
final class Records {
    private static final Arbitrary<Long> LONGS = Arbitraries.longs();

    private Records() {}

    static Arbitrary<LockRecord> any() {
        return Arbitraries.oneOf(
                changes().map(Changed::new),
                Arbitraries.of(true, false).map(Grace::new),
                Arbitraries.just(new Forgotten()));
    }

    static Arbitrary<Change> changes() {
        Arbitrary<Integer> states = Arbitraries.integers();
        Arbitrary<Integer> bits = Arbitraries.integers().between(0, 3);
        return Arbitraries.oneOf(
                Combinators.combine(files(), owners(), states, ranges())
                        .flatAs((file, owner, state, range) ->
                                parts(range).map(parts -> new Change.Held(file, owner, state, range, parts))),
                Combinators.combine(requests(), Arbitraries.longs().between(0, 1L << 60), LONGS, callBacks(), states)
                        .as((request, order, since, how, state) ->
                                new Change.Waits(new Waiter(request, order, since, how), state)),
                requests().map(Change.WaitsNoMore::new),
                Combinators.combine(
                                requests(),
                                callBacks(),
                                Arbitraries.of(true, false).list().ofMaxSize(3),
                                states,
                                LONGS)
                        .as((request, how, before, state, since) -> new Change.Granted(
                                new Unconfirmed(request, how, before(request, before)), state, since)),
                requests().map(Change.Confirmed::new),
                Combinators.combine(files(), owners(), states, bits, bits).as(Change.Shared::new),
                Combinators.combine(files(), owners()).as(Change.Unshared::new));
    }

    private static List<Holder> before(LockRequest request, List<Boolean> exclusives) {
        Owner owner = request.owner();
        return exclusives.stream()
                .map(exclusive -> new Holder(owner, owner.svid(), request.range(), exclusive))
                .toList();
    }

    private static Arbitrary<List<Change.Part>> parts(Range all) {
        return Arbitraries.integers().between(0, 4).map(count -> {
            List<Change.Part> parts = new ArrayList<>();
            for (long at = all.start(); parts.size() < count && at >= 0 && at <= all.end(); at += 2) {
                parts.add(new Change.Part(new Range(at, at), parts.size() % 2 == 0, at));
            }
            return parts;
        });
    }

    private static Arbitrary<byte[]> bytes(int max) {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(max);
    }

    private static Arbitrary<FileKey> files() {
        return Combinators.combine(LONGS, bytes(FileId.MAX_BYTES).map(FileId::new))
                .as(FileKey::new);
    }

    private static Arbitrary<Owner> owners() {
        Arbitrary<InetAddress> addresses = Arbitraries.of("10.0.0.1", "255.255.255.255", "2001:db8::1", "fe80::2")
                .map(Locking::address);
        Arbitrary<Host> hosts = Combinators.combine(addresses, addresses).as(Host::new);
        return Combinators.combine(hosts, Arbitraries.integers(), bytes(1024)).as(Owner::new);
    }

    private static Arbitrary<Range> ranges() {
        Arbitrary<Long> ends = Arbitraries.longs().between(0, Range.EOF);
        return Combinators.combine(ends, ends).as((a, b) -> new Range(Math.min(a, b), Math.max(a, b)));
    }

    private static Arbitrary<LockRequest> requests() {
        return Combinators.combine(files(), owners(), ranges(), Arbitraries.of(true, false))
                .as(LockRequest::new);
    }

    private static Arbitrary<CallBack> callBacks() {
        return Combinators.combine(
                        Arbitraries.of(NlmVersion.values()),
                        Arbitraries.of(Netid.values()),
                        Arbitraries.of(true, false),
                        Arbitraries.strings().ofMaxLength(300),
                        bytes(64))
                .as(GrantedCallBack::new);
    }
}
