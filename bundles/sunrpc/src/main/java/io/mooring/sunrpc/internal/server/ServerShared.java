package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.internal.transport.TransportRegistry;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What all transports of a server use together. Immutable; its parts are thread-safe.
 *
 * @param ids gives each transport its number
 * @param newcomers what transports have in flight that have proved nothing yet
 * @param proven what those have in flight that {@linkplain CallTransport#PROOF_BYTES proved} to be of good will
 * @param log for what remote ends cause, so that they cannot fill the disk
 */
record ServerShared(
        String name,
        Limits limits,
        LongSupplier ids,
        InstantSource clock,
        InFlight newcomers,
        InFlight proven,
        ServerCounters counters,
        TransportRegistry registry,
        Moorings moorings,
        Dispatcher dispatcher,
        ServerLog log) {}
