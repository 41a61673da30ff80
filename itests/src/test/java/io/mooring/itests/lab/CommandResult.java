package io.mooring.itests.lab;

import java.util.List;

/**
 * What a command left: its exit status and all that it printed, errors included. Immutable.
 *
 * @param command what was run, for messages
 * @param status its exit status
 * @param output standard output and standard error, as they came
 */
record CommandResult(String command, int status, String output) {

    /** The output of a command that must have succeeded. */
    String succeeded() {
        if (status != 0) {
            throw new LabException("exit status " + status + " from: " + command + "\n" + tail(output));
        }
        return output;
    }

    List<String> lines() {
        return output.lines().toList();
    }

    private static String tail(String text) {
        int limit = 4000;
        return text.length() <= limit ? text : "..." + text.substring(text.length() - limit);
    }
}
