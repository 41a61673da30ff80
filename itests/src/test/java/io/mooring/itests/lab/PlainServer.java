package io.mooring.itests.lab;

import io.mooring.nfsd.internal.Nfsd;
import io.mooring.nfsd.internal.NfsdOptions;
import io.mooring.nfsd.internal.exports.OwnFiles;
import io.mooring.sunrpc.RpcServerOptions.Limits;
import io.mooring.sunrpc.RpcTransports;
import io.mooring.vfs.local.LocalFileSystemProvider;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * nfsd on local directories, without Karaf, as a program of its own: it starts in seconds where Karaf takes a minute. Serves
 * until it is killed.
 */
final class PlainServer {

    private static final int TRANSFER_BYTES = 1 << 20;
    private static final Duration POLL = Duration.ofSeconds(1);

    private PlainServer() {}

    /** The words that start it, to be run as root. */
    static List<String> command(List<String> javaOptions, Path directory) {
        List<String> words = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        words.addAll(javaOptions);
        words.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                PlainServer.class.getName(),
                directory.toString()));
        return words;
    }

    /** Argument: the directory with {@code exports}, where the key of the handles is made and kept. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Path.of(arguments[0]);
        NfsdOptions options = new NfsdOptions(
                LabServer.NFS_PORT,
                List.of(),
                false,
                new NfsdOptions.Files(
                        directory.resolve("exports"),
                        directory.resolve("exports.d"),
                        directory.resolve("key"),
                        directory.resolve("netgroup"),
                        OwnFiles.NONE),
                POLL,
                TRANSFER_BYTES,
                false,
                Limits.defaults());
        try (RpcTransports rpc = RpcTransports.open();
                Nfsd nfsd = Nfsd.open(options, rpc, new LocalFileSystemProvider(defaults()))) {
            System.out.println("serving on port " + nfsd.port());
            new CountDownLatch(1).await();
        }
    }

    private static LocalFileSystemProvider.Configuration defaults() {
        return (LocalFileSystemProvider.Configuration) Proxy.newProxyInstance(
                PlainServer.class.getClassLoader(),
                new Class<?>[] {LocalFileSystemProvider.Configuration.class},
                (proxy, method, values) -> method.getDefaultValue());
    }
}
