package io.mooring.lockd.internal.testing;

import io.mooring.lockd.internal.RareLog;
import io.mooring.lockd.internal.locks.Durability;
import io.mooring.lockd.internal.locks.Locks;
import io.mooring.lockd.internal.locks.Mirrors;
import io.mooring.lockd.internal.nlm.GrantedCalls;
import io.mooring.lockd.internal.nlm.NlmProcedures;
import io.mooring.lockd.internal.nlm.NlmProgram;
import io.mooring.lockd.internal.nsm.NsmProcedures;
import io.mooring.lockd.internal.nsm.NsmProgram;
import io.mooring.lockd.internal.nsm.Services;
import io.mooring.lockd.internal.nsm.StateDirectories;
import io.mooring.lockd.internal.peer.Backoff;
import io.mooring.lockd.internal.peer.PeerCalls;
import io.mooring.lockd.internal.table.LockTable;
import io.mooring.lockd.internal.table.Locking;
import io.mooring.lockd.internal.wire.Nlm4;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.vfs.LockTargets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/** All of lockd but its sockets, on a clock that stands. Closed by its test. */
public final class Kit implements AutoCloseable {
    public final FakeTargets targets = new FakeTargets();
    public final ScriptedPeers peers = new ScriptedPeers();
    public final AtomicLong nanos = new AtomicLong();
    public final List<String> log = Collections.synchronizedList(new ArrayList<>());
    public final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    public final LockTable table;
    public final Locks locks;
    public final Durability durability = new Durability();
    public final Services services;
    public final GrantedCalls grants;
    public volatile LockTargets resolver = targets;
    /** Monitors whose hosts were to be told. */
    public final List<String> notifying = new ArrayList<>();

    private final List<RpcProgram> nlm;
    private final RpcProgram nsm;

    /** The address 10.0.0.9 is not there yet. */
    public Kit(Path directory) {
        PeerCalls calls = new PeerCalls(peers, Duration.ofSeconds(5), ScriptedPeers.RPCBIND_PORT, timer);
        table = new LockTable(new LockTable.Limits(1000, 20), Clock.systemUTC());
        grants = new GrantedCalls(
                calls,
                this::locks,
                timer,
                new GrantedCalls.Settings(
                        new Backoff(Duration.ofMillis(1), Duration.ofMillis(20)), Duration.ofMillis(200)));
        locks = new Locks(table, new Mirrors(100), grants::tell);
        services = new Services(
                new Services.Settings(new StateDirectories(directory, directory), 5),
                () -> Duration.ofSeconds(45),
                table,
                locks,
                nanos::get,
                (monitor, present) ->
                        monitor.hosts().forEach((client, status) -> notifying.add(client.getHostAddress())));
        RareLog rare = new RareLog(log::add, nanos::get);
        nlm = NlmProgram.of(new NlmProcedures(() -> resolver, services, locks, rare), grants, calls, durability);
        nsm = NsmProgram.of(new NsmProcedures(services, calls, durability, rare));
    }

    private Locks locks() {
        return locks;
    }

    /** The address comes. */
    public Kit arrive() {
        services.arrive(List.of(Locking.SERVICE));
        return this;
    }

    public List<RpcProgram> programs() {
        List<RpcProgram> all = new ArrayList<>(nlm);
        all.add(nsm);
        return all;
    }

    public RpcProgram nlm(NlmVersion version) {
        return nlm.stream()
                .filter(p -> p.version() == version.number())
                .findFirst()
                .orElseThrow();
    }

    public RpcProgram nsm() {
        return nsm;
    }

    public static Procedure<?, ?> row(RpcProgram program, String name) {
        return program.procedures().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name));
    }

    /** Calls a procedure of version 4 by its wire form. */
    public <R> R call(String name, RpcCall call, Nlm4.Item arguments, Nlm4.ItemDecoder<R> result) {
        return call(NlmVersion.V4, name, call, arguments, result);
    }

    public <R> R call(NlmVersion version, String name, RpcCall call, Nlm4.Item arguments, Nlm4.ItemDecoder<R> result) {
        XdrWriter writer = XdrWriter.create();
        arguments.write(writer, version);
        XdrReader reader = XdrReader.of(call(row(nlm(version), name), call, writer.toByteArray()));
        try {
            R read = result == null ? null : result.read(reader, version);
            if (reader.remaining() != 0) {
                throw new AssertionError(reader.remaining() + " bytes are left over");
            }
            return read;
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
    }

    public static <A, R> byte[] call(Procedure<A, R> row, RpcCall call, byte[] arguments) {
        try {
            R result = row.handler().handle(call, row.decoder().read(XdrReader.of(arguments)));
            XdrWriter writer = XdrWriter.create();
            row.encoder().write(result, writer);
            return writer.toByteArray();
        } catch (XdrException | RpcException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        locks.close();
    }
}
