package io.mooring.lockd.internal.testing;

import io.mooring.lockd.internal.peer.PeerTransport;
import io.mooring.lockd.internal.wire.Rpcbind;
import io.mooring.sunrpc.OneWayCall;
import io.mooring.sunrpc.RpcClient;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.XdrDecoder;
import io.mooring.sunrpc.XdrEncoder;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients' programs without sockets: rpcbind names the port that is set, and calls there are answered by the script. */
public final class ScriptedPeers implements PeerTransport {
    public static final int RPCBIND_PORT = 111;

    /** Where rpcbind says that every program is; 0: nowhere; -1: rpcbind does not answer. */
    public volatile int port = 4045;

    public volatile Script script = call -> CompletableFuture.failedFuture(new IOException("no script"));
    /** Calls of programs but rpcbind. */
    public final List<Call> calls = Collections.synchronizedList(new ArrayList<>());

    /** Messages that left from where the server listens. */
    public final List<Message> messages = Collections.synchronizedList(new ArrayList<>());

    /** What becomes of messages. */
    public volatile CompletableFuture<Void> sent = CompletableFuture.completedFuture(null);

    public final AtomicInteger open = new AtomicInteger();

    /** A message that was sent. */
    public record Message(OneWayCall call, byte[] arguments) {}

    /** A call that was made. */
    public record Call(RpcClientOptions options, int program, int version, int procedure, byte[] arguments) {}

    /** Answers a call with the result's bytes. */
    @FunctionalInterface
    public interface Script {
        CompletableFuture<byte[]> answer(Call call);
    }

    @Override
    public <A> CompletableFuture<Void> send(OneWayCall call, XdrEncoder<A> encoder, A arguments) {
        XdrWriter writer = XdrWriter.create();
        encoder.write(arguments, writer);
        messages.add(new Message(call, writer.toByteArray()));
        return sent;
    }

    @Override
    public RpcClient open(RpcClientOptions options) {
        open.incrementAndGet();
        return new RpcClient() {
            @Override
            public <A, R> CompletableFuture<R> call(
                    int program,
                    int version,
                    int procedure,
                    XdrEncoder<A> encoder,
                    A arguments,
                    XdrDecoder<R> decoder) {
                XdrWriter writer = XdrWriter.create();
                encoder.write(arguments, writer);
                return answer(new Call(options, program, version, procedure, writer.toByteArray()))
                        .thenCompose(bytes -> decoded(bytes, decoder));
            }

            @Override
            public void close() {
                open.decrementAndGet();
            }
        };
    }

    private static <R> CompletableFuture<R> decoded(byte[] bytes, XdrDecoder<R> decoder) {
        try {
            return CompletableFuture.completedFuture(decoder.read(XdrReader.of(bytes)));
        } catch (XdrException e) {
            return CompletableFuture.failedFuture(new IOException(e));
        }
    }

    private CompletableFuture<byte[]> answer(Call call) {
        if (call.program() != Rpcbind.PROGRAM) {
            calls.add(call);
            return script.answer(call);
        }
        if (port < 0) {
            return CompletableFuture.failedFuture(new IOException("no rpcbind"));
        }
        XdrWriter writer = XdrWriter.create();
        if (call.version() == Rpcbind.PORTMAP_VERSION) {
            writer.writeInt(port);
        } else {
            writer.writeString(port == 0 ? "" : "::." + (port >> 8) + "." + (port & 0xff));
        }
        return CompletableFuture.completedFuture(writer.toByteArray());
    }
}
