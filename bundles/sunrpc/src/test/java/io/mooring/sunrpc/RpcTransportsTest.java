package io.mooring.sunrpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.sunrpc.RpcServerOptions.Limits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RpcTransportsTest {
    private static final int PROGRAM = 0x20000001;

    private static final Procedure<String, String> ECHO = new Procedure<>(
            1,
            "ECHO",
            r -> r.readString(1000),
            (call, text) -> text,
            (text, w) -> w.writeString(text),
            Procedure.Replay.IDEMPOTENT,
            Procedure.Execution.WORKER);

    @Test
    void servesTcpAndUdpWithoutOsgi() throws Exception {
        RpcProgram program = new RpcProgram(PROGRAM, 1, "echo", List.of(Procedure.nullProcedure(), ECHO));
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (RpcTransports transports = RpcTransports.open();
                RpcServer server = transports.openServer(
                        new RpcServerOptions("test", List.of(program), List.of(), 0, 0, Limits.defaults()))) {
            server.addressAdded(loopback);
            assertThat(transports.servers()).containsExactly(server);
            for (Netid netid : List.of(Netid.TCP, Netid.UDP)) {
                int port = netid.isTcp() ? server.tcpPort() : server.udpPort();
                try (RpcClient client =
                        server.openClient(RpcClientOptions.of(netid, new InetSocketAddress(loopback, port)))) {
                    assertThat(client.call(PROGRAM, 1, 1, (t, w) -> w.writeString(t), "moin", r -> r.readString(99))
                                    .get(10, TimeUnit.SECONDS))
                            .isEqualTo("moin");
                }
            }
        }
    }
}
