package io.mooring.lockd.internal;

import static org.awaitility.Awaitility.await;

import io.mooring.lockd.internal.nlm.NlmProcedures;
import io.mooring.lockd.internal.nlm.NlmProgram;
import io.mooring.lockd.internal.nsm.NsmProcedures;
import io.mooring.lockd.internal.nsm.NsmProgram;
import io.mooring.lockd.internal.table.FileKey;
import io.mooring.lockd.internal.table.FileStatus;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.table.Range;
import io.mooring.lockd.internal.testing.Defaults;
import io.mooring.lockd.internal.testing.FakeCall;
import io.mooring.lockd.internal.testing.FakeTargets;
import io.mooring.lockd.internal.testing.Kit;
import io.mooring.lockd.internal.testing.MemoryJournal;
import io.mooring.lockd.internal.testing.ScriptedPeers;
import io.mooring.lockd.internal.wire.Nlm4;
import io.mooring.lockd.internal.wire.Nlm4.CancArgs;
import io.mooring.lockd.internal.wire.Nlm4.Item;
import io.mooring.lockd.internal.wire.Nlm4.Lock;
import io.mooring.lockd.internal.wire.Nlm4.LockArgs;
import io.mooring.lockd.internal.wire.Nlm4.Notify;
import io.mooring.lockd.internal.wire.Nlm4.Res;
import io.mooring.lockd.internal.wire.Nlm4.Share;
import io.mooring.lockd.internal.wire.Nlm4.ShareArgs;
import io.mooring.lockd.internal.wire.Nlm4.ShareRes;
import io.mooring.lockd.internal.wire.Nlm4.Stat;
import io.mooring.lockd.internal.wire.Nlm4.UnlockArgs;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.lockd.internal.wire.Sm1.StatChge;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A node's lockd without its sockets, which takes a service and releases it. Closed by its test. */
final class Node implements AutoCloseable {
    final FakeTargets targets = new FakeTargets();
    final ScriptedPeers peers = new ScriptedPeers();
    final LockState state;
    final LockdParticipant participant;
    final LockEntries entries;
    volatile LockTargets resolver = targets;
    Mooring mooring;

    private final Path service;
    private final RpcProgram nlm;
    private final RpcProgram nsm;

    /** The service is not taken yet. */
    Node(Path own, Path service, InetAddress... addresses) {
        this.service = service;
        LockServer.Config config = Defaults.of(LockServer.Config.class, Map.of("localPollMillis", 10, "maxLocks", 50));
        state = new LockState(Configuration.read(config, own));
        state.callWith(peers);
        peers.script = call -> CompletableFuture.failedFuture(new IOException("unreachable"));
        participant = new LockdParticipant(state, () -> resolver);
        entries = new LockEntries(state, () -> resolver);
        NlmProcedures procedures =
                new NlmProcedures(() -> resolver, state.services(), state.locks(), new RareLog(l -> {}, () -> 0));
        nlm = NlmProgram.of(procedures, state.grants(), state.peers(), state.durability()).stream()
                .filter(p -> p.version() == 4)
                .findFirst()
                .orElseThrow();
        nsm = NsmProgram.of(
                new NsmProcedures(state.services(), state.peers(), state.durability(), new RareLog(l -> {}, () -> 0)));
        mooring = moor(addresses.length == 0 ? new InetAddress[] {Locking.SERVICE} : addresses);
    }

    Mooring moor(InetAddress... addresses) {
        return participant.moor(new ServiceDeclaration("data", List.of(addresses), List.of(), "test", service));
    }

    Node take(MemoryJournal journal) throws IOException {
        return take(journal, true);
    }

    Node take(MemoryJournal journal, boolean complete) throws IOException {
        mooring.take(new ServiceState(service, journal, complete));
        return this;
    }

    private static Lock range(int svid, long offset, long length) {
        byte[] oh = (svid + "@client").getBytes(StandardCharsets.US_ASCII);
        return new Lock("client", FakeTargets.handle(1), oh, svid, offset, length);
    }

    Stat lock(FakeCall call, long offset, long length) throws RpcException {
        return res("LOCK", call, new LockArgs(new byte[4], false, true, range(1, offset, length), false, 3));
    }

    Stat shared(FakeCall call, long offset, long length) throws RpcException {
        return res("LOCK", call, new LockArgs(new byte[4], false, false, range(1, offset, length), false, 3));
    }

    Stat waiting(FakeCall call, long offset, long length) throws RpcException {
        return res("LOCK", call, new LockArgs(new byte[4], true, true, range(1, offset, length), false, 3));
    }

    Stat reclaim(FakeCall call, long offset, long length) throws RpcException {
        return res("LOCK", call, new LockArgs(new byte[4], false, true, range(1, offset, length), true, 3));
    }

    Stat unlock(FakeCall call, long offset, long length) throws RpcException {
        return res("UNLOCK", call, new UnlockArgs(new byte[4], range(1, offset, length)));
    }

    Stat cancel(FakeCall call, long offset, long length) throws RpcException {
        return res("CANCEL", call, new CancArgs(new byte[4], true, true, range(1, offset, length)));
    }

    Stat share(FakeCall call, int access, int mode) throws RpcException {
        Share share = new Share("client", FakeTargets.handle(1), new byte[] {'s'}, mode, access);
        return read(call(nlm, "SHARE", call, bytes(new ShareArgs(new byte[4], share, false))), ShareRes::read)
                .stat();
    }

    void freeAll(FakeCall call) throws RpcException {
        call(nlm, "FREE_ALL", call, bytes(new Notify("client", 0)));
    }

    void notify(FakeCall call, int clientState) throws RpcException {
        XdrWriter writer = XdrWriter.create();
        new StatChge("client", clientState).write(writer);
        call(nsm, "NOTIFY", call, writer.toByteArray());
    }

    Stat res(String name, FakeCall call, Item args) throws RpcException {
        return read(call(nlm, name, call, bytes(args)), Res::read).stat();
    }

    private static byte[] bytes(Item item) {
        XdrWriter writer = XdrWriter.create();
        item.write(writer, NlmVersion.V4);
        return writer.toByteArray();
    }

    private static <R> R read(byte[] bytes, Nlm4.ItemDecoder<R> decoder) {
        try {
            return decoder.read(XdrReader.of(bytes), NlmVersion.V4);
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] call(RpcProgram program, String name, FakeCall call, byte[] arguments) throws RpcException {
        return call(Kit.row(program, name), call, arguments);
    }

    private static <A, R> byte[] call(Procedure<A, R> row, FakeCall call, byte[] arguments) throws RpcException {
        try {
            R result = row.handler().handle(call, row.decoder().read(XdrReader.of(arguments)));
            XdrWriter writer = XdrWriter.create();
            row.encoder().write(result, writer);
            return writer.toByteArray();
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
    }

    /** What the procedures of the version that keeps replies are. */
    Set<String> names(Procedure.Replay replay) {
        return nlm.procedures().stream()
                .filter(p -> p.replay() == replay)
                .map(Procedure::name)
                .collect(java.util.stream.Collectors.toSet());
    }

    static FileKey file() {
        return FakeTargets.key(1);
    }

    FileStatus status() {
        return state.table().status(file());
    }

    /** Who holds what of the file, in order of owners. */
    List<String> held() {
        return status().held().stream()
                .map(held -> held.owner().host() + " " + held.range() + (held.exclusive() ? " x" : " s"))
                .sorted()
                .toList();
    }

    List<String> waiters() {
        return status().waiting().stream()
                .map(w -> w.waiter().request().owner().host() + " "
                        + w.waiter().request().range())
                .toList();
    }

    void awaitHeld(String... lines) {
        await().until(() -> held().equals(List.of(lines)));
    }

    /** Whether the file system has the range, as a process of this host sees it. */
    boolean isLockedInTheFileSystem(Range range) {
        boolean free = targets.files.localLock(file(), range, io.mooring.lockd.internal.table.UnionPart.Kind.EXCLUSIVE);
        if (free) {
            targets.files.localLock(file(), range, io.mooring.lockd.internal.table.UnionPart.Kind.NONE);
        }
        return !free;
    }

    @Override
    public void close() {
        participant.close();
        state.close();
    }
}
