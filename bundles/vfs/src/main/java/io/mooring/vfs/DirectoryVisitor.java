package io.mooring.vfs;

/** Receives a directory's entries. */
@FunctionalInterface
public interface DirectoryVisitor {

    /**
     * One entry.
     *
     * @param cookie where to go on after this entry
     * @return false to stop before this entry: it will be the first of the next call
     */
    boolean entry(long fileid, byte[] name, long cookie);
}
