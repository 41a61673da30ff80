package io.mooring.lockd.internal;

import io.mooring.lockd.internal.testing.Kit;
import io.mooring.sunrpc.XdrWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;

/** Any words as arguments, of clients that can be recorded: they are refused as garbage, or answered. */
class HostileArgumentsTest {
    private final Path directory = temporary();
    private final Kit kit = new Kit(directory).arrive();
    private final ArgumentsTarget target = new ArgumentsTarget(kit);

    private static Path temporary() {
        try {
            return Files.createTempDirectory("lockd");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterProperty
    void close() throws IOException {
        kit.close();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Provide
    Arbitrary<Integer> words() {
        return Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.integers().between(0, 4));
    }

    @Property(tries = 3000)
    void anyWords(
            @ForAll byte procedure, @ForAll byte prefix, @ForAll @Size(max = 40) List<@From("words") Integer> words) {
        XdrWriter writer = XdrWriter.create();
        words.forEach(writer::writeInt);
        byte[] bytes = writer.toByteArray();
        byte[] input = new byte[bytes.length + 3];
        input[0] = procedure;
        input[1] = prefix;
        input[2] = (byte) bytes.length;
        System.arraycopy(bytes, 0, input, 3, bytes.length);
        target.run(input);
    }
}
