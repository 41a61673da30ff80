package io.mooring.vfs.local;

import static io.mooring.vfs.local.TestTree.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.Caller;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.FileId;
import io.mooring.vfs.Stability;
import io.mooring.vfs.VfsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Descriptors are bounded, are never closed under a running call, and do not keep what was removed. */
@ParameterizedClass
@EnumSource(TreeKind.class)
class DescriptorCacheTest {
    @Parameter
    TreeKind kind;

    private TestTree tree(int maxDescriptors, int idleSeconds) throws IOException, VfsException {
        return new TestTree(kind, new LocalSettings(maxDescriptors, idleSeconds, kind.index(), 100_000, 1_000_000));
    }

    @Test
    void theBoundIsKept() throws Exception {
        try (TestTree tree = tree(20, 60)) {
            List<FileId> files = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                files.add(tree.file("file" + i));
                tree.write(Caller.ROOT, files.get(i), 0, "content" + i);
            }
            assertThat(openIn(tree.path)).isLessThanOrEqualTo(24);
            for (int i = 0; i < 200; i++) {
                assertThat(tree.read(Caller.ROOT, files.get(i), 0, 20)).isEqualTo("content" + i);
            }
            assertThat(openIn(tree.path)).isLessThanOrEqualTo(24);
        }
    }

    @Test
    void idleDescriptorsAreClosed() throws Exception {
        try (TestTree tree = tree(1000, 1)) {
            FileId file = tree.file("file");
            tree.write(Caller.ROOT, file, 0, "content");
            assertThat(openIn(tree.path)).isGreaterThan(1);
            // The root itself stays open.
            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> openIn(tree.path) == 1);
            assertThat(tree.read(Caller.ROOT, file, 0, 20)).isEqualTo("content");
        }
    }

    @Test
    void closeLeavesNothingOpen() throws Exception {
        try (TestTree tree = tree(1000, 60)) {
            FileId directory = tree.directory("directory");
            tree.write(Caller.ROOT, tree.file(directory, "file", 0644), 0, "content");
            tree.names(directory);
            tree.fs.close();
            assertThat(openIn(tree.path)).isZero();
        }
    }

    @Test
    void removingFreesTheSpace() throws Exception {
        try (TestTree tree = tree(1000, 60)) {
            FileId file = tree.file("file");
            FileId other = tree.file("other");
            tree.write(Caller.ROOT, file, 0, "content");
            tree.write(Caller.ROOT, other, 0, "content");
            tree.fs.remove(Caller.ROOT, tree.root(), bytes("file"));
            assertThat(deletedIn(tree.path)).isZero();
            tree.file("third");
            tree.fs.rename(Caller.ROOT, tree.root(), bytes("third"), tree.root(), bytes("other"));
            assertThat(deletedIn(tree.path)).isZero();
        }
    }

    @Test
    void whatWasRemovedLocallyIsLetGoWhenItIsMissed() throws Exception {
        try (TestTree tree = tree(1000, 60)) {
            FileId file = tree.file("file");
            tree.write(Caller.ROOT, file, 0, "content");
            Files.delete(tree.path.resolve("file"));
            VfsAssertions.assertStatus(VfsException.Status.STALE, () -> tree.fs.attributes(file));
            assertThat(deletedIn(tree.path)).isZero();
        }
    }

    /**
     * Every byte of a file tells which file it belongs to. Were a descriptor closed under a running call, its number would
     * soon mean another file, and bytes would land there.
     */
    @Test
    void bytesNeverLandInAnotherFile() throws Exception {
        int threads = 32;
        int rounds = 400;
        try (TestTree tree = tree(12, 1)) {
            tree.fs.close();
            tree.open(false);
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Random random = new Random(t);
                results.add(pool.submit(() -> hammer(tree, random, rounds)));
            }
            int checked = 0;
            for (Future<Integer> result : results) {
                checked += result.get(120, TimeUnit.SECONDS);
            }
            pool.shutdown();
            assertThat(checked).isGreaterThan(rounds);
            for (String name : tree.names(tree.root())) {
                if (name.startsWith("f")) {
                    byte mark = (byte) Integer.parseInt(name.substring(1));
                    for (byte b : Files.readAllBytes(tree.path.resolve(name))) {
                        // Nothing, or its own.
                        assertThat(b).isIn((byte) 0, mark);
                    }
                }
            }
        }
    }

    private static int hammer(TestTree tree, Random random, int rounds) throws VfsException {
        int checked = 0;
        for (int i = 0; i < rounds; i++) {
            int number = 1 + random.nextInt(16);
            byte[] name = bytes("f" + number);
            try {
                if (random.nextInt(4) == 0) {
                    tree.fs.remove(Caller.ROOT, tree.root(), name);
                    continue;
                }
                CreateMode mode = new CreateMode.Unchecked(TestTree.mode(0644));
                FileId id = tree.fs.create(Caller.ROOT, tree.root(), name, mode).id();
                tree.fs.write(Caller.ROOT, id, random.nextInt(8192), data(number, random), Stability.UNSTABLE);
                checked += check(tree, id, (byte) number);
            } catch (VfsException e) {
                // Another thread was faster.
                assertThat(e.status()).as(e.getMessage()).isIn(VfsException.Status.STALE, VfsException.Status.NOENT);
            }
        }
        return checked;
    }

    private static ByteBuffer[] data(int number, Random random) {
        ByteBuffer data = ByteBuffer.allocateDirect(1 + random.nextInt(16384));
        while (data.hasRemaining()) {
            data.put((byte) number);
        }
        return new ByteBuffer[] {data.flip()};
    }

    private static int check(TestTree tree, FileId id, byte mark) throws VfsException {
        ByteBuffer target = ByteBuffer.allocateDirect(32768);
        int count = tree.fs.read(Caller.ROOT, id, 0, target).count();
        for (int i = 0; i < count; i++) {
            // Every write begins before 8192: only there can be holes.
            boolean own = target.get(i) == mark || (i < 8192 && target.get(i) == 0);
            if (!own) {
                throw new AssertionError("byte " + i + " of file " + mark + " is " + target.get(i));
            }
        }
        return count > 0 ? 1 : 0;
    }

    private static long openIn(Path directory) throws IOException {
        return targets()
                .filter(target -> target.startsWith(directory.toString()))
                .count();
    }

    private static long deletedIn(Path directory) throws IOException {
        return targets()
                .filter(target -> target.startsWith(directory.toString()) && target.endsWith("(deleted)"))
                .count();
    }

    private static Stream<String> targets() throws IOException {
        List<String> targets = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : all.toList()) {
                try {
                    targets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // Closed meanwhile.
                }
            }
        }
        return targets.stream();
    }
}
