package io.mooring.nfsd.internal.scopes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.exports.ExportPaths;
import io.mooring.nfsd.internal.exports.Exports;
import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a service's file systems are synced and closed. */
class SyncedServiceTest {
    @TempDir
    Path state;

    private final List<String> calls = new ArrayList<>();
    private final ExportPaths paths =
            new ExportPaths((root, options) -> fileSystem(root.toString()), OwnFiles.NONE, Duration.ofSeconds(60));
    private final Exports files = new Exports(paths, null, System::nanoTime);
    private final MooredServices services =
            new MooredServices(paths, () -> new Exports(paths, null, System::nanoTime), System::nanoTime);
    private boolean diskFails;
    private Mooring data;

    /** One that remembers what it was asked for. */
    private FileSystem fileSystem(String path) {
        return (FileSystem) Proxy.newProxyInstance(
                FileSystem.class.getClassLoader(), new Class<?>[] {FileSystem.class}, (proxy, method, args) -> {
                    if (method.getName().equals("root")) {
                        return new FileId(new byte[] {1});
                    }
                    calls.add(method.getName() + " " + path);
                    if (diskFails && method.getName().equals("sync")) {
                        throw new VfsException(Status.IO, "syncfs: errno 5");
                    }
                    return null;
                });
    }

    @BeforeEach
    void take() throws IOException {
        data = new NfsParticipant(services, files)
                .moor(new ServiceDeclaration(
                        "data", List.of(NfsKit.address("10.0.0.50")), List.of("/a *", "/b *"), "data.cfg", state));
        data.take(new ServiceState(state, null, true));
    }

    @AfterEach
    void close() {
        files.close();
        paths.close();
    }

    @Test
    void syncsAllWhenAskedAndClosesThemWithoutDelay() throws IOException {
        data.sync();
        assertThat(calls).containsExactly("sync /a", "sync /b");
        calls.clear();
        data.release();
        assertThat(calls).as("whoever releases in order syncs before").containsExactly("close /a", "close /b");
        data.sync();
        data.release();
        assertThat(calls).as("it is not taken").hasSize(2);
    }

    @Test
    void aDiskThatFailsIsToldAndKeepsNothingOpen() {
        diskFails = true;
        assertThatThrownBy(data::sync).isInstanceOf(IOException.class).hasMessage("service data: /a: syncfs: errno 5");
        data.close();
        assertThat(calls).endsWith("close /a", "close /b");
        assertThat(services.list()).isEmpty();
    }
}
