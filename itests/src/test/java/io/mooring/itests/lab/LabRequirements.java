package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What the lab needs of the machine that it runs on. Stateless. */
final class LabRequirements {

    private record Tool(String program, String debianPackage) {}

    private static final List<Tool> TOOLS = List.of(
            new Tool("ip", "iproute2"),
            new Tool("ss", "iproute2"),
            new Tool("apt-get", "apt"),
            new Tool("dpkg", "dpkg"),
            new Tool("wget", "wget"),
            new Tool("unshare", "util-linux"),
            new Tool("setsid", "util-linux"),
            new Tool("bash", "bash"),
            new Tool("timeout", "coreutils"),
            new Tool("chroot", "coreutils"));

    private LabRequirements() {}

    /** Why lab tests must be skipped here, if so. Only a missing uid 0 is a reason: with root nothing may be skipped. */
    static Optional<String> reasonToSkip() {
        return isRoot() ? Optional.empty() : Optional.of("lab: not root (network namespaces and chroot need uid 0)");
    }

    /** Fails with a message that names what is missing and what to install. */
    static void check() {
        String architecture = System.getProperty("os.arch");
        if (!System.getProperty("os.name").equals("Linux") || !architecture.equals("amd64")) {
            throw new LabException("the lab needs Linux on amd64 (Debian's user-mode-linux), this is "
                    + System.getProperty("os.name") + " on " + architecture);
        }
        List<String> missing = TOOLS.stream()
                .filter(tool -> !onPath(tool.program()))
                .map(Tool::debianPackage)
                .distinct()
                .toList();
        if (!missing.isEmpty()) {
            throw new LabException("the lab needs: apt-get install " + String.join(" ", missing));
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            throw new LabException("the lab needs /dev/net/tun: modprobe tun, or give the container that device");
        }
    }

    static boolean isRoot() {
        try {
            // The owner of a process's own directory is its effective user.
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static boolean onPath(String program) {
        return List.of(System.getenv("PATH").split(":", -1)).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }
}
