package io.mooring.itests.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
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

/** The features, installed into a plain Karaf one by one. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerMethod.class)
public class FeaturesIT {
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
        features.installFeature("mooring-nfsd", EnumSet.of(FeaturesService.Option.NoAutoRefreshBundles));
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
            assertEquals(bundle.getSymbolicName(), fragment ? Bundle.RESOLVED : Bundle.ACTIVE, bundle.getState());
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
        Await.until(
                "rpcbind, nfsd and lockd serve",
                () -> shell().run("rpc:programs"),
                t -> t.contains("100000") && t.contains("100003") && t.contains("100005") && t.contains("100021"));
    }

    @Test
    public void lockdBringsWhatItNeedsAndNothingElse() throws Exception {
        features.installFeature("mooring-lockd", EnumSet.of(FeaturesService.Option.NoAutoRefreshBundles));
        assertEquals(
                Set.of(
                        "io.mooring.posix",
                        "io.mooring.addressmonitor",
                        "io.mooring.addressmonitor.commands",
                        "io.mooring.shell",
                        "io.mooring.sunrpc",
                        "io.mooring.sunrpc.commands",
                        "io.mooring.vfs",
                        "io.mooring.lockd",
                        "io.mooring.lockd.commands"),
                ours());
        Await.until(
                "lockd serves alone",
                () -> shell().run("rpc:programs"),
                t -> t.contains("100021") && t.contains("100024") && !t.contains("100003"));
        Await.until("its commands answer", () -> shell().run("lock:grace"), t -> t.contains("127.0.0.1"));
        assertTrue(shell().run("lock:list --json").strip().startsWith("["));
        assertTrue(shell().run("lock:hosts --json").strip().startsWith("["));
    }

    @Test
    public void failoverBringsWhatItNeedsAndNothingElse() throws Exception {
        features.installFeature("mooring-failover", EnumSet.of(FeaturesService.Option.NoAutoRefreshBundles));
        assertEquals(
                Set.of(
                        "io.mooring.posix",
                        "io.mooring.addressmonitor",
                        "io.mooring.addressmonitor.commands",
                        "io.mooring.shell",
                        "io.mooring.sunrpc",
                        "io.mooring.sunrpc.commands",
                        "io.mooring.vfs",
                        "io.mooring.failover",
                        "io.mooring.failover.commands"),
                ours());
        Await.until(
                "its commands answer",
                () -> shell().run("service:status --json"),
                t -> t.strip().startsWith("["));
    }

    private Set<String> ours() {
        return Arrays.stream(context.getBundles())
                .map(Bundle::getSymbolicName)
                .filter(n -> n.startsWith("io.mooring."))
                .collect(Collectors.toSet());
    }

    private Shell shell() {
        return new Shell(sessions, Shell.allRoles().toArray(String[]::new));
    }
}
