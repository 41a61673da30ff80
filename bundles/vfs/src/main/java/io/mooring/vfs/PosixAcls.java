package io.mooring.vfs;

import org.osgi.annotation.versioning.ProviderType;

/** What a {@link FileSystem} that has POSIX ACLs implements as well. Thread-safe. */
@ProviderType
public interface PosixAcls {
    /** The most entries that one list may have: NFS_ACL's bound. */
    int MAX_ENTRIES = 1024;

    /** Needs no permission, like the attributes. */
    Acls acls(FileId id) throws VfsException;

    /**
     * Sets or removes lists; only the owner may. Refused with NOTSUPP where the file system keeps none.
     *
     * @param access what to do with the access ACL; null: leave it
     * @param defaults what to do with the default ACL, which directories only have; null: leave it
     */
    Change setAcls(Caller caller, FileId id, Setting access, Setting defaults) throws VfsException;

    /**
     * An object's lists.
     *
     * @param access null where the mode says it all
     * @param defaults what new objects in a directory inherit; null: nothing
     */
    record Acls(PosixAcl access, PosixAcl defaults, Attributes attributes) {}

    /**
     * What a list is to become.
     *
     * @param acl null: removed
     */
    record Setting(PosixAcl acl) {}
}
