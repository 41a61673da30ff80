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
