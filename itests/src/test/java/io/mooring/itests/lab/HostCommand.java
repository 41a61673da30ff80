package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of this machine, run to its end within a limit. Immutable: each run is a process of its own. */
final class HostCommand {

    private static final Duration SHORT = Duration.ofSeconds(20);

    private final List<String> words;
    private final Map<String, String> environment;
    private final Duration limit;

    private HostCommand(List<String> words, Map<String, String> environment, Duration limit) {
        this.words = words;
        this.environment = environment;
        this.limit = limit;
    }

    static HostCommand of(String... words) {
        return new HostCommand(List.of(words), Map.of(), SHORT);
    }

    static HostCommand of(List<String> prefix, String... words) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(words));
        return new HostCommand(List.copyOf(all), Map.of(), SHORT);
    }

    HostCommand within(Duration newLimit) {
        return new HostCommand(words, environment, newLimit);
    }

    HostCommand with(Map<String, String> variables) {
        return new HostCommand(words, variables, limit);
    }

    List<String> words() {
        return words;
    }

    /** Runs it; at the limit it is killed and that is an error. */
    CommandResult run() {
        String text = String.join(" ", words);
        try {
            // A file, not a pipe: a process that the command leaves behind would hold a pipe open.
            Path output = Files.createTempFile("mooring-lab", ".out");
            try {
                Process process = start(output);
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly().waitFor();
                    throw new LabException("not done within " + limit.toSeconds() + " s: " + text + "\n"
                            + Files.readString(output, StandardCharsets.ISO_8859_1));
                }
                return new CommandResult(
                        text, process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new LabException("could not be run: " + text + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted: " + text, e);
        }
    }

    /** Runs it and gives its output; any exit status but 0 is an error. */
    String succeed() {
        return run().succeeded();
    }

    /** Starts it without waiting, with all its output going to a file. */
    Process start(Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }
}
