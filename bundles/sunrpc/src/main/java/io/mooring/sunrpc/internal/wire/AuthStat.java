package io.mooring.sunrpc.internal.wire;

/** Why authentication failed (RFC 5531 §9, auth_stat), those that are told apart here. */
public enum AuthStat {
    AUTH_BADCRED(1),
    AUTH_REJECTEDCRED(2),
    AUTH_BADVERF(3),
    AUTH_TOOWEAK(5);

    private final int value;

    AuthStat(int value) {
        this.value = value;
    }

    public int value() {
        return value;
    }
}
