package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What all transports of a server use together. Immutable; its parts are thread-safe.
 *
 * @param ids gives each transport its number
 * @param log for what remote ends cause, so that they cannot fill the disk
 */
record ServerShared(
        String name,
        Limits limits,
        LongSupplier ids,
        InstantSource clock,
        InFlight inFlight,
        ServerCounters counters,
        TransportRegistry registry,
        Dispatcher dispatcher,
        ServerLog log) {}
