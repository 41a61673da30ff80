package io.mooring.nfsd.internal.exports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What belongs to the server itself and must be in no export: whoever reads it can sign handles and log in, and whoever
 * writes it runs code here. Immutable.
 *
 * @param directories no export may contain one, be one or lie in one
 * @param files no export may contain one
 */
public record OwnFiles(List<Path> directories, List<Path> files) {
    public static final OwnFiles NONE = new OwnFiles(List.of(), List.of());

    public OwnFiles {
        directories = List.copyOf(directories);
        files = List.copyOf(files);
    }

    /** Why this directory must not be exported; null: it may be. Symbolic links are followed, on both sides. */
    String refusal(Path export) {
        Path real = real(export);
        for (Path directory : directories) {
            Path own = real(directory);
            if (own.startsWith(real)) {
                return refusal(export, " contains ", directory);
            }
            if (real.startsWith(own)) {
                return refusal(export, " lies in ", directory);
            }
        }
        for (Path file : files) {
            if (real(file).startsWith(real)) {
                return refusal(export, " contains ", file);
            }
        }
        return null;
    }

    private static String refusal(Path export, String how, Path own) {
        return export + how + own + ", which is the server's own and no client's: export a directory apart from it, or"
                + " have the server's elsewhere (./mooring --data DIR)";
    }

    /** As far as it is there. */
    static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            Path parent = path.getParent();
            return parent == null ? path : real(parent).resolve(path.getFileName());
        }
    }
}
