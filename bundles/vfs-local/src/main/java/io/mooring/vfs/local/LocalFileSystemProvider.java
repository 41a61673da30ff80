package io.mooring.vfs.local;

import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.FileSystemProvider;
import io.mooring.vfs.MountPoint;
import io.mooring.vfs.VfsException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Publishes this host's directory trees as file systems. Thread-safe. */
@Component(
        service = FileSystemProvider.class,
        immediate = true,
        configurationPid = "io.mooring.vfs.local",
        configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = LocalFileSystemProvider.Configuration.class)
public final class LocalFileSystemProvider implements FileSystemProvider {

    /** PID io.mooring.vfs.local. */
    @ObjectClassDefinition(name = "Mooring: local file systems")
    public @interface Configuration {
        @AttributeDefinition(
                name = "Open descriptors",
                description = "How many descriptors all trees together keep open; 0: half of 'ulimit -n'.",
                min = "0",
                max = "10000000")
        int maxDescriptors() default 0;

        @AttributeDefinition(
                name = "Idle time of descriptors (s)",
                description = "How long a descriptor that nobody uses stays open.",
                min = "1",
                max = "3600")
        int descriptorIdleSeconds() default 5;

        @AttributeDefinition(
                name = "How objects are found",
                description = "auto: by kernel file handle where that is permitted, else through an index.",
                options = {@Option(label = "auto", value = "auto"), @Option(label = "index", value = "index")})
        String objectLookup() default "auto";

        @AttributeDefinition(
                name = "Index entries",
                description = "How many names the index of one tree remembers; about 200 bytes each.",
                min = "1000",
                max = "100000000")
        int maxIndexEntries() default 500_000;

        @AttributeDefinition(
                name = "Entries of a search",
                description = "How many names one search through a tree looks at before the object counts as gone.",
                min = "1000",
                max = "1000000000")
        int maxWalkEntries() default 10_000_000;
    }

    private final LocalFileSystems fileSystems;

    @Activate
    public LocalFileSystemProvider(Configuration configuration) {
        fileSystems = new LocalFileSystems(settings(configuration));
    }

    /** Open trees stay open. */
    @Modified
    void modified(Configuration configuration) {
        fileSystems.configure(settings(configuration));
    }

    private static LocalSettings settings(Configuration configuration) {
        return new LocalSettings(
                LocalFileSystems.descriptors(configuration.maxDescriptors()),
                configuration.descriptorIdleSeconds(),
                configuration.objectLookup().equals("index"),
                configuration.maxIndexEntries(),
                configuration.maxWalkEntries());
    }

    @Override
    public FileSystem open(Path root, FileSystemOptions options) throws VfsException {
        return fileSystems.open(root, options);
    }

    @Override
    public List<MountPoint> mountPoints() throws VfsException {
        return MountTable.read();
    }

    @Override
    public FileSystem open(MountPoint mount, FileSystemOptions options) throws VfsException {
        return fileSystems.open(mount, options);
    }

    @Deactivate
    void deactivate() {
        fileSystems.close();
    }
}
