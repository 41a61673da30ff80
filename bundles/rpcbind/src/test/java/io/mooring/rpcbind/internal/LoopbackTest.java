package io.mooring.rpcbind.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcClientOptions;
import io.mooring.sunrpc.RpcCredential;
import io.mooring.sunrpc.RpcException;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServer;
import io.mooring.sunrpc.RpcServerOptions;
import io.mooring.sunrpc.RpcTransport;
import io.mooring.sunrpc.RpcTransports;
import io.mooring.sunrpc.XdrReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real transports on loopback, on free ports: our own server, and registration with one that plays the host's. */
final class LoopbackTest {
    private static final int NFS = 100003;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RpcTransports rpc = RpcTransports.open();
    private final ForeignRegistrations foreign = new ForeignRegistrations();
    private Rpcbind host;
    private int port;

    @BeforeEach
    void openHost() {
        host = Rpcbind.start(rpc, settings(Settings.Mode.SERVER, 0), foreign, Clock.systemUTC());
        OwnServer server = host.ownServer().orElseThrow();
        port = server.port();
        server.addressAdded(FakeCall.address("127.0.0.1"));
    }

    @AfterEach
    void close() {
        host.close();
        rpc.close();
    }

    @ParameterizedTest
    @CsvSource({"TCP, 127.0.0.1", "UDP, 127.0.0.1", "TCP6, ::1", "UDP6, ::1"})
    void itListsItselfAtTheAddressThatWasCalled(Netid netid, String address) throws Exception {
        assumeTrue(isLocal(address), "this host has no address " + address);
        host.ownServer().orElseThrow().addressAdded(FakeCall.address(address));

        assertThat(getAddress(netid, address, Portmap2.PROGRAM))
                .contains(new UniversalAddress(FakeCall.address(address), port));
    }

    @Test
    void anIndirectCallGetsNoAnswerOverUdp() throws Exception {
        try (HostCalls calls = calls(Netid.UDP, "127.0.0.1", Rpcbind4.VERSION_4, Duration.ofMillis(300))) {
            assertThatThrownBy(() -> calls.call(Rpcbind4.INDIRECT, TestRpcbind.NOTHING, null, r -> null))
                    .isInstanceOf(IOException.class);
        }
        try (HostCalls calls = calls(Netid.TCP, "127.0.0.1", Rpcbind4.VERSION_4, PATIENCE)) {
            assertThatThrownBy(() -> calls.call(Rpcbind4.INDIRECT, TestRpcbind.NOTHING, null, r -> null))
                    .isInstanceOf(RpcException.class);
        }
    }

    @Test
    void aRemovedAddressLosesItsTransports() throws Exception {
        OwnServer server = host.ownServer().orElseThrow();
        try (HostCalls calls = calls(Netid.TCP, "127.0.0.1", Rpcbind4.VERSION_4, PATIENCE)) {
            int time = calls.call(Rpcbind4.GETTIME, TestRpcbind.NOTHING, null, XdrReader::readInt);
            assertThat(time).isPositive();
            assertThat(connections()).isEqualTo(1);

            server.addressRemoved(FakeCall.address("127.0.0.1"));

            assertThat(connections()).isZero();
            assertThat(own().transports()).noneMatch(t -> t.netid() == Netid.UDP);
        }
    }

    @Test
    void autoRegistersWhereThePortIsTaken() throws Exception {
        try (RpcServer nfs = openNfs();
                Rpcbind auto = Rpcbind.start(rpc, settings(Settings.Mode.AUTO, port), foreign, Clock.systemUTC())) {
            assertThat(auto.ownServer()).isEmpty();
            auto.add(nfs);
            untilRegistered(nfs);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(foreign.registrations())
                            .extracting(r -> r.netid().id())
                            .contains("tcp", "udp"));

            auto.remove(nfs);
            untilUnregistered();
        }
    }

    @Test
    void whatIsRegisteredIsTakenBackAtTheEndAndNothingElse() throws Exception {
        var other = new Registration(100024, 1, Netid.UDP, Registration.ANY_IPV4, 4000, Registration.SUPERUSER);
        foreign.set(other, 10);
        try (RpcServer nfs = openNfs()) {
            Rpcbind register = Rpcbind.start(rpc, settings(Settings.Mode.REGISTER, port), foreign, Clock.systemUTC());
            register.add(nfs);
            untilRegistered(nfs);
            register.close();
        }
        assertThat(foreign.registrations()).containsExactly(other);
    }

    @Test
    void aRestartedHostIsToldAgain() throws Exception {
        try (RpcServer nfs = openNfs();
                Rpcbind register =
                        Rpcbind.start(rpc, settings(Settings.Mode.REGISTER, port), foreign, Clock.systemUTC())) {
            register.add(nfs);
            untilRegistered(nfs);

            foreign.unset(NFS, 3, List.of(), Registration.SUPERUSER);

            untilRegistered(nfs);
        }
    }

    @Test
    void ourOwnServerIsNoOtherProgram() throws Exception {
        List<Rpcbind4.Rpcb> before = dump();
        host.add(own());
        assertThat(dump()).isEqualTo(before);
        host.remove(own());
        assertThat(dump()).isEqualTo(before).isNotEmpty();
    }

    @Test
    void offDoesNothing() throws Exception {
        try (RpcServer nfs = openNfs();
                Rpcbind off = Rpcbind.start(rpc, settings(Settings.Mode.OFF, port), foreign, Clock.systemUTC())) {
            off.add(nfs);
            assertThat(off.ownServer()).isEmpty();
        }
        assertThat(foreign.registrations()).isEmpty();
    }

    @Test
    void serverModeOnATakenPortStaysQuietlyOff() {
        try (Rpcbind second = Rpcbind.start(rpc, settings(Settings.Mode.SERVER, port), foreign, Clock.systemUTC())) {
            assertThat(second.ownServer()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void anOlderHostIsSpokenToInItsVersion(int version) throws Exception {
        LocalPrograms none = new LocalPrograms();
        List<RpcProgram> old = OwnServer.programs(
                        new Directory(none, foreign, 100),
                        new SetRule(false, new RateLimitedLog(Clock.systemUTC(), line -> {})),
                        Clock.systemUTC())
                .stream()
                .filter(p -> p.version() == version)
                .toList();
        try (RpcServer server = open(old)) {
            RpcHostRpcbind oldHost =
                    new RpcHostRpcbind(rpc, List.of(FakeCall.address("127.0.0.1")), server.tcpPort(), a -> 0);
            Registration tcp = registration(Netid.TCP);
            Registration tcp6 = registration(Netid.TCP6);
            try (HostRpcbind.Session session = oldHost.connect()) {
                assertThat(session.supports(tcp6)).isEqualTo(version == 3);
                assertThat(session.set(tcp)).isTrue();
                assertThat(session.dump()).containsOnly(Map.entry(tcp.key(), tcp.address()));
                assertThat(session.unset(tcp)).isTrue();
                assertThat(session.dump()).isEmpty();
            }
        }
    }

    @Test
    void aPrivilegedPortIsUsedWherePermitted() throws Exception {
        InetAddress loopback = FakeCall.address("127.0.0.1");
        PrivilegedPorts ports = new PrivilegedPorts(new Random(1)::nextInt);
        assumeTrue(ports.free(loopback) != 0, "privileged ports are not permitted to this user");
        LocalPrograms none = new LocalPrograms();
        List<RpcProgram> strict = OwnServer.programs(
                new Directory(none, foreign, 100),
                new SetRule(true, new RateLimitedLog(Clock.systemUTC(), line -> {})),
                Clock.systemUTC());
        try (RpcServer server = open(strict)) {
            Registration tcp = registration(Netid.TCP);
            try (HostRpcbind.Session session =
                    new RpcHostRpcbind(rpc, List.of(loopback), server.tcpPort(), ports::free).connect()) {
                assertThat(session.set(tcp)).isTrue();
                assertThat(session.unset(tcp)).isTrue();
            }
            try (HostRpcbind.Session session =
                    new RpcHostRpcbind(rpc, List.of(loopback), server.tcpPort(), a -> 0).connect()) {
                assertThatThrownBy(() -> session.set(tcp))
                        .isInstanceOfSatisfying(
                                RpcException.class,
                                e -> assertThat(e.answer()).isEqualTo(RpcException.Answer.AUTH_TOOWEAK));
            }
        }
    }

    @Test
    void theSecondAddressIsTriedWhereTheFirstDoesNotAnswer() throws Exception {
        InetAddress nobody = FakeCall.address("127.0.0.2");
        List<RpcProgram> programs = own().programs();
        try (RpcServer server = rpc.openServer(
                new RpcServerOptions("second", programs, List.of(FakeCall.address("127.0.0.1")), 0, -1, LIMITS))) {
            RpcHostRpcbind both =
                    new RpcHostRpcbind(rpc, List.of(nobody, FakeCall.address("127.0.0.1")), server.tcpPort(), a -> 0);
            try (HostRpcbind.Session session = both.connect()) {
                assertThat(session.dump()).isNotEmpty();
            }
        }
        RpcHostRpcbind none = new RpcHostRpcbind(rpc, List.of(nobody), 1, a -> 0);
        assertThatThrownBy(none::connect).isInstanceOf(IOException.class);
    }

    private static final RpcServerOptions.Limits LIMITS = RpcServerOptions.Limits.defaults();

    private static Settings settings(Settings.Mode mode, int port) {
        return new Settings(mode, port, List.of(), true, false, 100, Duration.ofMillis(200));
    }

    private static Registration registration(Netid netid) {
        return new Registration(NFS, 3, netid, Registration.wildcard(netid), 2049, Registration.SUPERUSER);
    }

    private RpcServer openNfs() throws IOException {
        return open(List.of(new RpcProgram(NFS, 3, "nfs", List.of(Procedure.nullProcedure()))));
    }

    private RpcServer open(List<RpcProgram> programs) throws IOException {
        return rpc.openServer(new RpcServerOptions("test", programs, List.of(), 0, 0, LIMITS));
    }

    private RpcServer own() {
        return rpc.servers().stream()
                .filter(s -> s.tcpPort() == port)
                .findFirst()
                .orElseThrow();
    }

    private long connections() {
        return own().transports().stream()
                .filter(t -> t.kind() == RpcTransport.Kind.TEMPORARY)
                .count();
    }

    private void untilRegistered(RpcServer nfs) throws Exception {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> getAddress(Netid.TCP, "127.0.0.1", NFS),
                        found -> found.equals(
                                Optional.of(new UniversalAddress(FakeCall.address("127.0.0.1"), nfs.tcpPort()))));
    }

    private void untilUnregistered() {
        Awaitility.await().atMost(PATIENCE).until(() -> foreign.registrations().isEmpty());
    }

    private List<Rpcbind4.Rpcb> dump() throws Exception {
        try (HostCalls calls = calls(Netid.TCP, "127.0.0.1", Rpcbind4.VERSION_3, PATIENCE)) {
            return calls.call(Rpcbind4.DUMP, TestRpcbind.NOTHING, null, Rpcbind4.RpcbList::read)
                    .entries();
        }
    }

    private Optional<UniversalAddress> getAddress(Netid netid, String address, int program) throws Exception {
        try (HostCalls calls = calls(netid, address, Rpcbind4.VERSION_4, PATIENCE)) {
            var argument = new Rpcbind4.Rpcb(program, 3, "", "", "");
            return UniversalAddress.parse(
                    calls.call(Rpcbind4.GETADDR, Rpcbind4.Rpcb::write, argument, r -> r.readString(100)));
        }
    }

    private HostCalls calls(Netid netid, String address, int version, Duration timeout) {
        RpcClientOptions options = new RpcClientOptions(
                new InetSocketAddress(FakeCall.address(address), port),
                null,
                netid,
                new RpcCredential.AuthNone(),
                timeout,
                Duration.ofMillis(100));
        return new HostCalls(rpc.openClient(options), version, timeout);
    }

    private static boolean isLocal(String address) throws SocketException {
        return NetworkInterface.getByInetAddress(FakeCall.address(address)) != null;
    }
}
