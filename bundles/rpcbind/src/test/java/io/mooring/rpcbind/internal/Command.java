package io.mooring.rpcbind.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command to its end, within a bound. Stateless. */
final class Command {

    /** What came of it; both outputs in one. */
    record Result(int exit, String output) {}

    private Command() {}

    static Result run(Duration patience, Path directory, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "command", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IOException(command + " did not end within " + patience + ": " + read(output));
            }
            return new Result(process.exitValue(), read(output));
        } finally {
            Files.delete(output);
        }
    }

    static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
