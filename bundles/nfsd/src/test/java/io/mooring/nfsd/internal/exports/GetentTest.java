package io.mooring.nfsd.internal.exports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mooring.nfsd.internal.exports.HostNames.NameServiceException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of the name service switch, with a command that answers in its place. */
class GetentTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private long nanos;

    /** A getent that also counts its runs. */
    private Getent answering(String script, Duration patience) throws IOException {
        Path command = directory.resolve("getent");
        Files.writeString(command, "#!/bin/sh\necho \"$1 $2\" >> " + directory.resolve("asked") + "\n" + script + "\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        return new Getent(command.toString(), patience);
    }

    private Iterable<String> asked() throws IOException {
        return Files.readAllLines(directory.resolve("asked"));
    }

    @Test
    void answersAndUnknownKeys() throws Exception {
        Getent getent = answering("[ $2 = known ] && echo an answer || exit 2", LONG);
        assertThat(getent.ask("netgroup", "known")).contains("an answer\n");
        assertThat(getent.ask("netgroup", "unknown")).isEmpty();
    }

    @Test
    void anAnswerIsReadToItsEndThoughTheProcessIsGone() throws Exception {
        Getent getent = answering("head -c 60000 /dev/zero", LONG);
        for (int i = 0; i < 20; i++) {
            assertThat(getent.ask("netgroup", "x").orElseThrow()).hasSize(60000);
        }
    }

    @Test
    void failuresAreNoAnswers() throws Exception {
        Getent failing = answering("exit 3", LONG);
        assertThatThrownBy(() -> failing.ask("netgroup", "x"))
                .isInstanceOf(NameServiceException.class)
                .hasMessageContaining("ended with 3");
        Getent absent = new Getent(directory.resolve("absent").toString(), LONG);
        assertThatThrownBy(() -> absent.ask("netgroup", "x")).isInstanceOf(NameServiceException.class);
    }

    @Test
    void aHangingOneIsKilled() throws Exception {
        for (String script : new String[] {"exec sleep 1000", "sleep 1000; true"}) {
            Getent hanging = answering(script, Duration.ofMillis(500));
            assertThatThrownBy(() -> hanging.ask("netgroup", "x"))
                    .isInstanceOf(NameServiceException.class)
                    .hasMessageContaining("does not answer");
        }
    }

    @Test
    void anEndlessAnswerIsRefused() throws Exception {
        Getent endless = answering("exec cat /dev/zero", LONG);
        assertThatThrownBy(() -> endless.ask("netgroup", "x"))
                .isInstanceOf(NameServiceException.class)
                .hasMessageContaining("too long");
    }

    @Test
    void netgroupsOfTheFileThenOfTheSwitch() throws Exception {
        Path file = directory.resolve("netgroup");
        Getent getent = answering("[ $2 = remote ] && echo 'remote  (there,,)' || exit 2", LONG);
        Netgroups netgroups = new Netgroups(() -> file, getent, () -> nanos);
        assertThat(netgroups.hosts("local")).isEmpty();
        Files.writeString(file, "local (here,,)\n");
        assertThat(netgroups.hosts("remote")).containsExactly("there");
        assertThat(netgroups.hosts("local")).isEmpty();
        nanos += Duration.ofSeconds(31).toNanos();
        assertThat(netgroups.hosts("local")).containsExactly("here");
        assertThat(netgroups.hosts("local")).containsExactly("here");
        assertThat(asked()).containsExactly("netgroup local", "netgroup remote");
    }

    @Test
    void aNetgroupIsAClientOfAnExport() throws Exception {
        Path file = Files.writeString(directory.resolve("netgroup"), "trusted (127.0.0.1,,)\n");
        Netgroups netgroups = new Netgroups(() -> file, answering("exit 2", LONG), () -> nanos);
        try (SystemHostNames names = new SystemHostNames(LONG, netgroups)) {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            assertThat(ClientPattern.parse("@trusted").matches(loopback, names)).isTrue();
            assertThat(ClientPattern.parse("@others").matches(loopback, names)).isFalse();
        }
    }

    @Test
    void groupsOfAUser() throws Exception {
        Getent getent = answering("""
                case "$1 $2" in
                'passwd 1000') echo 'joe:x:1000:100:Joe,,,:/home/joe:/bin/sh';;
                'passwd 4294967294') echo 'other:x:1:1::/:/bin/sh';;
                'initgroups joe') echo 'joe                   100 27 4294967290';;
                *) exit 2;;
                esac""", LONG);
        ServerGroups groups = new ServerGroups(getent, () -> nanos);
        assertThat(groups.of(1000)).containsExactly(100, 27, -6);
        assertThat(groups.of(1000)).containsExactly(100, 27, -6);
        assertThat(groups.of(7)).isEmpty();
        assertThatThrownBy(() -> groups.of(-2)).isInstanceOf(NameServiceException.class);
        nanos += Duration.ofMinutes(6).toNanos();
        assertThat(groups.of(7)).isEmpty();
        assertThat(asked())
                .containsExactly("passwd 1000", "initgroups joe", "passwd 7", "passwd 4294967294", "passwd 7");
    }
}
