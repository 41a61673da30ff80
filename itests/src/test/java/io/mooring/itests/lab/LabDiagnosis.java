package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What clients and servers are at when something did not come to an end: for whoever reads the failure. Stateless. */
final class LabDiagnosis {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** Of each thread. */
    private static final int FRAMES = 8;
    /** Of all threads of a server. */
    private static final int LINES = 60;

    private LabDiagnosis() {}

    /** Never fails. Whole thread dumps go to {@code target/lab}. */
    static String of(Lab lab) {
        StringBuilder text = new StringBuilder();
        for (LabGuest guest : lab.runningGuests()) {
            text.append("\n").append(guest.name()).append(": ").append(machine(guest));
        }
        for (LabServer server : lab.runningServers()) {
            text.append("\n").append(server.node().name()).append(": ").append(threads(lab, server));
        }
        return text.toString();
    }

    private static String machine(LabGuest guest) {
        try {
            return guest.run(LabResources.read("diagnose.sh"), LIMIT).output();
        } catch (LabException e) {
            return "its kernel does not answer: " + e.getMessage();
        }
    }

    private static String threads(Lab lab, LabServer server) {
        try {
            String jcmd =
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
            String dump = HostCommand.of(jcmd, Long.toString(server.pid()), "Thread.print")
                    .within(LIMIT)
                    .run()
                    .output();
            Files.writeString(
                    lab.directory().resolve("threads-" + server.node().name() + ".txt"), dump, StandardCharsets.UTF_8);
            return Arrays.stream(dump.split("\n\n", -1))
                    .filter(thread -> thread.contains("at io.mooring."))
                    .flatMap(thread -> thread.lines().limit(FRAMES))
                    .limit(LINES)
                    .collect(Collectors.joining("\n", "threads in our code:\n", ""));
        } catch (IOException | RuntimeException e) {
            return "no threads: " + e.getMessage();
        }
    }
}
