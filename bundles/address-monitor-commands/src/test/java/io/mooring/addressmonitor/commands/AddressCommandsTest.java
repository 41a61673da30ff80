package io.mooring.addressmonitor.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.addressmonitor.AddressMonitor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.junit.jupiter.api.Test;

/** With a monitor played by the test. */
class AddressCommandsTest {
    private static final Instant SINCE = Instant.parse("2026-02-03T04:05:06Z");

    @Test
    void listsTheAddresses() throws Exception {
        String text = run(list(false));

        assertThat(text).contains("192.0.2.1", "eth0, eth1", "2026-02-03T04:05:06Z");
        assertThat(text).contains("rtnetlink");
    }

    @Test
    void listsTheAddressesForScripts() throws Exception {
        assertThat(run(list(true))).isEqualToNormalizingWhitespace("""
                [ { "address": "192.0.2.1", "interfaces": [ "eth0", "eth1" ], "since": "2026-02-03T04:05:06Z" } ]
                """);
    }

    @Test
    void listsTheListeners() throws Exception {
        assertThat(run(listeners(false))).contains("nfsd", "12", "340 µs");
    }

    @Test
    void listsTheListenersForScripts() throws Exception {
        assertThat(run(listeners(true))).isEqualToNormalizingWhitespace("""
                [ { "listener": "nfsd", "events": 12, "failures": 1, "pending": 2, "lastCall": 3.4E-4 } ]
                """);
    }

    @Test
    void areKnownToTheShell() {
        for (Class<?> command : List.of(AddressListCommand.class, AddressListenersCommand.class)) {
            assertThat(command).hasAnnotations(Service.class, Command.class);
            assertThat(command.getAnnotation(Command.class).scope()).isEqualTo("address");
        }
    }

    private static AddressListCommand list(boolean json) {
        AddressListCommand command = new AddressListCommand();
        command.monitor = new FakeMonitor();
        command.json = json;
        return command;
    }

    private static AddressListenersCommand listeners(boolean json) {
        AddressListenersCommand command = new AddressListenersCommand();
        command.monitor = new FakeMonitor();
        command.json = json;
        return command;
    }

    /** What it prints: the shell gives each session its own System.out. */
    private static String run(Action command) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            command.execute();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static final class FakeMonitor implements AddressMonitor {
        @Override
        public List<LocalAddress> addresses() {
            try {
                InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
                return List.of(new LocalAddress(address, List.of("eth0", "eth1"), SINCE));
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public List<ListenerStatus> listeners() {
            return List.of(new ListenerStatus("nfsd", 12, 1, 2, Duration.ofNanos(340_000)));
        }

        @Override
        public String source() {
            return "rtnetlink";
        }
    }
}
