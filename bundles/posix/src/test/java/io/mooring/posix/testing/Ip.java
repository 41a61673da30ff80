package io.mooring.posix.testing;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses from literals, for tests. */
public final class Ip {
    private Ip() {}

    /** No name is ever looked up. */
    @SuppressWarnings("AddressSelection")
    public static InetAddress of(String literal) {
        if (!literal.matches("[0-9a-f.:]+(%\\w+)?")) {
            throw new IllegalArgumentException("not an address: " + literal);
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
