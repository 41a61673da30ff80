package io.mooring.failover.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

class PreloadingTest {

    private static final String INITIALISED = "io.mooring.failover.test.initialised";
    private static final String LOUD = Loud.class.getName();

    /** Tells that it was initialised. */
    static final class Loud {
        static {
            System.setProperty(INITIALISED, "true");
        }
    }

    /** Loads this test's classes itself, as a bundle does, and not by its parent. */
    private static final class OwnLoader extends URLClassLoader {
        OwnLoader() {
            super(
                    new URL[] {
                        PreloadingTest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                    },
                    null);
        }

        boolean has(String name) {
            return findLoadedClass(name) != null;
        }
    }

    @Test
    void loadsTheClassesOfTheProjectAndInitialisesNone() throws Exception {
        try (OwnLoader mine = new OwnLoader();
                OwnLoader others = new OwnLoader()) {
            Bundle own = bundle("io.mooring.some", wiring(mine, LOUD, "io.mooring.optional.Missing"));
            Bundle unresolved = bundle("io.mooring.unresolved", null);
            Bundle foreign = bundle("org.example", wiring(others, LOUD));
            Bundle nameless = bundle(null, null);
            new Preloading(answering(
                            BundleContext.class,
                            Map.of("getBundles", new Bundle[] {nameless, unresolved, foreign, own})))
                    .run();
            assertThat(mine.has(LOUD)).isTrue();
            assertThat(others.has(LOUD)).isFalse();
            assertThat(System.getProperty(INITIALISED)).isNull();
        }
    }

    private static BundleWiring wiring(ClassLoader loader, String... classes) {
        List<String> resources = List.of(classes).stream()
                .map(name -> name.replace('.', '/') + ".class")
                .toList();
        return answering(
                BundleWiring.class, Map.of("isInUse", true, "listResources", resources, "getClassLoader", loader));
    }

    private static Bundle bundle(String name, BundleWiring wiring) {
        InvocationHandler answers = (proxy, method, arguments) -> switch (method.getName()) {
            case "getSymbolicName" -> name;
            case "adapt" -> wiring;
            default -> throw new UnsupportedOperationException(method.getName());
        };
        return proxy(Bundle.class, answers);
    }

    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return proxy(type, (proxy, method, arguments) -> answers.get(method.getName()));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(PreloadingTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
