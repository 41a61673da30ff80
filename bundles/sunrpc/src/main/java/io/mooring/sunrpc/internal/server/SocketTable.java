package io.mooring.sunrpc.internal.server;

import io.mooring.posix.SockDiag;
import io.mooring.posix.SockDiag.TcpSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** The kernel's TCP sockets. Thread-safe. */
public interface SocketTable {

    List<TcpSocket> dump(InetAddress local, int localPort) throws IOException;

    boolean destroy(TcpSocket socket);

    static SocketTable ofKernel() {
        return new SocketTable() {
            @Override
            public List<TcpSocket> dump(InetAddress local, int localPort) throws IOException {
                return SockDiag.dump(local, localPort);
            }

            @Override
            public boolean destroy(TcpSocket socket) {
                return SockDiag.destroy(socket);
            }
        };
    }
}
