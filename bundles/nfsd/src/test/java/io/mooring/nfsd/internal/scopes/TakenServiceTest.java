package io.mooring.nfsd.internal.scopes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.exports.ExportPaths;
import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.nfsd.internal.testing.Defaults;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.vfs.Caller;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.local.LocalFileSystemProvider;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service does to real directories. */
class TakenServiceTest {
    private static final InetAddress DATA = NfsKit.address("10.0.0.50");

    @TempDir
    Path top;

    private final LocalFileSystemProvider files =
            new LocalFileSystemProvider(Defaults.of(LocalFileSystemProvider.Configuration.class, Map.of()));
    private final ExportPaths paths = new ExportPaths(files, OwnFiles.NONE, Duration.ofSeconds(60));
    private final Exports plain = new Exports(paths, null, System::nanoTime);
    private final MooredServices services =
            new MooredServices(paths, () -> new Exports(paths, null, System::nanoTime), System::nanoTime);
    private Path state;
    private Path one;
    private Path two;
    private Mooring data;

    @BeforeEach
    void moor() throws IOException {
        top = top.toRealPath();
        state = Files.createDirectory(top.resolve("state"));
        one = Files.createDirectory(top.resolve("one"));
        two = top.resolve("two");
        data = declared(one + " *(rw)", two + " *(rw,async)");
    }

    private Mooring declared(String... exports) {
        ServiceDeclaration declaration =
                new ServiceDeclaration("data", List.of(DATA), List.of(exports), "data.cfg", state);
        return new NfsParticipant(services, plain).moor(declaration);
    }

    @AfterEach
    void close() {
        services.close();
        plain.close();
        paths.close();
    }

    private void take() throws IOException {
        data.take(new ServiceState(state, null, true));
    }

    private Scope taken() {
        return services.at(DATA).scope();
    }

    private FileSystem fileSystem() {
        return taken().exports().get().exports().get(0).fileSystem();
    }

    /** What of a directory this process has open. */
    private static List<String> open(Path below) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .map(TakenServiceTest::target)
                    .filter(target -> target.startsWith(below.toString()))
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    private static FileId written(FileSystem fileSystem) throws VfsException {
        NewAttributes attributes = new NewAttributes(0600, null, null, null, null, null);
        CreateMode mode = new CreateMode.Unchecked(attributes);
        FileId file = fileSystem
                .create(Caller.ROOT, fileSystem.root(), NfsKit.bytes("f"), mode)
                .id();
        ByteBuffer[] source = {ByteBuffer.allocateDirect(4).putInt(7).flip()};
        fileSystem.write(Caller.ROOT, file, 0, source, Stability.UNSTABLE);
        return file;
    }

    @Test
    void eachTakeHasANewWriteVerifierAndTheSameHandles() throws Exception {
        Files.createDirectory(two);
        take();
        FileId file = written(fileSystem());
        long verifier = fileSystem().writeVerifier();
        byte[] handle = taken().handles().encode(1, file);
        data.release();
        assertThat(taken()).isNull();
        take();
        assertThat(fileSystem().writeVerifier()).isNotEqualTo(verifier);
        assertThat(taken().handles().decode(handle)).isPresent();
        assertThat(fileSystem().attributes(file).size()).isEqualTo(4);
    }

    @Test
    void theKeyIsForTheOwnerOnly() throws IOException {
        Files.createDirectory(two);
        take();
        Path key = state.resolve("nfsd/handle.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void whatCannotBeTakenLeavesNothingOpen() throws IOException {
        List<String> before = open(top);
        assertThatThrownBy(this::take).isInstanceOf(IOException.class).hasMessageContaining(two.toString());
        assertThat(taken()).isNull();
        assertThat(open(top)).isEqualTo(before);
        Files.createDirectory(two);
        take();
        assertThat(taken()).isNotNull();
    }

    @Test
    void withoutItsStateItIsNotTaken() throws IOException {
        Files.createDirectory(two);
        Files.delete(state);
        assertThatThrownBy(this::take).isInstanceOf(IOException.class).hasMessageContaining("nfsd cannot be made");
        Files.createDirectories(state.resolve("nfsd"));
        Files.writeString(state.resolve("nfsd/handle.key"), "short");
        Files.setPosixFilePermissions(state.resolve("nfsd/handle.key"), PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(this::take).isInstanceOf(IOException.class).hasMessageContaining("5 bytes instead of 16");
        assertThat(open(top)).isEmpty();
    }

    @Test
    void aLinkThatCameSinceGivesNoStateAway() throws IOException {
        Files.createSymbolicLink(two, state);
        assertThatThrownBy(this::take)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(two + " is " + state + ", the state directory");
        assertThat(open(top)).isEmpty();
    }

    @Test
    void nothingIsOpenAfterTheRelease() throws Exception {
        Files.createDirectory(two);
        take();
        written(fileSystem());
        written(taken().exports().get().exports().get(1).fileSystem());
        assertThat(open(top)).isNotEmpty();
        data.release();
        assertThat(open(top)).isEmpty();
        data.release();
        take();
        data.close();
        assertThat(open(top)).isEmpty();
        data.close();
    }

    @Test
    void whatIsReleasedCanBeUnmounted() throws Exception {
        Files.createDirectory(two);
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", two.toString()),
                "mounting needs root and CAP_SYS_ADMIN");
        try {
            take();
            written(taken().exports().get().exports().get(1).fileSystem());
            data.sync();
            assertThat(run("umount", two.toString())).as("it is busy").isFalse();
            data.release();
            assertThat(run("umount", two.toString())).isTrue();
        } finally {
            run("umount", "-l", two.toString());
        }
    }

    private static boolean run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ended = process.waitFor(30, TimeUnit.SECONDS);
        process.destroyForcibly();
        return ended && process.exitValue() == 0;
    }

    @Test
    void whatIsTakenIsTakenOnce() throws IOException {
        Files.createDirectory(two);
        take();
        Scope before = taken();
        assertThatThrownBy(this::take).isInstanceOf(IllegalStateException.class);
        assertThat(taken()).isSameAs(before);
        services.close();
        assertThatThrownBy(this::take).isInstanceOf(IOException.class);
    }

    /** The directory below a mount point must not be taken for what is mounted there later. */
    @Test
    void anotherDirectoryInThePlaceOfAnExportIsNotServed() throws IOException {
        Files.createDirectory(two);
        take();
        data.release();
        Path away = Files.move(two, top.resolve("away"));
        Files.createDirectory(two);
        assertThatThrownBy(this::take)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(two + " is another directory", "roots");
        assertThat(open(top)).isEmpty();
        Files.delete(two);
        Files.move(away, two);
        take();
        data.release();
        Files.move(two, away);
        Files.createDirectory(two);
        Files.writeString(state.resolve("nfsd/roots"), "");
        take();
    }

    @Test
    void anExportThatIsDeclaredLaterIsWrittenDown() throws IOException {
        Files.createDirectory(two);
        take();
        List<String> both = Files.readAllLines(state.resolve("nfsd/roots"));
        assertThat(both)
                .satisfiesExactly(
                        line -> assertThat(line).endsWith(" " + one),
                        line -> assertThat(line).endsWith(" " + two));
        data.close();
        data = declared(one + " *(rw)");
        take();
        assertThat(Files.readAllLines(state.resolve("nfsd/roots"))).containsExactly(both.get(0));
        data.close();
        data = declared(one + " *(rw)", two + " *(rw)");
        take();
        assertThat(Files.readAllLines(state.resolve("nfsd/roots"))).isEqualTo(both);
    }
}
