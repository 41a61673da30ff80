package io.mooring.vfs.local;

import io.mooring.vfs.PosixAcl;
import io.mooring.vfs.PosixAcl.Entry;
import io.mooring.vfs.PosixAcl.Tag;
import io.mooring.vfs.PosixAcls;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The value in which the kernel hands ACLs over as extended attributes: a version, then 8 bytes for each entry, all little
 * endian on every machine (linux/posix_acl_xattr.h). Stateless.
 */
final class AclAttribute {
    static final byte[] ACCESS = SelfFd.ascii("system.posix_acl_access");
    static final byte[] DEFAULT = SelfFd.ascii("system.posix_acl_default");

    private static final int VERSION = 2;
    private static final int HEADER_BYTES = 4;
    private static final int ENTRY_BYTES = 8;
    private static final int UNDEFINED_ID = -1;

    private AclAttribute() {}

    static byte[] encode(PosixAcl acl) throws VfsException {
        if (acl.entries().size() > PosixAcls.MAX_ENTRIES) {
            throw new VfsException(Status.INVAL, "an ACL of " + acl.entries().size() + " entries");
        }
        ByteBuffer value = ByteBuffer.allocate(
                        HEADER_BYTES + ENTRY_BYTES * acl.entries().size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(VERSION);
        for (Entry entry : acl.entries()) {
            value.putShort((short) entry.tag().value())
                    .putShort((short) entry.permissions())
                    .putInt(entry.tag().hasId() ? entry.id() : UNDEFINED_ID);
        }
        return value.array();
    }

    /** Null for an empty list. */
    static PosixAcl decode(byte[] bytes) throws VfsException {
        ByteBuffer value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADER_BYTES
                || value.getInt() != VERSION
                || value.remaining() % ENTRY_BYTES != 0
                || value.remaining() / ENTRY_BYTES > PosixAcls.MAX_ENTRIES) {
            throw new VfsException(Status.IO, "an ACL in a format that is not known");
        }
        List<Entry> entries = new ArrayList<>();
        while (value.hasRemaining()) {
            Tag tag = Tag.of(value.getShort());
            int permissions = value.getShort();
            int id = value.getInt();
            if (tag == null) {
                throw new VfsException(Status.IO, "an ACL with an entry of a kind that is not known");
            }
            entries.add(new Entry(tag, tag.hasId() ? id : 0, permissions));
        }
        return entries.isEmpty() ? null : new PosixAcl(entries);
    }
}
