package io.mooring.nfsd.internal.exports;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Asks Java's resolver, which has one exception for a name that is unknown and for a name server that is dead: only its words
 * tell them apart (and getent(1) ends with the same status for both). Thread-safe.
 */
final class SystemLookup implements SystemHostNames.Lookup {
    /** What gai_strerror(3) of glibc and of musl says of EAI_NONAME and EAI_NODATA. Anything else may be different later. */
    private static final Set<String> UNKNOWN = Set.of(
            "Name or service not known",
            "No address associated with hostname",
            "Name does not resolve",
            "Name has no usable address");

    /**
     * Longer than the 10 s for which Java remembers that it found nothing, without remembering why: while it does, the answer
     * is the one remembered here. Failures are not remembered here.
     */
    private static final TimedCache.Limits REMEMBERED = new TimedCache.Limits(Duration.ofSeconds(15), 4096);

    private final Resolver resolver;
    private final TimedCache<String, List<InetAddress>> answers;

    SystemLookup() {
        this(InetAddress::getAllByName, System::nanoTime);
    }

    SystemLookup(Resolver resolver, LongSupplier nanoClock) {
        this.resolver = resolver;
        this.answers = new TimedCache<>(this::ask, REMEMBERED, nanoClock);
    }

    /** Like {@link InetAddress#getAllByName}. */
    interface Resolver {
        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    @Override
    public List<InetAddress> addresses(String name) throws NameServiceException {
        return answers.get(name);
    }

    private List<InetAddress> ask(String name) throws NameServiceException {
        try {
            return List.of(resolver.addresses(name));
        } catch (UnknownHostException e) {
            String message = String.valueOf(e.getMessage());
            if (UNKNOWN.contains(
                    message.substring(message.lastIndexOf(": ") + 1).strip())) {
                return List.of();
            }
            throw new NameServiceException("the name service failed for " + name + ": " + message);
        }
    }

    /** Of a fresh object: InetAddress remembers its name for ever. */
    @Override
    public String name(InetAddress address) throws UnknownHostException {
        return InetAddress.getByAddress(address.getAddress()).getCanonicalHostName();
    }
}
