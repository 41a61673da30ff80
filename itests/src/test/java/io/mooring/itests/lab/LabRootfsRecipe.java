package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How the guest tree is made: a Debian of its minimal variant plus {@link #PACKAGES}, fetched by this machine's apt from where
 * it fetches everything, with nothing installed on this machine. Stateless.
 */
final class LabRootfsRecipe {

    /** Raised when the steps below change; everything else that matters is part of the stamp by itself. */
    private static final int VERSION = 3;

    private static final String SUITE = "bookworm";
    private static final List<String> PACKAGES = List.of(
            "nfs-common",
            "rpcbind",
            "iproute2",
            "iputils-arping",
            "procps",
            "kmod",
            "util-linux",
            "python3-minimal",
            "netcat-openbsd",
            "attr",
            "acl",
            "fio",
            "perl-base",
            "busybox-static",
            "tar",
            "gzip",
            "psmisc",
            "tzdata",
            "netbase",
            "quota",
            "dmsetup",
            "git",
            "make",
            "tcc",
            "libc6-dev",
            "keepalived",
            "resource-agents",
            "libxml2-utils",
            "pacemaker",
            "pacemaker-cli-utils",
            "corosync",
            "nftables",
            "conntrack",
            "tcpdump");
    /** A C program with a plain makefile and tests of its own, of Debian's sources: what a guest builds. */
    private static final String SOURCE = "pool/main/f/figlet/figlet_2.2.5.orig.tar.gz";

    private static final List<String> TOOLS = List.of("user-mode-linux", "debootstrap");
    private static final String KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
    private static final String INIT_STUB = "init-stub.sh";
    private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(5);
    private static final Duration BOOTSTRAP_LIMIT = Duration.ofMinutes(12);

    /** Where a guest's kernel finds its first process in the tree. */
    static final String INIT = "/lab-init";

    /** Where the guest finds the packed source, which unpacks to one directory. */
    static final String SOURCE_IN_GUEST = "/usr/src/source.tar.gz";

    private LabRootfsRecipe() {}

    /** Differs whenever a tree made by another recipe would differ. */
    static String stamp() {
        String recipe = VERSION + SUITE + PACKAGES + SOURCE + LabResources.read(INIT_STUB);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(recipe.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new LabException("every JDK has SHA-256", e);
        }
    }

    /** Makes the tree in an empty directory; takes about two minutes. */
    static void make(Path directory) throws IOException {
        if (!Files.exists(Path.of(KEYRING))) {
            throw new LabException("the lab needs: apt-get install debian-archive-keyring");
        }
        Path packages = Files.createDirectories(directory.resolve("packages"));
        Path kernel = Files.createDirectories(directory.resolve("kernel"));
        download(packages);
        for (Path debianPackage : list(packages, ".deb")) {
            HostCommand.of("dpkg", "-x", debianPackage.toString(), kernel.toString())
                    .within(DOWNLOAD_LIMIT)
                    .succeed();
        }
        Path root = directory.resolve("root");
        bootstrap(kernel, root);
        HostCommand.of("mv", kernel + "/usr/lib/uml/modules", root + "/usr/lib/modules")
                .within(DOWNLOAD_LIMIT)
                .succeed();
        LabResources.copy(INIT_STUB, root.resolve(INIT.substring(1))).toFile().setExecutable(true, false);
        HostCommand.of("wget", "-q", "-O", root + SOURCE_IN_GUEST, mirror() + "/" + SOURCE)
                .within(DOWNLOAD_LIMIT)
                .succeed();
        HostCommand.of("ln", "-sf", "../proc/self/mounts", root + "/etc/mtab").succeed();
        // A place for the guest's own to be mounted over.
        Files.writeString(root.resolve("etc/hosts"), "127.0.0.1 localhost\n");
        for (Path left : list(root.resolve("var/cache/apt/archives"), ".deb")) {
            Files.delete(left);
        }
        HostCommand.of("rm", "-rf", packages.toString()).succeed();
    }

    private static void download(Path directory) {
        HostCommand download = HostCommand.of(
                        "sh",
                        "-c",
                        "cd \"$0\" && exec apt-get download -q -o APT::Sandbox::User=root \"$@\"",
                        directory.toString(),
                        TOOLS.get(0),
                        TOOLS.get(1))
                .within(DOWNLOAD_LIMIT);
        if (download.run().status() == 0) {
            return;
        }
        // A fresh machine has no package lists yet.
        HostCommand.of("apt-get", "update", "-q").within(DOWNLOAD_LIMIT).run();
        CommandResult again = download.run();
        if (again.status() != 0) {
            throw new LabException("apt-get could not fetch " + String.join(" and ", TOOLS)
                    + ", which the lab is made of; is there a network, and Debian in apt's sources?\n"
                    + again.output());
        }
    }

    private static void bootstrap(Path tools, Path root) {
        String include = String.join(",", PACKAGES);
        CommandResult result = HostCommand.of(
                        tools + "/usr/sbin/debootstrap",
                        "--variant=minbase",
                        "--components=main",
                        "--include=" + include,
                        "--keyring=" + KEYRING,
                        SUITE,
                        root.toString(),
                        mirror())
                .with(Map.of("DEBOOTSTRAP_DIR", tools + "/usr/share/debootstrap"))
                .within(BOOTSTRAP_LIMIT)
                .run();
        if (result.status() != 0) {
            List<String> lines = result.lines();
            throw new LabException("debootstrap could not make the lab's guest tree:\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size())));
        }
    }

    /** Where this machine's apt has its Debian packages from. */
    private static String mirror() {
        return HostCommand.of("apt-get", "indextargets", "--format", "$(SITE)")
                .succeed()
                .lines()
                .filter(site -> !site.contains("security"))
                .findFirst()
                .orElseThrow(() -> new LabException("apt-get indextargets names no Debian mirror: see apt's sources"));
    }

    private static List<Path> list(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }
}
