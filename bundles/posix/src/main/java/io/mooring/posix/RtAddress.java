package io.mooring.posix;

import java.net.InetAddress;
import java.util.Optional;

/**
 * An address of an interface, as rtnetlink(7) reports it (RTM_NEWADDR). Immutable.
 *
 * @param address link-local ones carry the interface as their scope
 * @param peer the other end of a point-to-point link, where that is another address
 * @param flags IFA_F_…, linux/if_addr.h
 */
public record RtAddress(
        InetAddress address, int prefixLength, Optional<InetAddress> peer, int interfaceIndex, int flags) {
    public static final int IFA_F_SECONDARY = 0x01;
    public static final int IFA_F_OPTIMISTIC = 0x04;
    public static final int IFA_F_DADFAILED = 0x08;
    public static final int IFA_F_DEPRECATED = 0x20;
    public static final int IFA_F_TENTATIVE = 0x40;

    /** Duplicate address detection is not over yet: nothing can be bound to it. */
    public boolean tentative() {
        return (flags & IFA_F_TENTATIVE) != 0 && (flags & IFA_F_OPTIMISTIC) == 0;
    }

    /** Another host has it: nothing can be bound to it. */
    public boolean dadFailed() {
        return (flags & IFA_F_DADFAILED) != 0;
    }

    /** Neither tentative nor a duplicate; an optimistic one (RFC 4429) is usable. */
    public boolean usable() {
        return !tentative() && !dadFailed();
    }
}
