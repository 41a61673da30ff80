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
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** mooring-nfsd in a plain Karaf: what it installs, its commands, and bundles that come and go under open connections. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class HotDeployIT {
    @Inject
    private FeaturesService features;

    @Inject
    private BundleContext context;

    @Inject
    private SessionFactory sessions;

    @Configuration
    public Option[] configuration() {
        return new Option[] {KarafOptions.plainKaraf()};
    }

    @Test
    public void nfsdBringsWhatItNeedsAndNothingElse() throws Exception {
        installNfsd();
        assertEquals(
                Set.of(
                        "io.mooring.posix",
                        "io.mooring.addressmonitor",
                        "io.mooring.addressmonitor.commands",
                        "io.mooring.shell",
                        "io.mooring.sunrpc",
                        "io.mooring.sunrpc.commands",
                        "io.mooring.vfs",
                        "io.mooring.vfs.local",
                        "io.mooring.nfsd",
                        "io.mooring.nfsd.commands"),
                ours());
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get("Fragment-Host") != null;
            assertEquals(
                    bundle.getSymbolicName(), fragment ? Bundle.RESOLVED : Bundle.ACTIVE, bundle.getState());
        }
    }

    @Test
    public void everyFeatureInstallsIntoOneKaraf() throws Exception {
        for (var feature : features.listFeatures()) {
            if (feature.getName().startsWith("mooring") && !features.isInstalled(feature)) {
                features.installFeature(feature, EnumSet.of(FeaturesService.Option.NoAutoRefreshBundles));
            }
        }
        assertTrue(ours().contains("io.mooring.rpcbind"));
        String programs = shell().run("rpc:programs");
        Await.until("rpcbind and nfsd serve", () -> shell().run("rpc:programs"), t -> t.contains("100000")
                && t.contains("100003")
                && t.contains("100005"));
        assertFalse(programs, programs.contains("Error"));
    }

    @Test
    public void commandsAnswerAsTablesAndAsJson() throws Exception {
        installNfsd();
        try (Socket client = connect("127.0.0.1")) {
            client.getOutputStream().write(0);
            for (String command : List.of(
                    "rpc:programs", "rpc:transports", "rpc:stats", "nfs:exports", "nfs:stats", "address:list",
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
        installNfsd();
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
        installNfsd();
        AddressMonitor monitor = service(AddressMonitor.class);
        Bundle nfsd = bundle("io.mooring.nfsd");
        String location = nfsd.getLocation();
        assertTrue(listeners(monitor).contains("nfsd"));
        nfsd.uninstall();
        Await.until("nfsd's listener is gone", () -> listeners(monitor), l -> !l.contains("nfsd"));
        Await.until("the port is closed", HotDeployIT::refused, refused -> refused);
        context.installBundle(location).start();
        Await.until("nfsd's listener is back", () -> listeners(monitor), l -> l.contains("nfsd"));
        Await.until("the port is open again", HotDeployIT::refused, refused -> !refused);
        assertSame(monitor, service(AddressMonitor.class));
    }

    @Test
    public void onlyTheRemovedAddressLosesItsConnections() throws Exception {
        org.junit.Assume.assumeTrue("adding an address needs root", isRoot());
        installNfsd();
        String floating = "127.77.0." + (1 + ProcessHandle.current().pid() % 250);
        ip("addr", "add", floating + "/32", "dev", "lo");
        try (Socket moored = connect(floating);
                Socket other = connect("127.0.0.1")) {
            Await.until("both are there", () -> shell().run("rpc:transports"), t -> t.contains(name(moored))
                    && t.contains(name(other)));
            ip("addr", "del", floating + "/32", "dev", "lo");
            assertReset(moored);
            assertTrue(shell().run("rpc:transports").contains(name(other)));
            String statistics = shell().run("nfs:stats");
            assertTrue(statistics, statistics.contains("addressRemovals"));
        } finally {
            ip("addr", "del", floating + "/32", "dev", "lo");
        }
    }

    private void installNfsd() throws Exception {
        features.installFeature("mooring-nfsd");
        Await.until("nfsd listens", HotDeployIT::refused, refused -> !refused);
    }

    private Shell shell() {
        return new Shell(sessions, Shell.allRoles().toArray(String[]::new));
    }

    private Set<String> ours() {
        return Arrays.stream(context.getBundles())
                .map(Bundle::getSymbolicName)
                .filter(n -> n.startsWith("io.mooring."))
                .collect(Collectors.toSet());
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
