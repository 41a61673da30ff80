package io.mooring.itests.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Commands that were given to a guest. Immutable; the result lies in the mailbox.
 *
 * @param guest where they run
 * @param text the commands
 * @param out the mailbox's directory for results
 * @param id the name of the result there
 */
record GuestJob(LabGuest guest, String text, Path out, String id) {

    boolean isDone() {
        return Files.exists(out.resolve(id + ".rc"));
    }

    /** Waits for the end; that it does not come within the limit is an error, and the commands may still be running then. */
    CommandResult await(Duration limit) {
        boolean ended = Waiting.until(limit, () -> isDone() || !guest.isAlive());
        try {
            String output = output();
            if (!isDone()) {
                throw new LabException(
                        (ended ? "guest " + guest.name() + " died" : "no end within " + limit.toSeconds() + " s") + ": "
                                + text + "\n" + output);
            }
            int status =
                    Integer.parseInt(Files.readString(out.resolve(id + ".rc")).strip());
            return new CommandResult(text, status, output);
        } catch (IOException e) {
            throw new LabException("the result cannot be read: " + text, e);
        }
    }

    private String output() throws IOException {
        Path file = out.resolve(id + ".out");
        return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
    }
}
