package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.ParsedExports.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * One directory as the exports files want it served. Immutable.
 *
 * @param path absolute and normalized
 * @param fsid names the export in handles
 * @param rules the most specific first
 * @param impliedBy the path of the export around it whose option crossmnt implies this one; null: it is in the files
 */
public record ExportDefinition(Path path, long fsid, List<Rule> rules, Path impliedBy) {

    public ExportDefinition {
        rules = List.copyOf(rules);
    }

    /** One of the exports files. */
    ExportDefinition(Path path, long fsid, List<Rule> rules) {
        this(path, fsid, rules, null);
    }

    /** What crossmnt makes of this for a file system that is mounted at a path relative to it. */
    ExportDefinition implied(Path below) {
        return new ExportDefinition(path.resolve(below), hash(Long.toHexString(fsid) + "/" + below), rules, path);
    }

    public boolean isImplied() {
        return impliedBy != null;
    }

    /**
     * What the clients that match may do.
     *
     * @param origin "file:line"
     */
    public record Rule(ClientPattern client, ExportOptions options, String origin) {}

    /** Durable for all where one client wants it: the safe side, as there is one file system for all of them. */
    boolean sync() {
        return rules.stream().anyMatch(rule -> rule.options().sync());
    }

    /** Why it is not served, told of its first line. */
    Problem problem(String message) {
        return new Problem(rules.get(0).origin(), message, path);
    }

    boolean usesNames() {
        return rules.stream().anyMatch(rule -> rule.client().usesNames());
    }

    /** Whether some client may go on to what is mounted below. */
    boolean crossesMounts() {
        return rules.stream().anyMatch(rule -> rule.options().crossMount());
    }

    /** Where no fsid is given: made of the path, so that it is the same on every node. */
    static long defaultFsid(Path path) {
        return hash(path.toString());
    }

    private static long hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
