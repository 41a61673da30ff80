package io.mooring.vfs.local;

import static io.mooring.vfs.local.TestTree.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.vfs.Caller;
import io.mooring.vfs.CreateMode;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileSystemOptions;
import io.mooring.vfs.FileType;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.VfsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who witnesses changes is told of each, before it is brought to the disk, and only where it is. */
class WitnessTest {
    private static final NewAttributes MODE = new NewAttributes(0640, null, null, null, null, null);

    @TempDir
    Path directory;

    /** Objects that the witness was told of, and "sync". */
    private final List<Object> events = new ArrayList<>();

    private Tree tree;
    private Tree witnessed;
    private boolean waits = true;

    private final class Noting implements SyncPolicy {
        @Override
        public void metadata(OpenObject... changed) {
            events.add("sync");
        }

        @Override
        public boolean stableWrites() {
            return waits;
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
        witnessed = tree.witnessedBy(events::add);
    }

    @AfterEach
    void close() {
        tree.close();
    }

    private CreateOperations creating(Tree by) {
        return new CreateOperations(by, new AttributeOperations(by));
    }

    private FileId file(String name) throws VfsException {
        return creating(tree)
                .create(Caller.ROOT, tree.root(), bytes(name), new CreateMode.Guarded(MODE))
                .id();
    }

    private List<Object> news() {
        List<Object> news = List.copyOf(events);
        events.clear();
        return news;
    }

    @Test
    void whatIsCreatedIsTold() throws Exception {
        CreateOperations creating = creating(witnessed);
        List<FileId> made = List.of(
                creating.create(Caller.ROOT, tree.root(), bytes("f"), new CreateMode.Exclusive(7))
                        .id(),
                creating.create(Caller.ROOT, tree.root(), bytes("g"), new CreateMode.Unchecked(MODE))
                        .id(),
                creating.makeDirectory(Caller.ROOT, tree.root(), bytes("d"), MODE)
                        .id(),
                creating.makeSymlink(Caller.ROOT, tree.root(), bytes("l"), bytes("to"), NewAttributes.NONE)
                        .id(),
                creating.makeNode(
                                Caller.ROOT,
                                tree.root(),
                                bytes("p"),
                                new CreateOperations.Node(FileType.FIFO, 0, 0),
                                MODE)
                        .id());
        assertThat(news())
                .isEqualTo(made.stream()
                        .flatMap(id -> Stream.of(id, (Object) "sync"))
                        .toList());
    }

    @Test
    void whatIsDoneToANameIsToldOfItsObject() throws Exception {
        NameOperations names = new NameOperations(witnessed);
        FileId file = file("f");
        FileId sub = creating(tree)
                .makeDirectory(Caller.ROOT, tree.root(), bytes("d"), MODE)
                .id();
        news();
        names.link(Caller.ROOT, file, sub, bytes("g"));
        assertThat(news()).containsExactly(file, "sync");
        names.rename(Caller.ROOT, sub, bytes("g"), tree.root(), bytes("h"));
        assertThat(news()).containsExactly(file, "sync");
        names.remove(Caller.ROOT, tree.root(), bytes("h"));
        assertThat(news()).containsExactly(file, "sync");
        names.remove(Caller.ROOT, tree.root(), bytes("f"));
        assertThat(news()).as("its last name").containsExactly(file, "sync");
        names.removeDirectory(Caller.ROOT, tree.root(), bytes("d"));
        assertThat(news()).containsExactly(sub, "sync");
    }

    @Test
    void attributesThatAreSetAreTold() throws Exception {
        FileId file = file("f");
        news();
        new AttributeOperations(witnessed).set(Caller.ROOT, file, MODE, null);
        assertThat(news()).containsExactly(file, "sync");
    }

    @Test
    void whereNobodyWaitsForTheDiskNothingIsTold() throws Exception {
        waits = false;
        creating(witnessed).makeDirectory(Caller.ROOT, tree.root(), bytes("d"), MODE);
        assertThat(news()).containsExactly("sync");
        waits = true;
        file("f");
        assertThat(news()).as("nobody is the witness").containsExactly("sync");
    }
}
