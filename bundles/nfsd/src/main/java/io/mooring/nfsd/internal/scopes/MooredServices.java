package io.mooring.nfsd.internal.scopes;

import io.mooring.nfsd.internal.exports.Claims;
import io.mooring.nfsd.internal.exports.ExportDefinition;
import io.mooring.nfsd.internal.exports.ExportPaths;
import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.vfs.VfsException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The services that this node may have: whose an address is, and what is theirs alone. Thread-safe: copied when changed. */
public final class MooredServices implements Claims, AutoCloseable {
    private final ExportPaths paths;
    private final Supplier<Exports> freshExports;
    private final LongSupplier nanoClock;
    private volatile List<MooredService> services = List.of();
    private volatile Map<InetAddress, MooredService> byAddress = Map.of();

    /**
     * None at first.
     *
     * @param freshExports makes exports of which none is open
     */
    public MooredServices(ExportPaths paths, Supplier<Exports> freshExports, LongSupplier nanoClock) {
        this.paths = paths;
        this.freshExports = freshExports;
        this.nanoClock = nanoClock;
    }

    /** A service for people. */
    public record Listed(String name, List<ExportDefinition> exports, Scope scope) {}

    /** Those that are declared. The scope is null where this node has not taken it. */
    public List<Listed> list() {
        return services.stream()
                .filter(each -> !each.isClosed())
                .map(each -> new Listed(each.declared().name(), each.declared().exports(), each.scope()))
                .toList();
    }

    /**
     * Gives its addresses to a service.
     *
     * @throws IllegalArgumentException where it cannot be beside the others; the message names what to change
     */
    synchronized MooredService moor(DeclaredService declared) {
        refuse(declared.givesAwayState(paths::real));
        declared.exports().forEach(export -> refuse(ownFiles(export)));
        List<MooredService> next = new ArrayList<>();
        for (MooredService other : services) {
            if (!other.isClosed()) {
                refuse(declared.conflict(other.declared(), paths::real));
            }
            boolean again = other.declared().name().equals(declared.name());
            if (!other.isGone() && !again) {
                next.add(other);
            }
        }
        MooredService moored = new MooredService(declared, paths, freshExports, nanoClock);
        next.add(moored);
        publish(next);
        return moored;
    }

    private static void refuse(String reason) {
        if (reason != null) {
            throw new IllegalArgumentException(reason);
        }
    }

    private String ownFiles(ExportDefinition export) {
        try {
            return paths.refusal(export.path());
        } catch (VfsException e) {
            // The path does not answer now; it is asked again when it is opened.
            return null;
        }
    }

    /** Who has an address now wins over who had it. */
    private void publish(List<MooredService> next) {
        Map<InetAddress, MooredService> addresses = new HashMap<>();
        for (MooredService service : next) {
            for (InetAddress address : service.declared().addresses()) {
                MooredService other = addresses.get(address);
                if (other == null || other.isClosed()) {
                    addresses.put(address, service);
                }
            }
        }
        byAddress = Map.copyOf(addresses);
        services = List.copyOf(next);
    }

    /** Whose an address of this host is; null: no service's. */
    MooredService at(InetAddress local) {
        MooredService service = byAddress.get(LocalAddress.unmapped(local));
        return service == null || service.isGone() ? null : service;
    }

    /** The service that signed a handle, for messages; null: none that was taken here. */
    String signer(byte[] handle) {
        return services.stream()
                .filter(each -> !each.isGone() && each.signed(handle))
                .map(each -> "service " + each.declared().name())
                .findFirst()
                .orElse(null);
    }

    @Override
    public String refusal(ExportDefinition definition) {
        return services.stream()
                .filter(each -> !each.isGone())
                .map(each -> each.declared().refusal(definition, paths::real))
                .filter(reason -> reason != null)
                .findFirst()
                .orElse(null);
    }

    /** Lets go of what is mounted below exports and not used. */
    public void tidy() {
        services.forEach(MooredService::tidy);
    }

    @Override
    public void close() {
        services.forEach(MooredService::close);
    }
}
