package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An image of an ext4 file system, worked on by the guest tree's programs and never mounted on this machine. Immutable.
 *
 * @param lab whose programs
 * @param file the image
 */
record DiskImage(Lab lab, Path file) {

    /** Makes one. */
    static DiskImage make(Lab lab, Path file, String size) {
        DiskImage image = new DiskImage(lab, file);
        image.tool("truncate -s " + size + " " + image.name() + " && mkfs.ext4 -q " + image.name());
        return image;
    }

    /** As it is now. */
    DiskImage copy(String newName) {
        tool("cp --sparse=always " + name() + " " + newName);
        return new DiskImage(lab, file.resolveSibling(newName));
    }

    /** Replays the journal, and refuses a file system with any other flaw. */
    void recover() {
        tool("e2fsck -p " + name() + " && e2fsck -fn " + name());
    }

    /** Takes a directory out of it: a directory of this machine with all that is in that one. */
    Path extract(String directory) throws IOException {
        Path target = Files.createTempDirectory(file.getParent(), "extract");
        tool("debugfs -R 'rdump " + directory + " " + target.getFileName() + "' " + name());
        return target.resolve(Path.of(directory).getFileName());
    }

    private String name() {
        return file.getFileName().toString();
    }

    private void tool(String commandText) {
        lab.besideServer(file.getParent(), commandText).succeeded();
    }
}
