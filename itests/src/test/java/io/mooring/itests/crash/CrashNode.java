package io.mooring.itests.crash;

import io.mooring.addressmonitor.AddressListener;
import io.mooring.failover.internal.ServiceSettings;
import io.mooring.failover.internal.ServiceSettings.Moving;
import io.mooring.failover.internal.ServiceSettings.State;
import io.mooring.failover.internal.ServiceSettings.Tickles;
import io.mooring.failover.internal.ThreadTurns;
import io.mooring.failover.internal.connection.Announcements;
import io.mooring.failover.internal.machine.OwnedStates;
import io.mooring.failover.internal.machine.Roster;
import io.mooring.failover.internal.machine.ServiceMachine;
import io.mooring.failover.internal.machine.Surroundings;
import io.mooring.lockd.internal.LockServer;
import io.mooring.nfsd.internal.NfsServer;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcTransports;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.local.LocalFileSystemProvider;
import io.mooring.vfs.service.ServiceDeclaration;
import io.mooring.vfs.service.ServiceParticipant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * A node in a JVM of its own: the bundles' components without OSGi, with halts between them. Serves one service on loopback,
 * prints its ports, and does what it is told by lines: "ARM point calls". Ends when its input ends.
 */
final class CrashNode {
    static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

    private final Path directory;
    private final Halts halts = new Halts();
    private final Roster roster = new Roster();
    private final Map<Class<?>, Object> services = new HashMap<>();

    private CrashNode(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
        new CrashNode(Path.of(arguments[0])).run();
    }

    private void run() throws Exception {
        RpcTransports rpc = RpcTransports.open();
        new NfsServer(
                rpc,
                halts.in(new LocalFileSystemProvider(defaults(LocalFileSystemProvider.Configuration.class))),
                defaults(NfsServer.Config.class),
                context("nfsd"));
        roster.add((ServiceParticipant) services.get(ServiceParticipant.class));
        LockTargets targets = (LockTargets) services.get(LockTargets.class);
        LockServer locks = new LockServer(rpc, defaults(LockServer.Config.class), context("lockd"));
        bind(locks, halts.in(targets));
        roster.add(halts.in((ServiceParticipant) services.get(ServiceParticipant.class)));
        for (RpcServer server : rpc.servers()) {
            roster.add(halts.in(server));
        }
        ServiceMachine machine = new ServiceMachine(settings(), surroundings());
        machine.start(List.of(ADDRESS));
        machine.take().get(30, TimeUnit.SECONDS);
        System.out.println("SERVING " + port(rpc, "nfsd") + " " + port(rpc, "lockd"));
        obey();
        Runtime.getRuntime().halt(0);
    }

    private static int port(RpcTransports rpc, String name) {
        return rpc.servers().stream()
                .filter(server -> server.name().equals(name))
                .findFirst()
                .orElseThrow()
                .tcpPort();
    }

    private void obey() throws IOException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] words = line.split(" ", 3);
            halts.arm(CrashPoint.valueOf(words[1]), Integer.parseInt(words[2]));
            System.out.println("ARMED");
        }
    }

    private ServiceSettings settings() {
        ServiceDeclaration declaration = new ServiceDeclaration(
                "data",
                List.of(ADDRESS),
                List.of(directory.resolve("export") + " *(rw,insecure,no_root_squash,fsid=7)"),
                "test",
                directory.resolve("state"));
        return new ServiceSettings(
                "io.mooring.service~data",
                declaration,
                new State(1 << 20, true, false, Duration.ofSeconds(10)),
                new Moving(true, Duration.ofSeconds(30), false, new Tickles(false, 100, 100)));
    }

    private Surroundings surroundings() {
        ThreadTurns outside = new ThreadTurns("outside");
        return new Surroundings(
                "node",
                roster,
                OwnedStates.ofThisNode(),
                new ThreadTurns("machine"),
                new ThreadTurns("watch"),
                new Surroundings.Outside(outside, connection -> {}, new Announcements(outside, address -> {})),
                Clock.systemUTC());
    }

    /** As the component runtime binds it. */
    private static void bind(LockServer server, LockTargets targets) throws ReflectiveOperationException {
        Field field = LockServer.class.getDeclaredField("targets");
        field.setAccessible(true);
        field.set(server, targets);
    }

    /** A component's configuration: defaults, any free port, no UDP. */
    private static <A extends Annotation> A defaults(Class<A> type) {
        Map<String, Object> set = Map.of("port", 0, "udp", false);
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> set.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    /** Where a component finds its directories, and leaves its services. */
    private BundleContext context(String name) {
        return stub(BundleContext.class, (method, arguments) -> switch (method) {
            case "getProperty" -> directory.resolve("karaf").resolve(name).toString();
            case "registerService" -> {
                services.put((Class<?>) arguments[0], arguments[1]);
                if (arguments[1] instanceof AddressListener listener) {
                    listener.addressesPresent(List.of(ADDRESS));
                }
                yield stub(ServiceRegistration.class, (unregister, none) -> null);
            }
            default -> throw new UnsupportedOperationException(method);
        });
    }

    /** Answers a method. */
    @FunctionalInterface
    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T stub(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(
                CrashNode.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
    }
}
