package io.mooring.vfs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.posix.PosixFiles;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.VfsException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The component with its defaults. */
class LocalFileSystemProviderTest {
    @TempDir
    Path directory;

    @Test
    void opensWithDefaultsAndClosesWhenDeactivated() throws Exception {
        LocalFileSystemProvider provider = new LocalFileSystemProvider(defaults());
        FileSystem fs = provider.open(directory, new FileSystemOptions(true));
        assertThat(fs.attributes(fs.root()).nlink()).isPositive();
        provider.deactivate();
        VfsAssertions.assertStatus(VfsException.Status.STALE, () -> fs.attributes(fs.root()));
    }

    @Test
    void theDefaultBoundFollowsTheLimitOfTheProcess() {
        assertThat(LocalFileSystems.descriptors(0)).isLessThanOrEqualTo((int)
                Math.min(Integer.MAX_VALUE / 2, Math.max(64, PosixFiles.descriptorLimit() / 2)));
        assertThat(LocalFileSystems.descriptors(77)).isEqualTo(77);
    }

    private static LocalFileSystemProvider.Configuration defaults() {
        Class<LocalFileSystemProvider.Configuration> type = LocalFileSystemProvider.Configuration.class;
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> method.getDefaultValue()));
    }
}
