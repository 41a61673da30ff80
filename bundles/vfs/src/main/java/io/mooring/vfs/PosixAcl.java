package io.mooring.vfs;

import java.util.List;

/**
 * A POSIX access control list (POSIX.1e draft 17, acl(5)). Immutable.
 *
 * @param entries in acl(5)'s order: by tag, then by id
 */
public record PosixAcl(List<Entry> entries) {

    public PosixAcl {
        entries = List.copyOf(entries);
    }

    /**
     * Whom an entry is about.
     *
     * @param id of the user or group of USER and GROUP; without a meaning for the others
     * @param permissions read 4, write 2, execute 1
     */
    public record Entry(Tag tag, int id, int permissions) {}

    /** The kinds of entries, in order; the values are those of acl(5), of the kernel's attributes and of NFS_ACL alike. */
    public enum Tag {
        USER_OBJ(0x01),
        USER(0x02),
        GROUP_OBJ(0x04),
        GROUP(0x08),
        MASK(0x10),
        OTHER(0x20);

        private final int value;

        Tag(int value) {
            this.value = value;
        }

        public int value() {
            return value;
        }

        /** Whether entries of this kind are about a certain user or group. */
        public boolean hasId() {
            return this == USER || this == GROUP;
        }

        /** Null where there is no such tag. */
        public static Tag of(int value) {
            for (Tag tag : values()) {
                if (tag.value == value) {
                    return tag;
                }
            }
            return null;
        }
    }
}
