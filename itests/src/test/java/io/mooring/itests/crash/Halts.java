package io.mooring.itests.crash;

import io.mooring.sunrpc.AddressKeeper;
import io.mooring.sunrpc.KeptReply;
import io.mooring.sunrpc.RpcServer;
import io.mooring.vfs.FileSystem;
import io.mooring.vfs.FileSystemProvider;
import io.mooring.vfs.LockTargets;
import io.mooring.vfs.service.ServiceJournal;
import io.mooring.vfs.service.ServiceParticipant;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stops calls at one point of their way, for ever: whoever kills the process when they are all there has killed it for each of
 * them at that point. Stands between the bundles, whose code knows nothing of it. Thread-safe.
 */
final class Halts {
    private static final Set<String> CHANGES = Set.of(
            "setAttributes",
            "create",
            "makeDirectory",
            "makeSymlink",
            "makeNode",
            "remove",
            "removeDirectory",
            "rename",
            "link");

    private final AtomicInteger missing = new AtomicInteger();
    private volatile CrashPoint armed;

    /** From now on calls stop at this point; says so when so many have. */
    void arm(CrashPoint point, int calls) {
        missing.set(calls);
        armed = point;
    }

    private void reach(CrashPoint point) {
        if (armed == point) {
            if (missing.decrementAndGet() == 0) {
                System.out.println("REACHED");
            }
            new Semaphore(0).acquireUninterruptibly();
        }
    }

    /** Does something instead of a method, which it may call. */
    @FunctionalInterface
    private interface Instead {
        Object run(Method method, Object[] arguments) throws Throwable;
    }

    private static Object invoke(Object target, Method method, Object... arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T standIn(Class<T> type, Object target, Instead instead) {
        InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> instead.run(method, arguments);
        };
        Class<?>[] types = target.getClass().getInterfaces();
        return type.cast(Proxy.newProxyInstance(Halts.class.getClassLoader(), types, handler));
    }

    FileSystemProvider in(FileSystemProvider provider) {
        return standIn(FileSystemProvider.class, provider, (method, arguments) -> {
            Object result = invoke(provider, method, arguments);
            return result instanceof FileSystem files ? in(files) : result;
        });
    }

    private FileSystem in(FileSystem files) {
        return standIn(FileSystem.class, files, (method, arguments) -> {
            if (method.getName().equals("witnessedBy")) {
                FileSystem.Witness witness = (FileSystem.Witness) arguments[0];
                return in(files.witnessedBy(object -> {
                    reach(CrashPoint.BEFORE_THE_NOTE);
                    witness.made(object);
                    reach(CrashPoint.BEFORE_THE_SYNC);
                }));
            }
            if (!CHANGES.contains(method.getName())) {
                return invoke(files, method, arguments);
            }
            reach(CrashPoint.BEFORE_THE_OPERATION);
            Object result = invoke(files, method, arguments);
            reach(CrashPoint.BEFORE_THE_REPLY_IS_KEPT);
            return result;
        });
    }

    LockTargets in(LockTargets targets) {
        return standIn(LockTargets.class, targets, (method, arguments) -> {
            if (method.getName().equals("find") || method.getName().equals("identify")) {
                reach(CrashPoint.BEFORE_THE_OPERATION);
            }
            return invoke(targets, method, arguments);
        });
    }

    RpcServer in(RpcServer server) {
        return standIn(
                RpcServer.class,
                server,
                (method, arguments) -> method.getName().equals("moor")
                        ? server.moor((InetAddress) arguments[0], in((AddressKeeper) arguments[1]))
                        : invoke(server, method, arguments));
    }

    private AddressKeeper in(AddressKeeper keeper) {
        return new AddressKeeper() {
            @Override
            public boolean mayServe() {
                return keeper.mayServe();
            }

            @Override
            public void connected(InetSocketAddress client, InetSocketAddress local) {
                keeper.connected(client, local);
            }

            @Override
            public void disconnected(InetSocketAddress client, InetSocketAddress local) {
                keeper.disconnected(client, local);
            }

            @Override
            public boolean keep(KeptReply reply) {
                boolean kept = keeper.keep(reply);
                if (!reply.note()) {
                    reach(CrashPoint.BEFORE_THE_REPLY_IS_SENT);
                }
                return kept;
            }
        };
    }

    /** What a participant itself writes down and waits for. */
    ServiceParticipant in(ServiceParticipant participant) {
        return standIn(ServiceParticipant.class, participant, (method, arguments) -> {
            Object result = invoke(participant, method, arguments);
            return result instanceof Mooring mooring ? in(mooring) : result;
        });
    }

    private Mooring in(Mooring mooring) {
        return standIn(Mooring.class, mooring, (method, arguments) -> {
            if (method.getName().equals("take")) {
                ServiceState state = (ServiceState) arguments[0];
                mooring.take(new ServiceState(state.directory(), in(state.journal()), state.complete()));
                return null;
            }
            return invoke(mooring, method, arguments);
        });
    }

    private ServiceJournal in(ServiceJournal journal) {
        return standIn(ServiceJournal.class, journal, (method, arguments) -> {
            if (method.getName().equals("append")) {
                reach(CrashPoint.BEFORE_THE_NOTE);
            }
            if (method.getName().equals("durable")) {
                reach(CrashPoint.BEFORE_THE_SYNC);
                if (armed == CrashPoint.BEFORE_THE_REPLY_IS_KEPT) {
                    journal.durable().join();
                    reach(CrashPoint.BEFORE_THE_REPLY_IS_KEPT);
                }
            }
            return invoke(journal, method, arguments);
        });
    }
}
