package io.mooring.nfsd.internal.exports;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** Names of hosts and their addresses. Thread-safe. */
public interface HostNames {

    /** The addresses of a name; none where it is unknown. */
    List<InetAddress> addresses(String name) throws NameServiceException;

    /** The name of an address that is also an address of that name, so that it can be trusted; null: none. */
    String name(InetAddress address) throws NameServiceException;

    /** The hosts of a netgroup, in lower case, an empty one for every host; none where it is unknown. */
    default Set<String> netgroup(String name) throws NameServiceException {
        return Set.of();
    }

    /** The name service does not answer in time: nothing can be decided now. */
    final class NameServiceException extends Exception {
        private static final long serialVersionUID = 1L;

        public NameServiceException(String message) {
            super(message);
        }
    }
}
