package io.mooring.nfsd.internal.testing;

import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;

/** Runs procedures of a table without a transport: arguments and results go through their wire form. */
public final class ProcedureKit {

    private ProcedureKit() {}

    public static Procedure<?, ?> row(RpcProgram program, String name) {
        return program.procedures().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Calls a procedure; null arguments: void. */
    public static <R> R call(RpcProgram program, String name, RpcCall call, Item arguments, XdrDecoder<R> result) {
        XdrWriter writer = XdrWriter.create();
        if (arguments != null) {
            arguments.write(writer);
        }
        return decode(call(row(program, name), call, writer.toByteArray()), result);
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

    /** Everything must have been read. */
    public static <R> R decode(byte[] bytes, XdrDecoder<R> decoder) {
        try {
            XdrReader reader = XdrReader.of(bytes);
            R result = decoder.read(reader);
            if (reader.remaining() != 0) {
                throw new AssertionError(reader.remaining() + " bytes are left over");
            }
            return result;
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
    }
}
