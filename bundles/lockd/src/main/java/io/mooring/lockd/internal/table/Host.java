package io.mooring.lockd.internal.table;

import java.net.InetAddress;

/**
 * Who holds locks: a client by its source address, as it is known at one of our addresses. Clients' names say nothing,
 * many call themselves localhost. Immutable.
 *
 * @param service our address, with which the locks come and go
 */
public record Host(InetAddress client, InetAddress service) {

    @Override
    public String toString() {
        return client.getHostAddress();
    }
}
