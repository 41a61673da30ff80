package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcknowledgedTest {

    private static final String EARLY = "begin create a1\ndone create a1\nbegin mkdir d1\n";
    private static final String LATE =
            EARLY + "done mkdir d1\nbegin rename a1 b1\ndone rename a1 b1\nbegin remove b1\ndone remove b1\n";

    @TempDir
    private Path directory;

    private final Acknowledged now = Acknowledged.parse("line 0 1.0 1.1\nline 1 1.2 1.3\n", "synced 1\n", EARLY);
    private final Acknowledged later =
            Acknowledged.parse("line 0 1.0 1.1\nline 1 1.2 1.3\nline 2 1.4 1.5\n", "synced 2\n", LATE);

    @BeforeEach
    void setUp() throws IOException {
        Files.writeString(directory.resolve("lines"), "0\n1\n2\n");
        Files.writeString(directory.resolve("blocks"), block(0) + block(1));
        Files.createDirectory(directory.resolve("names"));
        add("d1");
    }

    @Test
    void allThatIsAcknowledgedAndNothingElse() throws IOException {
        assertThat(later.problemsOf(directory)).isEmpty();
        assertThat(now.problemsOf(directory))
                .containsExactly("strange: 2", "blocks: 131072 bytes are not 1 blocks", "lost: a1");
    }

    @Test
    void moreThanIsAcknowledgedYetMayBeThere() throws IOException {
        assertThat(now.lostIn(directory, later)).isEmpty();
        add("b1");
        assertThat(now.lostIn(directory, later)).isEmpty();
        Files.writeString(directory.resolve("lines"), "0\n1\n\0\0");
        Files.writeString(directory.resolve("blocks"), block(0) + "torn");
        assertThat(now.lostIn(directory, later)).isEmpty();
    }

    @Test
    void whatIsAcknowledgedMustBeThere() throws IOException {
        Files.writeString(directory.resolve("lines"), "0\n");
        Files.writeString(directory.resolve("blocks"), "\0" + block(0).substring(1));
        assertThat(now.lostIn(directory, later))
                .containsExactly("lines: 2 are acknowledged, of 1 found the last is 0", "wrong block: 0");
    }

    @Test
    void namesMustBeThoseOfOneMoment() throws IOException {
        // What came later without what came before it.
        Files.delete(directory.resolve("names/d1"));
        assertThat(now.lostIn(directory, later)).contains("names: never were these all");
        add("b1");
        assertThat(now.lostIn(directory, later)).contains("names: never were these all");
    }

    private void add(String name) throws IOException {
        Files.createFile(directory.resolve("names").resolve(name));
    }

    private static String block(int number) {
        String line = String.format("%015d\n", number);
        String block = line.repeat(65536 / 16);
        assertThat(block.getBytes(StandardCharsets.US_ASCII)).hasSize(65536);
        return block;
    }
}
