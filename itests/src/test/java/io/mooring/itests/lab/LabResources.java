package io.mooring.itests.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The scripts of the lab, kept as resources beside its classes. Stateless. */
final class LabResources {

    private LabResources() {}

    static String read(String name) {
        try (InputStream in = LabResources.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new LabException("resource missing: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path copy(String name, Path to) {
        try {
            return Files.writeString(to, read(name));
        } catch (IOException e) {
            throw new LabException("could not write " + to, e);
        }
    }
}
