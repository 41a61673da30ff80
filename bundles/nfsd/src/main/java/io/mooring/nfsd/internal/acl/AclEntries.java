package io.mooring.nfsd.internal.acl;

import io.mooring.nfsd.internal.acl.NfsAcl3.AclEnt;
import io.mooring.nfsd.internal.nfs3.NfsException;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.PosixAcl;
import io.mooring.vfs.PosixAcl.Entry;
import io.mooring.vfs.PosixAcl.Tag;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Between POSIX ACLs and NFS_ACL's lists, which follow Solaris: unsorted, a mask in minimal lists, too, and the owner's ids
 * in the entries of owner and owning group. Stateless.
 */
final class AclEntries {
    private static final int RWX = 7;

    /** Owner, owning group, mask and others: what a minimal list has on the wire. */
    private static final int MINIMAL = 4;

    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::tag).thenComparing(Entry::id, Integer::compareUnsigned);

    private AclEntries() {}

    /** What the mode says, for an object without a list. */
    static PosixAcl minimal(int mode) {
        return new PosixAcl(List.of(
                new Entry(Tag.USER_OBJ, 0, mode >> 6 & RWX),
                new Entry(Tag.GROUP_OBJ, 0, mode >> 3 & RWX),
                new Entry(Tag.OTHER, 0, mode & RWX)));
    }

    /**
     * As they are told to a client.
     *
     * @param acl null: no entries
     * @param flag NFS_ACL_DEFAULT or 0
     */
    static List<AclEnt> toWire(PosixAcl acl, Attributes owner, int flag) {
        if (acl == null) {
            return List.of();
        }
        boolean masked = acl.entries().stream().anyMatch(entry -> entry.tag() == Tag.MASK);
        List<AclEnt> entries = new ArrayList<>();
        for (Entry entry : acl.entries()) {
            entries.add(toWire(entry.tag(), entry, owner, flag));
            if (!masked && entry.tag() == Tag.GROUP_OBJ) {
                // Without extra users and groups the mask is the owning group's permissions.
                entries.add(toWire(Tag.MASK, entry, owner, flag));
            }
        }
        return entries;
    }

    private static AclEnt toWire(Tag tag, Entry entry, Attributes owner, int flag) {
        int id = switch (tag) {
            case USER_OBJ -> owner.uid();
            case GROUP_OBJ -> owner.gid();
            case USER, GROUP -> entry.id();
            case MASK, OTHER -> 0;
        };
        return new AclEnt(tag.value() | flag, id, entry.permissions() & RWX);
    }

    /** As a client sent them; null: no entries, which removes the list. */
    static PosixAcl fromWire(int count, List<AclEnt> wire) throws NfsException {
        if (count != wire.size()) {
            throw new NfsException(NfsStat3.NFS3ERR_INVAL);
        }
        if (wire.isEmpty()) {
            return null;
        }
        List<Entry> entries = new ArrayList<>();
        for (AclEnt entry : wire) {
            Tag tag = entry.tag();
            // Solaris sometimes sets more bits in a mask.
            int permissions = tag == Tag.MASK ? entry.perm() & RWX : entry.perm();
            if ((permissions & ~RWX) != 0) {
                throw new NfsException(NfsStat3.NFS3ERR_INVAL);
            }
            entries.add(new Entry(tag, tag.hasId() ? entry.id() : 0, permissions));
        }
        entries.sort(ORDER);
        if (entries.size() == MINIMAL) {
            dropMaskOfMinimal(entries);
        }
        return new PosixAcl(entries);
    }

    private static void dropMaskOfMinimal(List<Entry> entries) {
        Entry group = find(Tag.GROUP_OBJ, entries);
        Entry mask = find(Tag.MASK, entries);
        if (group != null && mask != null && group.permissions() == mask.permissions()) {
            entries.remove(mask);
        }
    }

    private static Entry find(Tag tag, List<Entry> entries) {
        return entries.stream().filter(entry -> entry.tag() == tag).findFirst().orElse(null);
    }
}
