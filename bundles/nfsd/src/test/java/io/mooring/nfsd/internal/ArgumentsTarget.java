package io.mooring.nfsd.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.internal.testing.FakeCall;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.wire.Nfs3.NfsFh3;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcBuffer;
import io.mooring.sunrpc.RpcCall;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.vfs.FileId;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Any bytes as arguments of NFS and MOUNT, behind handles that are right and wrong: refused as garbage, or answered. */
public final class ArgumentsTarget implements FuzzTarget {
    private static final int MAX_READ = 1 << 20;
    static final int MAX_CALLS = 8;

    /** Several calls follow one another; for each, a byte chooses the procedure, one what stands in front, one the length. */
    @Override
    public void run(byte[] input) {
        NfsKit kit = new NfsKit("/a *(rw,insecure)");
        List<Procedure<?, ?>> all = Stream.of(kit.nfs(), kit.mount(1), kit.mount(3))
                .flatMap(program -> program.procedures().stream())
                .toList();
        int at = 0;
        int calls = 0;
        while (at + 3 <= input.length && calls < MAX_CALLS) {
            int length = Math.min(Byte.toUnsignedInt(input[at + 2]) * 2, input.length - at - 3);
            XdrWriter writer = XdrWriter.create();
            prefix(kit, input[at + 1], writer);
            writer.writeFixedOpaque(Arrays.copyOfRange(input, at + 3, at + 3 + length));
            answer(all.get(Math.floorMod(input[at], all.size())), writer.toByteArray());
            at += 3 + length;
            calls++;
        }
    }

    private static void prefix(NfsKit kit, byte which, XdrWriter writer) {
        switch (which & 7) {
            case 0, 1, 2, 3 -> kit.root("/a").write(writer);
            case 4 -> {
                kit.root("/a").write(writer);
                writer.writeOpaque(new byte[] {(byte) ('a' + (which >> 3 & 3))});
            }
            case 5 -> handle(kit, which >> 3 & 7, writer);
            case 6 -> writer.writeOpaque(NfsKit.bytes("/a"));
            default -> {}
        }
    }

    /** A handle of this server for an object that may be there: what was created before has a small number. */
    private static void handle(NfsKit kit, int number, XdrWriter writer) {
        byte[] id = new byte[8];
        id[7] = (byte) number;
        long fsid = kit.exports.get().exports().get(0).fsid();
        new NfsFh3(kit.handles.encode(fsid, new FileId(id))).write(writer);
    }

    private static <A, R> void answer(Procedure<A, R> row, byte[] arguments) {
        try {
            R result = row.handler().handle(new Call(), row.decoder().read(XdrReader.of(arguments)));
            XdrWriter writer = XdrWriter.create();
            row.encoder().write(result, writer);
            assertThat(writer.size() % 4).isZero();
            assertThat(writer.size()).as(row.name()).isLessThan(2 * MAX_READ);
        } catch (XdrException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        } catch (RpcException e) {
            throw new AssertionError(row.name(), e);
        }
    }

    /** The ordinary call, which holds the procedure to what it may allocate. */
    private record Call(FakeCall ordinary) implements RpcCall {
        Call() {
            this(FakeCall.ordinary());
        }

        @Override
        public int xid() {
            return 1;
        }

        @Override
        public RpcCredential credential() {
            return ordinary.credential();
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return ordinary.remoteAddress();
        }

        @Override
        public InetSocketAddress localAddress() {
            return ordinary.localAddress();
        }

        @Override
        public Netid transport() {
            return ordinary.transport();
        }

        @Override
        public RpcBuffer allocate(int size) {
            assertThat(size).as("bytes allocated for a reply").isBetween(0, MAX_READ);
            return ordinary.allocate(size);
        }
    }
}
