package io.mooring.nfsd.internal.nfs3;

import io.mooring.nfsd.internal.wire.Nfs3.FAttr3;
import io.mooring.nfsd.internal.wire.Nfs3.NfsStat3;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpAttr;
import io.mooring.nfsd.internal.wire.Nfs3.PostOpFh3;
import io.mooring.nfsd.internal.wire.Nfs3Args.ReadDir3Args;
import io.mooring.nfsd.internal.wire.Nfs3Args.ReadDirPlus3Args;
import io.mooring.nfsd.internal.wire.Nfs3Results.Entry3;
import io.mooring.nfsd.internal.wire.Nfs3Results.EntryPlus3;
import io.mooring.nfsd.internal.wire.Nfs3Results.ReadDir3ResOk;
import io.mooring.nfsd.internal.wire.Nfs3Results.ReadDirPlus3ResOk;
import io.mooring.vfs.DirectoryResult;
import io.mooring.vfs.Found;
import io.mooring.vfs.VfsException;
import java.util.ArrayList;
import java.util.List;

/**
 * READDIR and READDIRPLUS. The client bounds the size of READDIR3resok and READDIRPLUS3resok, all XDR overhead included
 * (RFC 1813 §3.3.16 and §3.3.17); so much of a directory is in memory, and no more.
 */
final class DirectoryProcedures {
    /** The structure without entries: attributes, cookie verifier, the list's end, and eof. */
    private static final int FRAME_BYTES = 4 + FAttr3.BYTES + 8 + 4 + 4;

    private DirectoryProcedures() {}

    static ReadDir3ResOk readDir(Request request, ReadDir3Args args) throws NfsException, VfsException {
        Target directory = request.target(args.dir());
        Page page = new Page(request.bounded(args.count()) - FRAME_BYTES);
        DirectoryResult listed = directory
                .fileSystem()
                .list(
                        directory.caller(),
                        directory.id(),
                        args.cookie(),
                        args.cookieverf(),
                        (fileid, name, cookie) -> page.add(new Entry3(fileid, name, cookie), Entry3.bytes(name)));
        requireEntry(page.entries, listed.eof());
        return new ReadDir3ResOk(
                directory.postOp(listed.directory()), listed.cookieVerifier(), page.entries, listed.eof());
    }

    /**
     * Lists first and looks up afterwards, so that no directory is held open meanwhile. {@code dircount} is what a client
     * wants at the most of fileids, names and cookies; at least one entry comes however small it is, as Linux does.
     */
    static ReadDirPlus3ResOk readDirPlus(Request request, ReadDirPlus3Args args) throws NfsException, VfsException {
        Target directory = request.target(args.dir());
        int room = request.bounded(args.maxcount()) - FRAME_BYTES;
        long dircount = Integer.toUnsignedLong(args.dircount());
        int extra = 4 + 4 + FAttr3.BYTES;
        Page names = new Page(room);
        long[] information = {0};
        DirectoryResult listed = directory
                .fileSystem()
                .list(directory.caller(), directory.id(), args.cookie(), args.cookieverf(), (fileid, name, cookie) -> {
                    information[0] += Entry3.bytes(name);
                    boolean wanted = information[0] <= dircount || names.entries.isEmpty();
                    return wanted && names.add(new Entry3(fileid, name, cookie), Entry3.bytes(name) + extra);
                });
        List<EntryPlus3> entries = withAttributes(directory, names.entries, room);
        boolean eof = listed.eof() && entries.size() == names.entries.size();
        requireEntry(entries, eof);
        return new ReadDirPlus3ResOk(directory.postOp(listed.directory()), listed.cookieVerifier(), entries, eof);
    }

    /** As many of the entries as fit. */
    private static List<EntryPlus3> withAttributes(Target directory, List<Entry3> names, int room) {
        List<EntryPlus3> entries = new ArrayList<>(names.size());
        int left = room;
        for (Entry3 name : names) {
            EntryPlus3 entry = withAttributes(directory, name);
            left -= entry.bytes();
            if (left < 0) {
                break;
            }
            entries.add(entry);
        }
        return entries;
    }

    /** What cannot be looked up (gone meanwhile, or not for this caller) comes without attributes and handle. */
    private static EntryPlus3 withAttributes(Target directory, Entry3 entry) {
        try {
            Found found = directory.fileSystem().lookup(directory.caller(), directory.id(), entry.name());
            return new EntryPlus3(
                    entry, directory.postOp(found.attributes()), new PostOpFh3(directory.handle(found.id())));
        } catch (VfsException e) {
            return new EntryPlus3(entry, PostOpAttr.ABSENT, PostOpFh3.ABSENT);
        }
    }

    private static void requireEntry(List<?> entries, boolean eof) throws NfsException {
        if (entries.isEmpty() && !eof) {
            throw new NfsException(NfsStat3.NFS3ERR_TOOSMALL);
        }
    }

    /** Entries up to a number of bytes. */
    private static final class Page {
        private final List<Entry3> entries = new ArrayList<>();
        private int left;

        Page(int room) {
            this.left = room;
        }

        boolean add(Entry3 entry, int bytes) {
            if (bytes > left) {
                return false;
            }
            left -= bytes;
            entries.add(entry);
            return true;
        }
    }
}
