package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The procedure tables without sockets: a call is encoded, decoded, handled, and so is its result. */
final class TestRpcbind {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final int MAX_FOREIGN = 20;

    final LocalPrograms local = new LocalPrograms();
    final ForeignRegistrations foreign = new ForeignRegistrations();
    final List<String> denied = new ArrayList<>();
    private final List<RpcProgram> programs;

    TestRpcbind() {
        this(false);
    }

    TestRpcbind(boolean privilegedOnly) {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        programs = OwnServer.programs(
                new Directory(local, foreign, MAX_FOREIGN),
                new SetRule(privilegedOnly, new RateLimitedLog(clock, denied::add)),
                clock);
    }

    <A, R> R call(RpcCall call, int version, int procedure, XdrEncoder<A> encoder, A arguments, XdrDecoder<R> decoder)
            throws RpcException, XdrException {
        XdrWriter bytes = XdrWriter.create();
        encoder.write(arguments, bytes);
        XdrReader reply = XdrReader.of(callBytes(call, version, procedure, bytes.toByteArray()));
        R result = decoder.read(reply);
        if (reply.remaining() != 0) {
            throw new XdrException(reply.remaining() + " bytes too many");
        }
        return result;
    }

    byte[] callBytes(RpcCall call, int version, int procedure, byte[] arguments) throws RpcException, XdrException {
        Procedure<?, ?> found = programs.stream()
                .filter(p -> p.version() == version)
                .flatMap(p -> p.procedures().stream())
                .filter(p -> p.number() == procedure)
                .findFirst()
                .orElseThrow(() -> new RpcException(RpcException.Answer.PROC_UNAVAIL, "" + procedure));
        return run(found, call, arguments);
    }

    private static <A, R> byte[] run(Procedure<A, R> procedure, RpcCall call, byte[] arguments)
            throws RpcException, XdrException {
        R result = procedure.handler().handle(call, procedure.decoder().read(XdrReader.of(arguments)));
        XdrWriter writer = XdrWriter.create();
        procedure.encoder().write(result, writer);
        return writer.toByteArray();
    }

    // Version 2.

    int getPort(RpcCall call, int program, int version, int protocol) throws RpcException, XdrException {
        var argument = new Portmap2.Mapping(program, version, protocol, 0);
        return call(call, 2, Portmap2.GETPORT, Portmap2.Mapping::write, argument, XdrReader::readInt);
    }

    boolean change2(RpcCall call, int procedure, Portmap2.Mapping mapping) throws RpcException, XdrException {
        return call(call, 2, procedure, Portmap2.Mapping::write, mapping, XdrReader::readBool);
    }

    List<Portmap2.Mapping> dump2(RpcCall call) throws RpcException, XdrException {
        return call(call, 2, Portmap2.DUMP, NOTHING, null, Portmap2.MappingList::read)
                .mappings();
    }

    // Versions 3 and 4.

    static final XdrEncoder<Void> NOTHING = (none, w) -> {};

    String address(RpcCall call, int procedure, int program, int version) throws RpcException, XdrException {
        var argument = new Rpcbind4.Rpcb(program, version, "", "", "");
        return call(call, 4, procedure, Rpcbind4.Rpcb::write, argument, r -> r.readString(1000));
    }

    boolean change(RpcCall call, int version, int procedure, Rpcbind4.Rpcb rpcb) throws RpcException, XdrException {
        return call(call, version, procedure, Rpcbind4.Rpcb::write, rpcb, XdrReader::readBool);
    }

    List<Rpcbind4.Rpcb> dump(RpcCall call, int version) throws RpcException, XdrException {
        return call(call, version, Rpcbind4.DUMP, NOTHING, null, Rpcbind4.RpcbList::read)
                .entries();
    }
}
