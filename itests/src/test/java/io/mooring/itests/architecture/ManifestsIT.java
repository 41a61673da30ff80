package io.mooring.itests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the bundles show to others, read from the packed assembly. */
class ManifestsIT {
    private static final Path SYSTEM = Path.of(System.getProperty("mooring.assembly"), "system");

    @Test
    void bundlesExportTheirInterfacesAndNothingElse() throws IOException {
        Map<String, String> exports = new TreeMap<>();
        try (Stream<Path> jars = Files.walk(SYSTEM.resolve("io/mooring"))) {
            for (Path jar : jars.filter(p -> p.toString().endsWith(".jar")).toList()) {
                try (JarFile file = new JarFile(jar.toFile())) {
                    var main = file.getManifest().getMainAttributes();
                    String header = main.getValue("Export-Package");
                    String packages = header == null
                            ? ""
                            : header.replaceAll("\"[^\"]*\"", "").replaceAll(";[^,]*", "");
                    exports.put(main.getValue("Bundle-SymbolicName"), packages);
                }
            }
        }
        assertThat(exports)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("io.mooring.posix", "io.mooring.posix"),
                        Map.entry("io.mooring.addressmonitor", "io.mooring.addressmonitor"),
                        Map.entry("io.mooring.sunrpc", "io.mooring.sunrpc"),
                        Map.entry("io.mooring.rpcbind", ""),
                        Map.entry("io.mooring.vfs", "io.mooring.vfs,io.mooring.vfs.service"),
                        Map.entry("io.mooring.vfs.local", ""),
                        Map.entry("io.mooring.nfsd", "io.mooring.nfsd"),
                        Map.entry("io.mooring.lockd", "io.mooring.lockd"),
                        Map.entry("io.mooring.lockd.commands", ""),
                        Map.entry("io.mooring.failover", "io.mooring.failover"),
                        Map.entry("io.mooring.failover.commands", ""),
                        Map.entry("io.mooring.shell", "io.mooring.shell"),
                        Map.entry("io.mooring.addressmonitor.commands", ""),
                        Map.entry("io.mooring.sunrpc.commands", ""),
                        Map.entry("io.mooring.nfsd.commands", "")));
    }

    /** The features module verifies those that its pattern names: were it to fit none, the build would be green as well. */
    @Test
    void thePatternOfVerifiedFeaturesFitsThemAll() throws IOException {
        String file = "features-" + System.getProperty("mooring.version") + "-features.xml";
        try (Stream<Path> files = Files.walk(SYSTEM.resolve("io/mooring/features"))) {
            Path features = files.filter(p -> p.endsWith(file)).findFirst().orElseThrow();
            assertThat(Pattern.compile("<feature name=\"([^\"]+)\"")
                            .matcher(Files.readString(features))
                            .results()
                            .map(r -> r.group(1)))
                    .contains("mooring", "mooring-nfsd", "mooring-sunrpc", "mooring-rpcbind", "mooring-address-monitor")
                    .allMatch(name -> name.startsWith("mooring"));
        }
        assertThat(Files.readString(Path.of("..", "features", "pom.xml"))).contains("<feature>mooring*</feature>");
    }

    @Test
    void everyNettyArtefactIsOfOneVersion() throws IOException {
        Pattern version = Pattern.compile("netty-(?<artifact>.*?)-(?<version>4[.].*?Final)(-linux-x86_64)?[.]jar");
        try (Stream<Path> jars = Files.walk(SYSTEM.resolve("io/netty"))) {
            assertThat(jars.map(p -> p.getFileName().toString())
                            .map(version::matcher)
                            .filter(java.util.regex.Matcher::matches)
                            .map(m -> m.group("version")))
                    .hasSizeGreaterThan(6)
                    .containsOnly(System.getProperty("netty.version"));
        }
    }
}
