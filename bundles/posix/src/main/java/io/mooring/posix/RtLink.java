package io.mooring.posix;

/**
 * A network interface, as rtnetlink(7) reports it (RTM_NEWLINK). Immutable.
 *
 * @param flags IFF_…, netdevice(7)
 */
public record RtLink(int index, String name, int flags) {
    public static final int IFF_UP = 1;

    public boolean up() {
        return (flags & IFF_UP) != 0;
    }
}
