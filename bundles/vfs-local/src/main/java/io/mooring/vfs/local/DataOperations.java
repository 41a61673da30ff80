package io.mooring.vfs.local;

import io.mooring.posix.Errno;
import io.mooring.posix.PosixFiles;
import io.mooring.posix.Scratch;
import io.mooring.posix.Statx;
import io.mooring.posix.Vectors;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.Change;
import io.mooring.vfs.CommitResult;
import io.mooring.vfs.FileId;
import io.mooring.vfs.ReadResult;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import io.mooring.vfs.WriteResult;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** READ, WRITE and COMMIT. Thread-safe. */
final class DataOperations {
    private final Tree tree;

    DataOperations(Tree tree) {
        this.tree = tree;
    }

    ReadResult read(Caller caller, FileId id, long offset, ByteBuffer target) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject file = tree.open(id, scratch)) {
            requireRegular(file);
            Statx stat = tree.stat(file, scratch);
            tree.access().requireRead(caller, file, stat, scratch);
            int wanted = target.remaining();
            if (offset < 0 || wanted == 0) {
                return new ReadResult(0, offset < 0 || offset >= stat.size(), Stat.attributes(stat));
            }
            int descriptor = Failures.check(file.reader(scratch), "open for reading");
            int count = target.isDirect()
                    ? readDirect(descriptor, offset, target)
                    : readThroughCopy(descriptor, offset, target);
            // Attributes from before the data can only make a client ask once too often.
            if (count == wanted && offset + count >= stat.size()) {
                stat = tree.stat(file, scratch);
            }
            boolean eof = count < wanted || offset + count >= stat.size();
            return new ReadResult(count, eof, Stat.attributes(stat));
        }
    }

    private static int readDirect(int descriptor, long offset, ByteBuffer target) throws VfsException {
        long address = Scratch.address(target);
        int wanted = target.remaining();
        int done = 0;
        try {
            while (done < wanted) {
                long count = PosixFiles.pread(descriptor, address + done, wanted - done, offset + done);
                if (count == 0) {
                    break;
                }
                done += (int) Failures.check(count, "pread");
            }
        } finally {
            Reference.reachabilityFence(target);
        }
        return done;
    }

    private static int readThroughCopy(int descriptor, long offset, ByteBuffer target) throws VfsException {
        ByteBuffer direct = ByteBuffer.allocateDirect(target.remaining());
        int count = readDirect(descriptor, offset, direct);
        target.duplicate().put(direct.limit(count));
        return count;
    }

    WriteResult write(Caller caller, FileId id, long offset, ByteBuffer[] source, Stability stability)
            throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject file = tree.open(id, scratch)) {
            requireRegular(file);
            Gather gather = new Gather(source);
            if (offset < 0 || offset + gather.total() < 0) {
                throw Failures.of(Errno.EFBIG, "write");
            }
            // Before the data go to the kernel: if they get lost from then on, it will have changed.
            long verifier = tree.verifier().value();
            Attributes before;
            Attributes after;
            long count;
            ChangeLock.Held held = ChangeLock.hold(file);
            try (held) {
                Statx stat = tree.stat(file, scratch);
                before = Stat.attributes(stat);
                count = writeAs(caller, file, stat, offset, gather, scratch);
                after = Stat.attributes(tree.stat(file, scratch));
            }
            if (tree.sync().stableWrites()) {
                settle(file, stability, scratch);
                if (stability != Stability.UNSTABLE && tree.verifier().value() != verifier) {
                    // Somebody else's sync was told of an error that may have been about these data.
                    throw new VfsException(Status.JUKEBOX, "data may have been lost while they were written");
                }
            }
            return new WriteResult((int) count, stability, verifier, new Change(before, after));
        }
    }

    private long writeAs(Caller caller, OpenObject file, Statx stat, long offset, Gather gather, Scratch scratch)
            throws VfsException {
        int descriptor = Failures.check(file.writer(scratch), "open for writing");
        int path = file.path();
        boolean owner = tree.access().owns(caller, stat);
        long done = 0;
        try {
            do {
                long at = offset + done;
                Vectors vectors = gather.from(done, scratch);
                long count = tree.identity().as(caller, scratch, () -> {
                    int permitted = owner ? 0 : PosixFiles.access(path, PosixFiles.W_OK, scratch);
                    return permitted < 0 ? permitted : PosixFiles.pwritev2(descriptor, vectors, at, 0);
                });
                if (count < 0 && done > 0) {
                    break;
                }
                done += Failures.check(count, "write");
            } while (done < gather.total());
        } finally {
            Reference.reachabilityFence(gather);
        }
        return done;
    }

    private void settle(OpenObject file, Stability stability, Scratch scratch) throws VfsException {
        switch (stability) {
            case UNSTABLE -> file.markDirty();
            case DATA_SYNC -> sync(file, false, scratch);
            case FILE_SYNC -> sync(file, true, scratch);
        }
    }

    private void sync(OpenObject file, boolean all, Scratch scratch) throws VfsException {
        int result = all ? file.sync(scratch) : file.syncData(scratch);
        Failures.check(result, "sync");
    }

    CommitResult commit(FileId id) throws VfsException {
        Scratch scratch = Scratch.mine();
        try (OpenObject file = tree.open(id, scratch)) {
            requireRegular(file);
            if (tree.sync().stableWrites()) {
                sync(file, true, scratch);
            }
            Attributes attributes = Stat.attributes(tree.stat(file, scratch));
            return new CommitResult(tree.verifier().value(), new Change(attributes, attributes));
        }
    }

    private static void requireRegular(OpenObject file) throws VfsException {
        if (!file.isRegular()) {
            throw new VfsException(file.isDirectory() ? Status.ISDIR : Status.INVAL, "no regular file");
        }
    }
}
