package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * NFS-Ganesha and rpcbind of this machine's Debian, fetched by its apt and unpacked, with nothing installed. Immutable.
 *
 * @param tree where they are unpacked
 * @param version Debian's, of NFS-Ganesha
 */
record GaneshaPackages(Path tree, String version) {

    /** What of their dependencies is not on every Debian. */
    private static final List<String> NAMES = List.of(
            "nfs-ganesha",
            "nfs-ganesha-vfs",
            "rpcbind",
            "libntirpc4.3",
            "liburcu8",
            "libnfsidmap1",
            "libwbclient0",
            "libgssapi-krb5-2",
            "libkrb5-3",
            "libk5crypto3",
            "libkrb5support0",
            "libkeyutils1",
            "libtirpc3",
            "libnsl2",
            "libwrap0",
            "libdbus-1-3");

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String FETCH =
            "cd \"$0\" && { apt-get download -q -o APT::Sandbox::User=root \"$@\" || { apt-get update -q && apt-get download"
                    + " -q -o APT::Sandbox::User=root \"$@\"; }; } && for each in *.deb; do dpkg -x \"$each\" tree || exit; done";

    /** Fetched when it is not in this directory, which appears when it is complete. */
    static GaneshaPackages in(Path directory) {
        try {
            if (Files.notExists(directory)) {
                Path unfinished = Files.createTempDirectory(
                        Files.createDirectories(directory.toAbsolutePath().getParent()), "ganesha-");
                HostCommand.of(List.of("sh", "-c", FETCH, unfinished.toString()), NAMES.toArray(String[]::new))
                        .within(LIMIT)
                        .succeed();
                Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
            }
            try (Stream<Path> files = Files.list(directory)) {
                return new GaneshaPackages(
                        directory.resolve("tree"),
                        files.map(file -> file.getFileName().toString().split("_", -1))
                                .filter(words -> words[0].equals("nfs-ganesha"))
                                .map(words -> words[1])
                                .findFirst()
                                .orElseThrow());
            }
        } catch (IOException e) {
            throw new LabException("NFS-Ganesha cannot be unpacked in " + directory, e);
        }
    }
}
