package io.mooring.rpcbind.internal;

import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcTransports;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * A process with an NFS server that answers NULL only, on port 2049, and rpcbind in mode auto on port 111. It ends in an
 * orderly way when its input does.
 */
public final class RpcbindProcess {
    static final String READY = "ready";

    private RpcbindProcess() {}

    public static void main(String[] arguments) throws IOException {
        Settings settings = new Settings(Settings.Mode.AUTO, 111, List.of(), true, false, 100, Duration.ofMillis(500));
        List<InetAddress> addresses = List.of(FakeCall.address("127.0.0.1"), FakeCall.address("::1"));
        List<RpcProgram> programs =
                List.of(program(100003, 3, "nfs"), program(100005, 1, "mountd"), program(100005, 3, "mountd"));
        try (RpcTransports rpc = RpcTransports.open();
                RpcServer nfs = rpc.openServer(new RpcServerOptions(
                        "nfsd", programs, List.of(), 2049, 2049, RpcServerOptions.Limits.defaults()));
                Rpcbind rpcbind = Rpcbind.start(rpc, settings, new ForeignRegistrations(), Clock.systemUTC())) {
            rpcbind.add(nfs);
            addresses.forEach(nfs::addressAdded);
            rpcbind.ownServer().ifPresent(own -> addresses.forEach(own::addressAdded));
            System.out.println(READY);
            int end = System.in.read();
            while (end >= 0) {
                end = System.in.read();
            }
        }
    }

    private static RpcProgram program(int number, int version, String name) {
        return new RpcProgram(number, version, name, List.of(Procedure.nullProcedure()));
    }
}
