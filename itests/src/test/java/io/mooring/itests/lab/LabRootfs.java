package io.mooring.itests.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The guest tree: a small Debian that guests boot from, read-only and shared, and the User Mode Linux kernel that boots it.
 * Immutable; made by {@link LabRootfsCache}.
 *
 * @param root the guests' root directory
 * @param kernel the User Mode Linux executable
 */
record LabRootfs(Path root, Path kernel) {

    static LabRootfs at(Path directory) {
        return new LabRootfs(directory.resolve("root"), directory.resolve("kernel/usr/bin/linux.uml"));
    }

    /** The words that run one of the tree's programs on the host, to be put behind those that enter a namespace. */
    List<String> chroot(String... words) {
        List<String> all = new ArrayList<>(List.of("chroot", root.toString()));
        all.addAll(List.of(words));
        return all;
    }
}
