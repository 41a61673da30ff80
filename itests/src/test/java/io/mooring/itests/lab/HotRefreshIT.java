package io.mooring.itests.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bundles are updated, refreshed, uninstalled and installed again by the shell while a Linux kernel client writes. */
@ExtendWith(LabExtension.class)
class HotRefreshIT {

    private static final List<String> COMMANDS =
            List.of("io.mooring.nfsd.commands", "io.mooring.sunrpc.commands", "io.mooring.addressmonitor.commands");
    private static final int SOME_LINES = 5;
    private static final Duration WRITING = Duration.ofMinutes(4);
    private static final Duration BACK = Duration.ofSeconds(40);

    private Lab lab;
    private LabServer server;
    private GuestJob writer;

    @BeforeEach
    void setUp(Lab newLab) {
        lab = newLab;
        lab.reset();
        server = lab.server(lab.node1());
        awaitShell();
        lab.client().succeed("mount -t nfs -o vers=3 " + LabNetwork.FLOATING + ":" + lab.export() + " /mnt/nfs");
        writer = lab.client()
                .start("python3 /mnt/box/write-lines.py /mnt/nfs/lines /tmp/journal /tmp/stop " + WRITING.toSeconds());
        awaitLines(SOME_LINES);
    }

    /** Bundles installed by hand stay with an instance, and a feature does not start them again. */
    @AfterEach
    void discardServer() {
        lab.discardServer(lab.node1());
        assertThat(server.errors()).isEmpty();
    }

    /** Not even the connection is another one. */
    @Test
    void commandsAndRpcbindComeAndGoUnnoticed() throws IOException {
        List<LabSocket> before = transports();
        assertThat(before).isNotEmpty();
        for (String name : COMMANDS) {
            reinstall(name);
            awaitLines(lines() + SOME_LINES);
        }
        shell("bundle:update io.mooring.nfsd.commands");
        shell("bundle:update io.mooring.rpcbind");
        shell("bundle:refresh io.mooring.rpcbind");
        reinstall("io.mooring.rpcbind");
        awaitLines(lines() + SOME_LINES);
        assertThat(Waiting.until(BACK, () -> lab.node1().listensOn(LabServer.RPCBIND_PORT)))
                .as("rpcbind is back")
                .isTrue();
        assertThat(lab.client().succeed("rpcinfo -p " + LabNetwork.FLOATING))
                .as("rpcbind was told again")
                .contains("100003", "100005");
        assertThat(shell("nfs:exports")).contains("served");
        assertThat(transports()).containsAll(before);
        assertThat(finish("commands and rpcbind").errors()).isEmpty();
    }

    @Test
    void aWriterOutlivesNfsd() throws IOException {
        shell("bundle:update io.mooring.nfsd");
        awaitNfsd();
        shell("bundle:refresh io.mooring.nfsd");
        awaitNfsd();
        reinstall("io.mooring.nfsd");
        awaitNfsd();
        assertThat(finish("nfsd").errors()).isEmpty();
    }

    /** What nfsd stands on goes, and takes nfsd with it. */
    @Test
    void aWriterOutlivesWhatNfsdNeeds() throws IOException {
        for (String name : List.of("io.mooring.vfs.local", "io.mooring.sunrpc", "io.mooring.addressmonitor")) {
            shell("bundle:refresh " + name);
            awaitNfsd();
        }
        // Without that option Karaf refreshes its own shell as well, while it runs the command.
        shell("feature:uninstall --no-auto-refresh mooring");
        shell("feature:install --no-auto-refresh mooring");
        awaitNfsd();
        assertThat(finish("what nfsd needs, and the feature").errors()).isEmpty();
    }

    private LineJournal finish(String what) throws IOException {
        lab.client().succeed("touch /tmp/stop");
        assertThat(writer.await(BACK).succeeded()).isEmpty();
        LineJournal journal = LineJournal.parse(lab.client().succeed("cat /tmp/journal"));
        lab.report()
                .line(
                        "hot refresh of %s: %d lines, longest gap %.3f s",
                        what, journal.entries().size(), LabReport.seconds(journal.longestGap()));
        assertThat(journal.problemsOf(Files.readAllLines(file()))).isEmpty();
        return journal;
    }

    private void awaitShell() {
        assertThat(Waiting.until(BACK, () -> server.client("info").status() == 0))
                .as("the shell answers")
                .isTrue();
    }

    private String shell(String command) {
        return server.client(command).succeeded();
    }

    private void reinstall(String name) {
        String location = location(name);
        shell("bundle:uninstall " + name);
        shell("bundle:install -s " + location);
    }

    /** Where a bundle was installed from. */
    private String location(String name) {
        String list = shell("bundle:list -t 0 -l -s --no-format");
        Matcher matcher = Pattern.compile("(mvn:io\\.mooring/" + Pattern.quote(name) + "/\\S+)")
                .matcher(list);
        assertThat(matcher.find()).as("%s in\n%s", name, list).isTrue();
        return matcher.group(1);
    }

    /** Waits until nfsd listens and the writer has gone on. */
    private void awaitNfsd() {
        assertThat(Waiting.until(BACK, () -> lab.node1().listensOn(LabServer.NFS_PORT)))
                .as("nfsd listens")
                .isTrue();
        awaitLines(lines() + SOME_LINES);
    }

    private void awaitLines(long wanted) {
        assertThat(Waiting.until(BACK, () -> lines() >= wanted))
                .as("the writer goes on")
                .isTrue();
    }

    private long lines() {
        try {
            return Files.exists(file()) ? Files.readAllLines(file()).size() : 0;
        } catch (IOException e) {
            throw new LabException("the export cannot be read", e);
        }
    }

    private Path file() {
        return lab.export().resolve("lines");
    }

    private List<LabSocket> transports() {
        return lab.node1().sockets().stream()
                .filter(socket -> socket.local().equals(LabNetwork.FLOATING)
                        && socket.localPort() == LabServer.NFS_PORT
                        && socket.established())
                .toList();
    }
}
