package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

/** What the lab measured: lines on the test's output and in {@code target/lab/report.txt}. Thread-safe. */
final class LabReport {

    private final Path file;

    LabReport(Path file) {
        this.file = file;
    }

    synchronized void line(String format, Object... values) {
        String line = String.format(Locale.ROOT, format, values);
        System.out.println("lab: " + line);
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new LabException("the report cannot be written", e);
        }
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
