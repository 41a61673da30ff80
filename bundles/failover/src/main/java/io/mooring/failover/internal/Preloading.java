package io.mooring.failover.internal;

import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads and verifies the classes of all bundles of this project, without initialising them, so that the first clients after a
 * take-over do not wait for hundreds of them. Immutable.
 */
final class Preloading {
    private static final Logger LOG = LoggerFactory.getLogger(Preloading.class);

    /** Begin of the symbolic names. */
    private static final String PROJECT = "io.mooring.";

    private static final String CLASS = ".class";

    private final BundleContext context;

    Preloading(BundleContext context) {
        this.context = context;
    }

    /** Ends early when the thread is interrupted. */
    void run() {
        int count = 0;
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName() != null && bundle.getSymbolicName().startsWith(PROJECT)) {
                count += load(bundle);
            }
        }
        LOG.debug("failover: {} classes are ready", count);
    }

    private static int load(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null || !wiring.isInUse()) {
            return 0;
        }
        Collection<String> resources = wiring.listResources(
                "/", "*" + CLASS, BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL);
        int count = 0;
        for (String resource : resources) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            String name =
                    resource.substring(0, resource.length() - CLASS.length()).replace('/', '.');
            if (isReady(name, wiring.getClassLoader())) {
                count++;
            }
        }
        return count;
    }

    /** Asking for its members links a class, and does not initialise it. */
    private static boolean isReady(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader).getDeclaredConstructors() != null;
        } catch (ClassNotFoundException | LinkageError e) {
            return false; // of a package that is optional
        }
    }
}
