package io.mooring.sunrpc.internal.client;

import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.internal.transport.EventLoops;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Makes clients. Immutable.
 *
 * @param ids gives each transport its number
 * @param firstXids where a client's xids begin; by chance, or a server would take its calls for those of an earlier one
 */
public record ClientFactory(EventLoops loops, LongSupplier ids, InstantSource clock, IntSupplier firstXids) {

    NettyRpcClient open(RpcClientOptions options, TransportRegistry registry, Consumer<NettyRpcClient> onClose) {
        return new NettyRpcClient(options, this, registry, onClose);
    }
}
