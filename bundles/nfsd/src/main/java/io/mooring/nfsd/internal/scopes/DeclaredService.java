package io.mooring.nfsd.internal.scopes;

import io.mooring.nfsd.internal.exports.ExportDefinition;
import io.mooring.nfsd.internal.exports.ExportsParser;
import io.mooring.nfsd.internal.exports.ParsedExports;
import io.mooring.vfs.service.ServiceDeclaration;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A service as it is declared, its exports read. What it must not share with others is told as a line for who wrote the
 * declaration. Immutable.
 *
 * @param state its state directory
 */
record DeclaredService(String name, Set<InetAddress> addresses, List<ExportDefinition> exports, Path state) {

    DeclaredService {
        addresses = Set.copyOf(addresses);
        exports = List.copyOf(exports);
    }

    /**
     * @throws IllegalArgumentException naming the first line that is wrong
     */
    static DeclaredService read(ServiceDeclaration declared) {
        String text = String.join("\n", declared.exports());
        ParsedExports parsed = new ExportsParser().add(declared.origin(), text).build();
        if (!parsed.problems().isEmpty()) {
            throw new IllegalArgumentException(parsed.problems().get(0).toString());
        }
        if (parsed.definitions().isEmpty()) {
            throw new IllegalArgumentException(
                    declared.origin() + ": service " + declared.name() + " has no exports: name a directory");
        }
        return new DeclaredService(
                declared.name(),
                declared.addresses().stream().map(LocalAddress::unmapped).collect(Collectors.toSet()),
                parsed.definitions(),
                declared.stateDirectory().toAbsolutePath().normalize());
    }

    /**
     * Why one of its own exports gives its state away; null: none does.
     *
     * @param real follows symbolic links
     */
    String givesAwayState(UnaryOperator<Path> real) {
        return exports.stream()
                .map(export -> stateIn(export, real))
                .filter(refusal -> refusal != null)
                .findFirst()
                .orElse(null);
    }

    /** Why there cannot be this one beside another one; null: there can. */
    String conflict(DeclaredService other, UnaryOperator<Path> real) {
        if (name.equals(other.name)) {
            return "there is a service " + name + " already: give one of them another name";
        }
        for (InetAddress address : addresses) {
            if (other.addresses.contains(address)) {
                return "services " + name + " and " + other.name + " have the same address " + address.getHostAddress();
            }
        }
        String relation = relation(state, other.state, real);
        if (relation != null) {
            return "the state directory " + state + " of service " + name + relation + other.state
                    + ", that of service " + other.name;
        }
        for (ExportDefinition export : exports) {
            String refusal = other.refusal(export, real);
            if (refusal != null) {
                return refusal;
            }
        }
        return other.exports.stream()
                .map(export -> stateIn(export, real))
                .filter(refusal -> refusal != null)
                .findFirst()
                .orElse(null);
    }

    /** Why an export must not be served that is not this service's; null: it may be. */
    String refusal(ExportDefinition other, UnaryOperator<Path> real) {
        for (ExportDefinition mine : exports) {
            String owner = ", an export of service " + name + " (" + origin(mine) + ")";
            String relation = relation(other.path(), mine.path(), real);
            if (relation != null) {
                return other.path() + relation + mine.path() + owner + ": remove one of the two";
            }
            if (mine.fsid() == other.fsid()) {
                return other.path() + " has the fsid of " + mine.path() + owner + ": give one of them another by fsid=";
            }
        }
        return stateIn(other, real);
    }

    private String stateIn(ExportDefinition export, UnaryOperator<Path> real) {
        String relation = relation(export.path(), state, real);
        return relation == null
                ? null
                : export.path() + relation + state + ", the state directory of service " + name
                        + ", which is no client's: have them apart (" + origin(export) + ")";
    }

    private static String origin(ExportDefinition export) {
        return export.rules().get(0).origin();
    }

    /** How one is about the other; null: not at all. */
    private static String relation(Path one, Path other, UnaryOperator<Path> real) {
        Path mine = real.apply(one);
        Path others = real.apply(other);
        if (mine.equals(others)) {
            return " is ";
        }
        return others.startsWith(mine) ? " contains " : mine.startsWith(others) ? " lies in " : null;
    }
}
