package io.mooring.posix;

/** What rtnetlink tells its subscribers. Immutable. */
public sealed interface RtEvent {

    /** RTM_NEWADDR: there, or changed (no longer tentative, say). */
    record AddressThere(RtAddress address) implements RtEvent {}

    /** RTM_DELADDR. */
    record AddressGone(RtAddress address) implements RtEvent {}

    /** RTM_NEWLINK: there, or changed: renamed, up, down. */
    record LinkThere(RtLink link) implements RtEvent {}

    /** RTM_DELLINK: deleted, or moved to another network namespace. */
    record LinkGone(RtLink link) implements RtEvent {}
}
