package io.mooring.vfs.local;

import static io.mooring.vfs.local.VfsAssertions.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.posix.Credentials;
import io.mooring.vfs.Attributes;
import io.mooring.vfs.Caller;
import io.mooring.vfs.FileId;
import io.mooring.vfs.FileType;
import io.mooring.vfs.NewAttributes;
import io.mooring.vfs.PosixAcl;
import io.mooring.vfs.PosixAcl.Entry;
import io.mooring.vfs.PosixAcl.Tag;
import io.mooring.vfs.PosixAcls.Acls;
import io.mooring.vfs.PosixAcls.Setting;
import io.mooring.vfs.VfsException;
import io.mooring.vfs.VfsException.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Access control lists go to the kernel and come back, with the caller's rights. */
@ParameterizedClass
@EnumSource(TreeKind.class)
class AclTest {
    private static final Caller ALICE = new Caller(4001, 4001, new int[0]);
    private static final Caller BOB = new Caller(4002, 4002, new int[0]);
    private static final Setting REMOVED = new Setting(null);

    @Parameter
    TreeKind kind;

    private TestTree tree;
    private FileId file;

    @BeforeEach
    void open() throws Exception {
        tree = new TestTree(kind);
        file = tree.file(tree.root(), "file", 0640);
        try {
            tree.fs.setAcls(Caller.ROOT, file, access(4), null);
            tree.fs.setAcls(Caller.ROOT, file, new Setting(minimal(6, 4, 0)), null);
        } catch (VfsException e) {
            assumeTrue(e.status() != Status.NOTSUPP, "no ACLs on this file system");
            throw e;
        }
    }

    @AfterEach
    void close() throws Exception {
        if (tree != null) {
            tree.close();
        }
    }

    private static PosixAcl minimal(int user, int group, int other) {
        return new PosixAcl(List.of(
                new Entry(Tag.USER_OBJ, 0, user), new Entry(Tag.GROUP_OBJ, 0, group), new Entry(Tag.OTHER, 0, other)));
    }

    /** For Bob as well. */
    private static Setting access(int permissions) {
        return new Setting(new PosixAcl(List.of(
                new Entry(Tag.USER_OBJ, 0, 6),
                new Entry(Tag.USER, BOB.uid(), permissions),
                new Entry(Tag.GROUP_OBJ, 0, 4),
                new Entry(Tag.GROUP, 4100, 5),
                new Entry(Tag.MASK, 0, 7),
                new Entry(Tag.OTHER, 0, 0))));
    }

    @Test
    void whatIsSetIsFoundAgain() throws Exception {
        FileId directory = tree.directory("directory");
        Attributes after = tree.fs
                .setAcls(Caller.ROOT, directory, access(6), new Setting(minimal(7, 5, 1)))
                .after();
        assertThat(after.mode()).as("the mask is the mode's group bits").isEqualTo(0670);
        tree.reopen();
        Acls acls = tree.fs.acls(tree.lookup(tree.root(), "directory"));
        assertThat(acls.access()).isEqualTo(access(6).acl());
        assertThat(acls.defaults()).isEqualTo(minimal(7, 5, 1));
        assertThat(acls.attributes().mode()).isEqualTo(0670);
    }

    @Test
    void minimalListsBecomeTheMode() throws Exception {
        assertThat(tree.fs.setAcls(Caller.ROOT, file, access(6), null).after().mode())
                .isEqualTo(0670);
        assertThat(tree.fs
                        .setAcls(Caller.ROOT, file, new Setting(minimal(7, 5, 4)), null)
                        .after()
                        .mode())
                .isEqualTo(0754);
        assertThat(tree.fs.acls(file).access()).isNull();
    }

    @Test
    void listsAreRemoved() throws Exception {
        FileId directory = tree.directory("directory");
        tree.fs.setAcls(Caller.ROOT, directory, access(6), new Setting(minimal(7, 5, 1)));
        tree.fs.setAcls(Caller.ROOT, directory, null, REMOVED);
        assertThat(tree.fs.acls(directory).defaults()).isNull();
        assertThat(tree.fs.acls(directory).access()).isNotNull();
        tree.fs.setAcls(Caller.ROOT, directory, REMOVED, REMOVED);
        tree.fs.setAcls(Caller.ROOT, directory, REMOVED, REMOVED);
        assertThat(tree.fs.acls(directory).access()).isNull();
    }

    @Test
    void onlyTheOwnerMay() throws Exception {
        assumeTrue(Credentials.effectiveUid() == 0, "only root can take other identities");
        tree.chown(file, ALICE.uid(), ALICE.gid());
        assertStatus(Status.PERM, () -> tree.fs.setAcls(BOB, file, access(7), null));
        assertStatus(Status.PERM, () -> tree.fs.setAcls(BOB, file, REMOVED, null));
        assertStatus(Status.ACCES, () -> tree.read(BOB, file, 0, 1));
        tree.fs.setAcls(ALICE, file, access(6), null);
        tree.write(BOB, file, 0, "acl");
        tree.fs.setAcls(ALICE, file, access(0), null);
        assertStatus(Status.ACCES, () -> tree.read(BOB, file, 0, 1));
    }

    @Test
    void whatCannotHaveThemSaysSo() throws Exception {
        assertStatus(Status.ACCES, () -> tree.fs.setAcls(Caller.ROOT, file, null, new Setting(minimal(7, 5, 1))));
        tree.fs.setAcls(Caller.ROOT, file, null, REMOVED);
        FileId link = tree.fs
                .makeSymlink(
                        Caller.ROOT, tree.root(), TestTree.bytes("link"), TestTree.bytes("file"), NewAttributes.NONE)
                .id();
        assertThat(tree.fs.acls(link).access()).isNull();
        assertStatus(Status.NOTSUPP, () -> tree.fs.setAcls(Caller.ROOT, link, access(6), null));
        assertThat(tree.fs.acls(file).access()).as("the link was not followed").isNull();
    }

    @Test
    void fifosHaveThem() throws Exception {
        FileId fifo = tree.fs
                .makeNode(Caller.ROOT, tree.root(), TestTree.bytes("fifo"), FileType.FIFO, 0, 0, TestTree.mode(0600))
                .id();
        tree.fs.setAcls(Caller.ROOT, fifo, access(6), null);
        assertThat(tree.fs.acls(fifo).access()).isEqualTo(access(6).acl());
    }

    @Test
    void nonsenseIsInvalid() throws Exception {
        Setting withoutOwner = new Setting(new PosixAcl(List.of(new Entry(Tag.OTHER, 0, 0))));
        assertStatus(Status.INVAL, () -> tree.fs.setAcls(Caller.ROOT, file, withoutOwner, null));
        List<Entry> many = new ArrayList<>(access(6).acl().entries());
        for (int i = 0; i < 1024; i++) {
            many.add(2, new Entry(Tag.USER, 5000 + i, 4));
        }
        assertStatus(Status.INVAL, () -> tree.fs.setAcls(Caller.ROOT, file, new Setting(new PosixAcl(many)), null));
    }

    @Test
    void theToolsAgree() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/getfacl")), "getfacl is not installed");
        tree.fs.setAcls(Caller.ROOT, file, access(6), null);
        Process getfacl =
                new ProcessBuilder("getfacl", "-cnp", tree.path.resolve("file").toString()).start();
        String text = new String(getfacl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(getfacl.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(text.lines().filter(line -> !line.isEmpty()))
                .containsExactly(
                        "user::rw-", "user:4002:rw-", "group::r--", "group:4100:r-x", "mask::rwx", "other::---");
    }
}
