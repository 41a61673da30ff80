package io.mooring.sunrpc;

/** The transports of RFC 5665 §5 that are spoken here. */
public enum Netid {
    TCP("tcp"),
    TCP6("tcp6"),
    UDP("udp"),
    UDP6("udp6");

    private final String id;

    Netid(String id) {
        this.id = id;
    }

    /** The netid as rpcbind knows it. */
    public String id() {
        return id;
    }

    public boolean isTcp() {
        return this == TCP || this == TCP6;
    }
}
