package io.mooring.rpcbind.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Debian's rpcbind and rpcinfo, fetched by apt from where this machine gets its packages, and unpacked below target/;
 * nothing is installed. Used by one thread.
 */
final class DebianPackages {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** With the libraries that a small system may lack. */
    private static final List<String> NAMES = List.of(
            "rpcbind",
            "libwrap0",
            "libtirpc3",
            "libtirpc-common",
            "libnsl2",
            "libgssapi-krb5-2",
            "libkrb5-3",
            "libk5crypto3",
            "libkrb5support0",
            "libcom-err2",
            "libkeyutils1");

    private final Path root;

    private DebianPackages(Path root) {
        this.root = root;
    }

    /** @throws IOException where apt gives no rpcbind; the message says what it said */
    static DebianPackages unpacked(Path directory) throws IOException, InterruptedException {
        Path root = directory.toAbsolutePath().resolve("root");
        DebianPackages packages = new DebianPackages(root);
        if (!Files.exists(packages.rpcbind())) {
            Files.createDirectories(root);
            String said = download(root.getParent(), NAMES.get(0));
            if (!hasPackages(root.getParent())) {
                // A fresh machine has no package lists.
                Command.run(PATIENCE, root.getParent(), List.of("apt-get", "-q", "update"));
                said = download(root.getParent(), NAMES.get(0));
            }
            for (String name : NAMES.subList(1, NAMES.size())) {
                download(root.getParent(), name); // another release has another name for it: rpcinfo tells
            }
            packages.unpack();
            if (!Files.exists(packages.rpcbind())) {
                throw new IOException("apt-get download rpcbind: " + said);
            }
        }
        return packages;
    }

    private static String download(Path directory, String name) throws IOException, InterruptedException {
        return Command.run(
                        PATIENCE,
                        directory,
                        List.of("apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", name))
                .output();
    }

    private static boolean hasPackages(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(f -> f.toString().endsWith(".deb"));
        }
    }

    private void unpack() throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(root.getParent())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".deb")).toList()) {
                Command.run(PATIENCE, root, List.of("dpkg", "-x", file.toString(), root.toString()));
            }
        }
    }

    Path root() {
        return root;
    }

    Path rpcbind() {
        Path merged = root.resolve("usr/sbin/rpcbind");
        return Files.exists(merged) ? merged : root.resolve("sbin/rpcbind");
    }

    Path rpcinfo() {
        Path sbin = root.resolve("usr/sbin/rpcinfo");
        return Files.exists(sbin) ? sbin : root.resolve("usr/bin/rpcinfo");
    }

    /** For LD_LIBRARY_PATH. */
    String libraries() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.getFileName().toString().contains(".so."))
                    .map(f -> f.getParent().toString())
                    .distinct()
                    .collect(Collectors.joining(":"));
        }
    }
}
