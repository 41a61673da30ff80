package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.posix.Credentials;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that is no root, or lacks capabilities, or has too many: each in a JVM of its own. */
class UnprivilegedServerTest {
    private static final int NOBODY = 65534;

    private Path place;

    @BeforeEach
    void makePlace() throws IOException {
        assumeTrue(Credentials.effectiveUid() == 0, "only root can start a server as another user");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv (util-linux) is not installed");
        // In /tmp, since that user may not be able to get into the build's directory.
        place = Files.createTempDirectory("unprivileged");
        Files.setAttribute(place, "unix:mode", 0755);
        Files.setAttribute(Files.createDirectory(place.resolve("tree")), "unix:mode", 0777);
    }

    @AfterEach
    void removePlace() throws IOException {
        if (place != null) {
            TestTree.delete(place);
        }
    }

    @Test
    void aPlainUserServesThroughAnIndex() throws Exception {
        List<String> output = run("--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        assertThat(output)
                .anyMatch(line -> line.contains("runs as uid " + NOBODY))
                .anyMatch(line -> line.contains("through an index"))
                .contains("owner " + NOBODY, "read 7");
    }

    @Test
    void aUserThatMayReadAllIsRefused() throws Exception {
        for (String capability : List.of("dac_override", "dac_read_search", "fowner")) {
            List<String> output = run(
                    "--reuid=" + NOBODY,
                    "--regid=" + NOBODY,
                    "--clear-groups",
                    "--inh-caps=+" + capability,
                    "--ambient-caps=+" + capability);
            assertThat(output)
                    .anyMatch(line -> line.startsWith("refused PERM")
                            && line.contains("CAP_" + capability.toUpperCase(java.util.Locale.ROOT)));
        }
    }

    @Test
    void rootThatCannotTakeIdentitiesIsRefused() throws Exception {
        assertThat(run("--bounding-set=-setuid")).anyMatch(line -> line.startsWith("refused PERM"));
        assertThat(run("--bounding-set=-setgid")).anyMatch(line -> line.startsWith("refused PERM"));
    }

    @Test
    void rootThatMayNotOpenHandlesUsesAnIndex() throws Exception {
        assertThat(run("--bounding-set=-dac_read_search"))
                .anyMatch(line -> line.contains("through an index"))
                .contains("owner 1234", "read 7");
    }

    @Test
    void noClassIsLoadedWithAnotherIdentity() throws Exception {
        // Nobody but root can get at the classes, nor at the tree by its path.
        Files.setAttribute(place, "unix:mode", 0700);
        assertThat(run(FirstCalls.class)).contains("all done");
        TestTree.delete(place.resolve("tree"));
        Files.setAttribute(Files.createDirectory(place.resolve("tree")), "unix:mode", 0777);
        assertThat(run(FirstCalls.class, "--bounding-set=-dac_read_search")).contains("all done");
    }

    private List<String> run(String... privileges) throws Exception {
        return run(UnprivilegedServer.class, privileges);
    }

    private List<String> run(Class<?> server, String... privileges) throws Exception {
        List<String> command = new ArrayList<>();
        command.add("/usr/bin/setpriv");
        command.addAll(List.of(privileges));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-cp", classPath(), server.getName()));
        command.add(place.resolve("tree").toString());
        Path output = place.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(output);
    }

    /** Copies what is needed to where every user can read it. */
    private String classPath() throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            String name = from.getFileName().toString();
            Path to = place.resolve("classes" + copies.size());
            if (Files.isDirectory(from)) {
                copy(from, to);
                copies.add(to.toString());
            } else if (name.startsWith("jna-") || name.startsWith("slf4j-") || name.startsWith("io.mooring")) {
                Files.copy(from, Path.of(to + ".jar"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                copies.add(to + ".jar");
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else if (each.toString().endsWith(".class")) {
                    Files.copy(each, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
