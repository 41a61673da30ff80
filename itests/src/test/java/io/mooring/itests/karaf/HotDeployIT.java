package io.mooring.itests.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.mooring.addressmonitor.AddressMonitor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import javax.inject.Inject;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;

/** nfsd in a plain Karaf: its commands, bundles that come and go, addresses that go. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HotDeployIT {
    @Inject
    private BundleContext context;

    @Inject
    private SessionFactory sessions;

    @Configuration
    public Option[] configuration() {
        return new Option[] {KarafOptions.plainKaraf("mooring-nfsd")};
    }

    @Test
    public void commandsAnswerAsTablesAndAsJson() throws Exception {
        awaitNfsd();
        try (Socket client = connect("127.0.0.1")) {
            client.getOutputStream().write(0);
            for (String command : List.of(
                    "rpc:programs",
                    "rpc:transports",
                    "rpc:stats",
                    "nfs:exports",
                    "nfs:stats",
                    "address:list",
                    "address:listeners")) {
                String table = shell().run(command);
                assertTrue(command + ": " + table, table.lines().count() > 2);
                String json = shell().run(command + " --json").strip();
                assertTrue(command + ": " + json, json.startsWith("[") || json.startsWith("{"));
            }
            assertTrue(shell().run("nfs:exports").contains(System.getProperty(KarafOptions.EXPORT_PROPERTY)));
            assertTrue(shell().run("address:listeners").contains("nfsd"));
            assertTrue(shell().run("nfs:mounts --json").strip().startsWith("["));
        }
    }

    @Test
    public void onlyAnAdministratorClosesTransports() throws Exception {
        awaitNfsd();
        try (Socket client = connect("127.0.0.1")) {
            Await.until("the connection is there", () -> shell().run("rpc:transports"), t -> t.contains(name(client)));
            String refused = "";
            try {
                new Shell(sessions, "viewer").run("rpc:close 127.0.0.1");
            } catch (Exception e) {
                refused = e.toString();
            }
            assertFalse("a viewer may not close transports", refused.isEmpty());
            assertTrue(shell().run("rpc:transports").contains(name(client)));
            shell().run("rpc:close 127.0.0.1");
            assertReset(client);
        }
    }

    @Test
    public void nfsdComesAndGoesWhileTheAddressMonitorGoesOn() throws Exception {
        awaitNfsd();
        AddressMonitor monitor = service(AddressMonitor.class);
        Bundle nfsd = bundle("io.mooring.nfsd");
        String location = nfsd.getLocation();
        assertTrue(listeners(monitor).contains("nfsd"));
        nfsd.uninstall();
        Await.until("nfsd's listener is gone", () -> listeners(monitor), l -> !l.contains("nfsd"));
        Await.until("the port is closed", HotDeployIT::refused, refused -> refused);
        context.installBundle(location).start();
        // As bundle:refresh does: what used the old classes is wired to the new ones.
        context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(null);
        Await.until("nfsd's listener is back", () -> listeners(monitor), l -> l.contains("nfsd"));
        Await.until("the port is open again", HotDeployIT::refused, refused -> !refused);
        Await.until("its commands are back", () -> shell().knows("nfs:stats"), known -> known);
        assertSame(monitor, service(AddressMonitor.class));
    }

    @Test
    public void onlyTheRemovedAddressLosesItsConnections() throws Exception {
        org.junit.Assume.assumeTrue("adding an address needs root", isRoot());
        awaitNfsd();
        String floating = "127.77.0." + (1 + ProcessHandle.current().pid() % 250);
        ip("addr", "add", floating + "/32", "dev", "lo");
        // A connection from before the address is told of would be taken for a stale one, and reset.
        Await.until("nfsd knows the address", () -> shell().run("rpc:transports"), t -> t.contains(floating));
        try (Socket moored = connect(floating);
                Socket other = connect("127.0.0.1")) {
            Await.until(
                    "both are there",
                    () -> shell().run("rpc:transports"),
                    t -> t.contains(name(moored)) && t.contains(name(other)));
            ip("addr", "del", floating + "/32", "dev", "lo");
            assertReset(moored);
            assertTrue(shell().run("rpc:transports").contains(name(other)));
            String statistics = shell().run("nfs:stats");
            assertTrue(statistics, statistics.contains("addressRemovals"));
        } finally {
            ip("addr", "del", floating + "/32", "dev", "lo");
        }
    }

    private static void awaitNfsd() throws Exception {
        Await.until("nfsd listens", HotDeployIT::refused, refused -> !refused);
    }

    private Shell shell() {
        return new Shell(sessions, Shell.allRoles().toArray(String[]::new));
    }

    private Bundle bundle(String name) {
        return Arrays.stream(context.getBundles())
                .filter(b -> b.getSymbolicName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private <T> T service(Class<T> type) throws Exception {
        var reference = Await.until(type + " is there", () -> context.getServiceReference(type), r -> r != null);
        return context.getService(reference);
    }

    private static String listeners(AddressMonitor monitor) {
        return monitor.listeners().toString();
    }

    private static Socket connect(String address) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(address, Integer.getInteger(KarafOptions.PORT_PROPERTY)), 10_000);
        return socket;
    }

    /** The client's own end, as the table of transports shows it. */
    private static String name(Socket client) {
        return client.getLocalAddress().getHostAddress() + ":" + client.getLocalPort();
    }

    private static boolean refused() {
        try (Socket socket = connect("127.0.0.1")) {
            return !socket.isConnected();
        } catch (IOException e) {
            return true;
        }
    }

    private static void assertReset(Socket client) throws IOException {
        try {
            int end = client.getInputStream().read();
            assertEquals("a reset, not an orderly end", Integer.MIN_VALUE, end);
        } catch (SocketException reset) {
            assertTrue(reset.toString(), reset.getMessage().contains("reset"));
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void ip(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
