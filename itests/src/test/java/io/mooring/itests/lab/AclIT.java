package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A Linux kernel's NFS client sets and shows access control lists, and they hold. */
@ExtendWith(LabExtension.class)
class AclIT {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** What the client remembers of files must not answer for the server. */
    private static final String FORGET = "echo 3 > /proc/sys/vm/drop_caches; ";

    private Lab lab;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        lab.client()
                .succeed("mount -t nfs -o vers=3,actimeo=0 " + LabNetwork.FLOATING + ":" + lab.export()
                        + " /mnt/nfs && chmod 755 /mnt");
        as(4001, "mkdir /mnt/nfs/d && echo secret > /mnt/nfs/d/file && chmod 600 /mnt/nfs/d/file")
                .succeeded();
    }

    @AfterEach
    void serversLoggedNoError() {
        assertThat(lab.server(lab.node1()).errors()).isEmpty();
    }

    @Test
    void whatSetfaclSetsGetfaclShows() {
        as(4001, "setfacl -m u:4002:rw,g:4100:r,m:rw /mnt/nfs/d/file").succeeded();
        String acl = "user::rw-\nuser:4002:rw-\ngroup::---\ngroup:4100:r--\nmask::rw-\nother::---\n";
        assertThat(getfacl("d/file")).isEqualTo(acl);
        assertThat(HostCommand.of(
                                "getfacl",
                                "-cnp",
                                lab.export().resolve("d/file").toString())
                        .succeed())
                .startsWith(acl);
        assertThat(root("stat -c %a /mnt/nfs/d/file")).isEqualTo("660\n");
        as(4001, "setfacl -b /mnt/nfs/d/file").succeeded();
        assertThat(getfacl("d/file")).isEqualTo("user::rw-\ngroup::---\nother::---\n");
    }

    @Test
    void permissionsTakeEffectForASecondUser() {
        assertThat(as(4002, "cat /mnt/nfs/d/file").status()).isNotZero();
        as(4001, "setfacl -m u:4002:r /mnt/nfs/d/file").succeeded();
        assertThat(as(4002, "cat /mnt/nfs/d/file").succeeded()).isEqualTo("secret\n");
        assertThat(as(4002, "echo x >> /mnt/nfs/d/file").status()).isNotZero();
        assertThat(as(4003, "cat /mnt/nfs/d/file").status()).isNotZero();
        as(4001, "setfacl -m u:4002:rw /mnt/nfs/d/file").succeeded();
        as(4002, "echo more >> /mnt/nfs/d/file").succeeded();
        as(4001, "setfacl -x u:4002 /mnt/nfs/d/file").succeeded();
        assertThat(as(4002, "cat /mnt/nfs/d/file").status()).isNotZero();
        assertThat(as(4001, "cat /mnt/nfs/d/file").succeeded()).isEqualTo("secret\nmore\n");
    }

    @Test
    void onlyTheOwnerSetsThem() {
        assertThat(as(4002, "setfacl -m u:4002:rw /mnt/nfs/d/file").output()).contains("Operation not permitted");
        assertThat(root("! setfacl -m u:4002:rw /mnt/nfs/d/file 2>&1")).contains("Operation not permitted");
        assertThat(getfacl("d/file")).isEqualTo("user::rw-\ngroup::---\nother::---\n");
    }

    @Test
    void newObjectsInheritTheDefaultList() {
        as(4001, "setfacl -m d:u:4002:rwx,d:g::r-x,d:o::--- /mnt/nfs/d").succeeded();
        String defaults = """
                default:user::rwx
                default:user:4002:rwx
                default:group::r-x
                default:mask::rwx
                default:other::---
                """;
        assertThat(getfacl("d")).isEqualTo("user::rwx\ngroup::r-x\nother::r-x\n" + defaults);
        as(4001, "umask 022; echo new > /mnt/nfs/d/new; mkdir /mnt/nfs/d/sub").succeeded();
        assertThat(getfacl("d/new")).isEqualTo("""
                user::rw-
                user:4002:rwx #effective:rw-
                group::r-x #effective:r--
                mask::rw-
                other::---
                """);
        assertThat(getfacl("d/sub"))
                .isEqualTo("user::rwx\nuser:4002:rwx\ngroup::r-x\nmask::rwx\nother::---\n" + defaults);
        as(4002, "echo more >> /mnt/nfs/d/new && touch /mnt/nfs/d/sub/mine").succeeded();
        assertThat(as(4003, "cat /mnt/nfs/d/new").status()).isNotZero();
        as(4001, "setfacl -k /mnt/nfs/d").succeeded();
        assertThat(getfacl("d")).isEqualTo("user::rwx\ngroup::r-x\nother::r-x\n");
    }

    @Test
    void longListsAndAllKindsOfObjects() {
        as(4001, "seq -f 'u:%g:r' 5001 5200 > /tmp/acl && setfacl -M /tmp/acl /mnt/nfs/d/file")
                .succeeded();
        assertThat(getfacl("d/file").lines().filter(line -> line.startsWith("user:5")))
                .hasSize(200);
        as(4001, "mkfifo /mnt/nfs/d/fifo && setfacl -m u:4002:rw /mnt/nfs/d/fifo")
                .succeeded();
        assertThat(getfacl("d/fifo")).contains("user:4002:rw-");
        as(4001, "cp -p /mnt/nfs/d/file /mnt/nfs/d/copy").succeeded();
        assertThat(getfacl("d/copy")).isEqualTo(getfacl("d/file"));
    }

    private CommandResult as(int user, String commands) {
        String quoted = "'" + commands.replace("'", "'\\''") + "'";
        return lab.client()
                .run(
                        "setpriv --reuid " + user + " --regid " + user + " --clear-groups sh -c " + quoted + " 2>&1",
                        LIMIT);
    }

    private String root(String commands) {
        return lab.client().run(commands, LIMIT).succeeded();
    }

    /** Without names and without its last, empty line. */
    private String getfacl(String path) {
        return root(FORGET + "getfacl -cnp /mnt/nfs/" + path)
                .replaceAll("\n+$", "\n")
                .replaceAll("\t+", " ");
    }
}
