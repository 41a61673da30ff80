package io.mooring.itests.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.mooring.sunrpc.RpcTransportService;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerMethod;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;

/** lockd and nfsd in a plain Karaf: each comes and goes while locks are held. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class LockdIT {
    private static final int ALICE = 1;
    private static final int BOB = 2;

    @Inject
    private BundleContext context;

    @Inject
    private SessionFactory sessions;

    @Inject
    private RpcTransportService rpc;

    private LockClient client;
    private Path file;
    private byte[] handle;

    @Configuration
    public Option[] configuration() {
        return new Option[] {KarafOptions.plainKaraf("mooring-nfsd", "mooring-lockd")};
    }

    @Before
    public void lock() throws Exception {
        Await.until(
                "nfsd and lockd serve",
                () -> shell().run("rpc:programs"),
                t -> t.contains("100003") && t.contains("100021"));
        client = new LockClient(
                rpc,
                Integer.getInteger(KarafOptions.PORT_PROPERTY),
                Integer.getInteger(KarafOptions.LOCK_PORT_PROPERTY));
        Path export = Path.of(System.getProperty(KarafOptions.EXPORT_PROPERTY));
        file = export.resolve("f");
        Files.deleteIfExists(file);
        Files.createFile(file);
        handle = client.handle(export.toString(), "f");
        awaitStatus("lockd knows its addresses", LockClient.GRANTED, ALICE, false);
        assertFalse(isFreeForLocalProcesses());
    }

    private void awaitStatus(String what, int status, int owner, boolean reclaim) throws Exception {
        Await.until(what, () -> client.lock(handle, owner, reclaim), s -> s == status);
    }

    private boolean isFreeForLocalProcesses() throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        }
    }

    @Test
    public void locksSurviveNfsd() throws Exception {
        assertTrue(locks(), locks().contains(file.toString()));
        Bundle nfsd = bundle("io.mooring.nfsd");
        String location = nfsd.getLocation();
        nfsd.uninstall();
        assertFalse(isFreeForLocalProcesses());
        assertEquals("ask again", LockClient.DENIED_GRACE_PERIOD, client.lock(handle, BOB, false));
        assertTrue(locks(), locks().contains("exclusive"));
        context.installBundle(location).start();
        refresh();
        awaitStatus("the lock is held", LockClient.DENIED, BOB, false);
        refresh(bundle("io.mooring.nfsd"));
        awaitStatus("the lock is held", LockClient.DENIED, BOB, false);
        assertFalse(isFreeForLocalProcesses());
        Await.until("its path is known again", this::locks, l -> l.contains(file.toString()));
        assertEquals(LockClient.GRANTED, client.unlock(handle, ALICE));
        assertTrue(isFreeForLocalProcesses());
        assertEquals(LockClient.GRANTED, client.lock(handle, BOB, false));
    }

    @Test
    public void lockdComesAndGoesWhileNfsdGoesOn() throws Exception {
        Bundle lockd = bundle("io.mooring.lockd");
        String location = lockd.getLocation();
        lockd.uninstall();
        assertTrue("its locks are released", isFreeForLocalProcesses());
        Await.until("its programs are gone", () -> shell().run("rpc:programs"), t -> !t.contains("100021"));
        client.ping();
        context.installBundle(location).start();
        refresh();
        Await.until("it serves again", () -> shell().run("rpc:programs"), t -> t.contains("100021"));
        Await.until("its commands are back", () -> shell().knows("lock:hosts"), known -> known);
        Await.until("it has a grace period", () -> shell().run("lock:hosts"), t -> t.contains("127.0.0.1"));
        assertEquals(LockClient.DENIED_GRACE_PERIOD, client.lock(handle, BOB, false));
        assertTrue(isFreeForLocalProcesses());
        awaitStatus("the client reclaims", LockClient.GRANTED, ALICE, true);
        assertFalse(isFreeForLocalProcesses());
        client.ping();
    }

    @Test
    public void onlyAnAdministratorReleasesLocks() throws Exception {
        String refused = "";
        try {
            new Shell(sessions, "viewer").run("lock:release --yes --client 127.0.0.1");
        } catch (Exception e) {
            refused = e.toString();
        }
        assertFalse("a viewer may not release locks", refused.isEmpty());
        assertFalse(isFreeForLocalProcesses());
        shell().run("lock:release --yes --file " + file);
        assertTrue(isFreeForLocalProcesses());
        assertEquals("[]", locks().strip());
    }

    /** As bundle:refresh does: what used the old classes is wired to the new ones. */
    private void refresh(Bundle... bundles) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        context.getBundle(0)
                .adapt(FrameworkWiring.class)
                .refreshBundles(bundles.length == 0 ? null : Arrays.asList(bundles), event -> done.countDown());
        assertTrue("refreshed", done.await(30, TimeUnit.SECONDS));
    }

    private String locks() throws Exception {
        return shell().run("lock:list --json");
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
}
