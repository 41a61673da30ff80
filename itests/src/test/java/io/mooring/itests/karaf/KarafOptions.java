package io.mooring.itests.karaf;

import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.maven;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.configureConsole;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.editConfigurationFilePut;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.features;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.karafDistributionConfiguration;
import static org.ops4j.pax.exam.karaf.options.KarafDistributionOption.logLevel;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.karaf.options.LogLevelOption.LogLevel;

/** A plain Karaf, as it is downloaded, that finds Mooring's bundles in the packed assembly. */
final class KarafOptions {
    static final String PORT_PROPERTY = "mooring.test.port";
    static final String LOCK_PORT_PROPERTY = "mooring.test.lockPort";
    static final String EXPORT_PROPERTY = "mooring.test.export";

    private KarafOptions() {}

    /** @param features the features to install at start, none for a bare Karaf that knows where to find them */
    static Option plainKaraf(String... features) {
        Path assembly =
                Path.of(System.getProperty("mooring.assembly")).toAbsolutePath().normalize();
        String version = System.getProperty("mooring.version");
        Path export = directory("export");
        FreePorts ports = new FreePorts();
        int port = ports.next();
        int lockPort = ports.next();
        return composite(
                karafDistributionConfiguration()
                        .frameworkUrl(maven("org.apache.karaf", "apache-karaf")
                                .type("tar.gz")
                                .version(System.getProperty("karaf.version")))
                        .unpackDirectory(new File("target/exam"))
                        .useDeployFolder(false),
                logLevel(LogLevel.INFO),
                configureConsole().ignoreLocalConsole(),
                systemProperty(PORT_PROPERTY).value(Integer.toString(port)),
                systemProperty(LOCK_PORT_PROPERTY).value(Integer.toString(lockPort)),
                systemProperty(EXPORT_PROPERTY).value(export.toString()),
                put("org.ops4j.pax.url.mvn", "org.ops4j.pax.url.mvn.defaultRepositories", repositories(assembly)),
                put("org.apache.karaf.shell", "sshPort", Integer.toString(ports.next())),
                put("org.apache.karaf.management", "rmiRegistryPort", Integer.toString(ports.next())),
                put("org.apache.karaf.management", "rmiServerPort", Integer.toString(ports.next())),
                put("io.mooring.nfsd", "port", Integer.toString(port)),
                put("io.mooring.nfsd", "exportsFile", exports(export).toString()),
                put("io.mooring.lockd", "port", Integer.toString(lockPort)),
                put("io.mooring.rpcbind", "mode", "server"),
                put("io.mooring.rpcbind", "port", Integer.toString(ports.next())),
                features(
                        maven("io.mooring", "features")
                                .classifier("features")
                                .type("xml")
                                .version(version),
                        features));
    }

    private static Option put(String pid, String key, String value) {
        return editConfigurationFilePut("etc/" + pid + ".cfg", key, value);
    }

    private static String repositories(Path assembly) {
        return assembly.resolve("system").toUri() + "@id=mooring@snapshots,"
                + "file:${karaf.home}/${karaf.default.repository}@id=system.repository@snapshots";
    }

    private static Path exports(Path export) {
        try {
            Path file = directory("etc").resolve("exports");
            return Files.writeString(file, export + " 127.0.0.0/8(rw,no_root_squash,insecure)\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path directory(String name) {
        try {
            Path parent = Files.createDirectories(Path.of("target", "exam-data").toAbsolutePath());
            return Files.createTempDirectory(parent, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
