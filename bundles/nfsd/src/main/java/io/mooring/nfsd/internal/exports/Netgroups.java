package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The hosts of netgroups: of the netgroup file where it has the group, else what the name service switch says (on Debian
 * that is not asked for the file unless nsswitch.conf says so). Remembered for a time. Thread-safe.
 */
public final class Netgroups {
    private static final TimedCache.Limits LIMITS = new TimedCache.Limits(Duration.ofSeconds(30), 256);
    private static final int MAX_BYTES = 4 << 20;

    private final Supplier<Path> file;
    private final Getent getent;
    private final TimedCache<String, Set<String>> cache;

    /**
     * Netgroups of this host.
     *
     * @param file may be missing; asked for at each look-up, so that it may change
     */
    public Netgroups(Supplier<Path> file, Getent getent, LongSupplier nanoClock) {
        this.file = file;
        this.getent = getent;
        this.cache = new TimedCache<>(this::ask, LIMITS, nanoClock);
    }

    /** In lower case; an empty one stands for every host. None where there is no such group. May block. */
    public Set<String> hosts(String name) throws NameServiceException {
        return cache.get(name);
    }

    private Set<String> ask(String name) throws NameServiceException {
        NetgroupText ofFile = new NetgroupText(read(file.get()));
        if (ofFile.has(name)) {
            return ofFile.hosts(name);
        }
        Optional<String> answer = getent.ask("netgroup", name);
        return answer.isPresent() ? new NetgroupText(answer.get()).hosts(name) : Set.of();
    }

    private static String read(Path path) throws NameServiceException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new NameServiceException(path + " is longer than " + MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new NameServiceException(path + " cannot be read: " + e.getMessage());
        }
    }
}
