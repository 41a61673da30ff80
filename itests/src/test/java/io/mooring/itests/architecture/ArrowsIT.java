package io.mooring.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The arrows between the bundles are those of the map, and no other. */
class ArrowsIT {
    /** Each bundle's package below io.mooring, and the bundles that it may use. */
    private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("posix", Set.of()),
            Map.entry("addressmonitor", Set.of("posix")),
            Map.entry("sunrpc", Set.of("posix")),
            Map.entry("rpcbind", Set.of("sunrpc", "addressmonitor")),
            Map.entry("vfs", Set.of()),
            Map.entry("vfs.local", Set.of("vfs", "posix")),
            Map.entry("nfsd", Set.of("sunrpc", "vfs", "addressmonitor")),
            Map.entry("lockd", Set.of("sunrpc", "vfs", "addressmonitor")),
            Map.entry("failover", Set.of("sunrpc", "vfs", "addressmonitor", "posix")),
            Map.entry("shell", Set.of()),
            Map.entry("addressmonitor.commands", Set.of("addressmonitor", "shell")),
            Map.entry("sunrpc.commands", Set.of("sunrpc", "shell")),
            Map.entry("nfsd.commands", Set.of("nfsd", "shell")),
            Map.entry("lockd.commands", Set.of("lockd", "shell")),
            Map.entry("failover.commands", Set.of("failover", "shell")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.mooring");

    @Test
    void bundlesUseOnlyTheBundlesThatTheMapAllows() {
        Set<String> forbidden = new TreeSet<>();
        for (JavaClass origin : ours()) {
            String from = bundleOf(origin);
            for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                String to = bundleOf(dependency.getTargetClass());
                if (to != null && !to.equals(from) && !ALLOWED.get(from).contains(to)) {
                    forbidden.add(from + " → " + to + " in " + origin.getName());
                }
            }
        }
        assertThat(forbidden).isEmpty();
    }

    @Test
    void bundlesUseOnlyTheExportedPackagesOfOthers() {
        Set<String> forbidden = new TreeSet<>();
        for (JavaClass origin : ours()) {
            for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                boolean foreign = bundleOf(target) != null && !bundleOf(target).equals(bundleOf(origin));
                if (foreign && target.getPackageName().contains(".internal")) {
                    forbidden.add(origin.getName() + " → " + target.getName());
                }
            }
        }
        assertThat(forbidden).isEmpty();
    }

    @Test
    void everyBundleOfTheMapIsLookedAt() {
        Set<String> seen = new TreeSet<>();
        ours().forEach(c -> seen.add(bundleOf(c)));
        assertThat(seen).isEqualTo(new TreeSet<>(ALLOWED.keySet()));
    }

    @Test
    void noNettyTypeIsInAnExportedSignature() {
        assertThat(ours().stream()
                        .filter(c -> c.getPackageName().equals("io.mooring.sunrpc"))
                        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                        .filter(d -> d.getTargetClass().getPackageName().startsWith("io.netty"))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    @Test
    void onlyPosixMakesNativeCalls() {
        assertThat(ours().stream()
                        .filter(c -> c.getDirectDependenciesFromSelf().stream()
                                .anyMatch(
                                        d -> d.getTargetClass().getPackageName().startsWith("com.sun.jna")))
                        .map(ArrowsIT::bundleOf))
                .isNotEmpty()
                .containsOnly("posix");
    }

    private static Set<JavaClass> ours() {
        Set<JavaClass> ours = new java.util.HashSet<>();
        for (JavaClass c : CLASSES) {
            if (bundleOf(c) != null) {
                ours.add(c);
            }
        }
        return ours;
    }

    /** The bundle with the longest package that the class is in; null for classes that are not ours. */
    private static String bundleOf(JavaClass c) {
        String best = null;
        for (String bundle : ALLOWED.keySet()) {
            String prefix = "io.mooring." + bundle;
            String name = c.getPackageName();
            boolean inside = name.equals(prefix) || name.startsWith(prefix + ".");
            if (inside && (best == null || best.length() < bundle.length())) {
                best = bundle;
            }
        }
        return best;
    }
}
