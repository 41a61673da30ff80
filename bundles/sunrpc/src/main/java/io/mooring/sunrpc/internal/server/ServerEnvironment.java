package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.internal.client.ClientFactory;
import io.mooring.sunrpc.internal.transport.AddressKey;
import io.mooring.sunrpc.internal.transport.EventLoops;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What a server gets from outside. Immutable.
 *
 * @param ids gives each transport its number
 * @param presentAddresses whether this host has an address now
 */
public record ServerEnvironment(
        EventLoops loops,
        ClientFactory clients,
        LongSupplier ids,
        InstantSource clock,
        Timer timer,
        Predicate<AddressKey> presentAddresses,
        SocketTable sockets) {}
