package io.mooring.itests.lab;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a {@link WritingClient} was told to be stable. Immutable.
 *
 * @param lines appended and synced one by one
 * @param blocks how many were synced
 * @param blockErrors what failed
 * @param names the journal of the names
 */
record Acknowledged(LineJournal lines, int blocks, List<String> blockErrors, String names) {

    private static final int BLOCK = 65536;
    private static final String SYNCED = "synced ";

    static Acknowledged parse(String lines, String blocks, String names) {
        List<String> synced =
                blocks.lines().filter(line -> line.startsWith(SYNCED)).toList();
        int count = synced.isEmpty()
                ? 0
                : Integer.parseInt(synced.get(synced.size() - 1).substring(SYNCED.length()));
        List<String> errors =
                blocks.lines().filter(line -> !line.startsWith(SYNCED)).toList();
        return new Acknowledged(LineJournal.parse(lines), count, errors, names);
    }

    NameJournal nameJournal() {
        return NameJournal.parse(names);
    }

    /** What any of the programs was told to have failed. */
    List<String> errors() {
        List<String> errors = new ArrayList<>(lines.errors());
        errors.addAll(blockErrors);
        errors.addAll(nameJournal().errors());
        return errors;
    }

    /** What is wrong with a directory in which these, and nothing else, should be found. */
    List<String> problemsOf(Path directory) throws IOException {
        List<String> problems = new ArrayList<>(lines.problemsOf(Files.readAllLines(directory.resolve("lines"))));
        long size = Files.size(directory.resolve("blocks"));
        if (size != (long) blocks * BLOCK) {
            problems.add("blocks: " + size + " bytes are not " + blocks + " blocks");
        }
        problems.addAll(wrongBlocks(directory));
        problems.addAll(nameJournal().problemsOf(namesIn(directory)));
        return problems;
    }

    /**
     * What is lost in a directory as it was at some moment between now and later: more may be there than is acknowledged
     * now, but no change of a name that was made after one that is missing.
     */
    List<String> lostIn(Path directory, Acknowledged later) throws IOException {
        List<String> problems = new ArrayList<>();
        String expected = lines.entries().stream()
                .filter(entry -> entry.error().isEmpty())
                .map(entry -> entry.number() + "\n")
                .collect(Collectors.joining());
        // Behind what is acknowledged a file system may leave anything.
        String found = Files.readString(directory.resolve("lines"), StandardCharsets.ISO_8859_1);
        if (!found.startsWith(expected)) {
            problems.add("lines: " + lines.entries().size() + " are acknowledged, of "
                    + found.lines().count() + " found the last is "
                    + found.lines().reduce("none", (before, last) -> last));
        }
        problems.addAll(wrongBlocks(directory));
        if (!later.wasOnceIn(namesIn(directory), names.length())) {
            problems.addAll(nameJournal().problemsOf(namesIn(directory)));
            problems.add("names: never were these all");
        }
        return problems;
    }

    /** Whether the names were these when one of the journal's lines was written, that at {@code from} or a later one. */
    private boolean wasOnceIn(Set<String> found, int from) {
        for (int end = from; end >= 0 && end <= names.length(); ) {
            if (NameJournal.parse(names.substring(0, end)).problemsOf(found).isEmpty()) {
                return true;
            }
            int next = names.indexOf('\n', end);
            end = next < 0 ? names.length() + 1 : next + 1;
        }
        return false;
    }

    private static Set<String> namesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("names"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private List<String> wrongBlocks(Path directory) throws IOException {
        List<String> wrong = new ArrayList<>();
        try (InputStream in = Files.newInputStream(directory.resolve("blocks"))) {
            for (int number = 0; number < blocks; number++) {
                byte[] line = String.format("%015d\n", number).getBytes(StandardCharsets.US_ASCII);
                ByteBuffer expected = ByteBuffer.allocate(BLOCK);
                while (expected.hasRemaining()) {
                    expected.put(line);
                }
                if (!ByteBuffer.wrap(in.readNBytes(BLOCK)).equals(expected.flip())) {
                    wrong.add("wrong block: " + number);
                }
            }
        }
        return wrong;
    }
}
