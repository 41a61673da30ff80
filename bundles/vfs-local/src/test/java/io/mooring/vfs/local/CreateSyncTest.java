package io.mooring.vfs.local;

import static io.mooring.vfs.local.TestTree.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.Caller;
import io.mooring.vfs.Created;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.FileTime;
import io.mooring.vfs.FileType;
import io.mooring.vfs.NewAttributes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is brought to the disk before a new object is answered for. */
class CreateSyncTest {
    private static final NewAttributes TIMES =
            new NewAttributes(null, null, null, null, new FileTime(7, 0), new FileTime(8, 0));
    private static final CreateOperations.Node FIFO = new CreateOperations.Node(FileType.FIFO, 0, 0);

    @TempDir
    Path directory;

    private final List<List<FileId>> synced = new ArrayList<>();
    private Tree tree;
    private CreateOperations creating;

    /** Notes what it is asked for. */
    private final class Noting implements SyncPolicy {
        @Override
        public void metadata(OpenObject... changed) {
            synced.add(Stream.of(changed).map(OpenObject::id).toList());
        }

        @Override
        public boolean stableWrites() {
            return true;
        }
    }

    @BeforeEach
    void open() throws Exception {
        LocalSettings settings = new LocalSettings(100, 60, true, 1000, 1000);
        Tree opened = new TreeOpener(new DescriptorBudget(100)).open(directory, new FileSystemOptions(true), settings);
        tree = new Tree(
                opened.root(),
                opened.rootDescriptor(),
                opened.ids(),
                opened.handles(),
                opened.cache(),
                opened.selfFd(),
                opened.identity(),
                opened.access(),
                new Noting(),
                opened.verifier(),
                null);
        creating = new CreateOperations(tree, new AttributeOperations(tree));
    }

    @AfterEach
    void close() {
        tree.close();
    }

    @Test
    void attributesThatWereSetAfterwardsAreSyncedWithTheName() throws Exception {
        Created link = creating.makeSymlink(Caller.ROOT, tree.root(), bytes("link"), bytes("x"), TIMES);
        Created fifo = creating.makeNode(Caller.ROOT, tree.root(), bytes("fifo"), FIFO, TIMES);
        assertThat(synced).containsExactly(List.of(link.id(), tree.root()), List.of(fifo.id(), tree.root()));
    }

    @Test
    void theNameBringsWhatWasMadeWithItAlong() throws Exception {
        creating.makeSymlink(Caller.ROOT, tree.root(), bytes("link"), bytes("x"), NewAttributes.NONE);
        creating.makeNode(Caller.ROOT, tree.root(), bytes("fifo"), FIFO, TestTree.mode(0600));
        assertThat(synced).containsExactly(List.of(tree.root()), List.of(tree.root()));
    }

    @Test
    void aDirectoryIsSyncedInAnyCase() throws Exception {
        Created made = creating.makeDirectory(Caller.ROOT, tree.root(), bytes("d"), TestTree.mode(0700));
        assertThat(synced).containsExactly(List.of(made.id(), tree.root()));
    }
}
