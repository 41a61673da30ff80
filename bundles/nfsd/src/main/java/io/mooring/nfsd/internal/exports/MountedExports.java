package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.Export.Opened;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.MountPoint;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What is mounted below exports, and as what it is served: by an export of its own, else by the one that the option crossmnt
 * of the innermost export around it implies. Thread-safe: immutable.
 */
final class MountedExports {
    /** An open file system cannot be unmounted: it is closed when nobody used it for so long, and opened again when needed. */
    private static final Duration UNUSED = Duration.ofMinutes(1);

    private final ExportPaths paths;
    private final HostNames names;
    private final LongSupplier nanoClock;

    MountedExports(ExportPaths paths, HostNames names, LongSupplier nanoClock) {
        this.paths = paths;
        this.names = names;
        this.nanoClock = nanoClock;
    }

    /**
     * Where an export lies.
     *
     * @param real its path without symbolic links, as the host names its mounts
     * @param definition null where its line is wrong
     * @param export null where it is not served
     */
    private record Place(Path real, ExportDefinition definition, Export export) {}

    private Place place(Path path, ExportDefinition definition, Export export) {
        return new Place(paths.real(path), definition, export);
    }

    /**
     * The export to which a mount belongs: one of the files, one that is implied and served, or one that is opened now.
     *
     * @throws VfsException NOENT where this mount is gone; JUKEBOX where its export is awaited
     */
    Export of(ExportTable table, long mountId) throws VfsException {
        MountPoint mount = paths.mountPoints().stream()
                .filter(each -> each.id() == mountId)
                .findFirst()
                .orElseThrow(() -> new VfsException(Status.NOENT, "unmounted meanwhile"));
        Place owner = owner(places(table), mount)
                .orElseThrow(() -> new VfsException(Status.ACCES, mount.path() + " is in no export"));
        if (!owner.real().equals(mount.path())) {
            ExportDefinition definition = implied(owner, mount)
                    .orElseThrow(() -> new VfsException(Status.ACCES, mount.path() + " is not exported"));
            return served(table, mount, definition);
        }
        if (owner.export() == null) {
            Status status = owner.definition() == null ? Status.ACCES : Status.JUKEBOX;
            throw new VfsException(status, "the export of " + mount.path() + " is not served");
        }
        return owner.export();
    }

    /** The export of that fsid, where crossmnt implies one. */
    Optional<Export> find(ExportTable table, long fsid) throws VfsException {
        List<Place> places = places(table);
        for (MountPoint mount : paths.mountPoints()) {
            ExportDefinition definition =
                    owner(places, mount).flatMap(owner -> implied(owner, mount)).orElse(null);
            if (definition != null && definition.fsid() == fsid) {
                try {
                    return Optional.of(served(table, mount, definition));
                } catch (VfsException e) {
                    // Another mount hides it.
                    if (e.status() != Status.NOENT) {
                        throw e;
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Those of the implied exports that the table's others still imply, that are still mounted, and are used. */
    List<Export> remaining(ExportTable table) throws VfsException {
        if (table.implied().isEmpty()) {
            return List.of();
        }
        List<Export> remaining = new ArrayList<>();
        List<Place> places = places(table);
        List<MountPoint> mounts = paths.mountPoints();
        for (Export export : table.implied()) {
            MountPoint mount = export.opened().mount();
            if (mounts.contains(mount) && !export.isUnusedFor(UNUSED)) {
                owner(places, mount)
                        .flatMap(owner -> implied(owner, mount))
                        .filter(now -> now.fsid() == export.fsid()
                                && now.sync() == export.definition().sync())
                        .ifPresent(now -> remaining.add(export.as(now)));
            }
        }
        return remaining;
    }

    private List<Place> places(ExportTable table) {
        List<Place> places = new ArrayList<>();
        table.exports().forEach(e -> places.add(place(e.definition().path(), e.definition(), e)));
        table.unavailable().forEach(u -> places.add(place(u.definition().path(), u.definition(), null)));
        table.problems().stream()
                .filter(p -> p.path() != null
                        && places.stream()
                                .noneMatch(place -> place.definition().path().equals(p.path())))
                .map(p -> place(p.path(), null, null))
                .toList()
                .forEach(places::add);
        return places;
    }

    /** The innermost export around a mount. */
    private static Optional<Place> owner(List<Place> places, MountPoint mount) {
        return places.stream()
                .filter(place -> mount.path().startsWith(place.real()))
                .max(Comparator.comparingInt(place -> place.real().getNameCount()));
    }

    private static Optional<ExportDefinition> implied(Place owner, MountPoint mount) {
        boolean inside = !owner.real().equals(mount.path());
        return inside && owner.definition() != null && owner.definition().crossesMounts()
                ? Optional.of(owner.definition().implied(owner.real().relativize(mount.path())))
                : Optional.empty();
    }

    private Export served(ExportTable table, MountPoint mount, ExportDefinition definition) throws VfsException {
        Export known = table.byFsid(definition.fsid()).orElse(null);
        if (known != null && mount.equals(known.opened().mount())) {
            return known;
        }
        var opened = new Opened(paths.open(mount, new FileSystemOptions(definition.sync())), null, mount);
        return new Export(definition, opened, names, nanoClock);
    }
}
