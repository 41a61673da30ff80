package io.mooring.sunrpc.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.mooring.sunrpc.Netid;
import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServerStatistics;
import io.mooring.sunrpc.RpcServerStatistics.ProcedureStatistics;
import io.mooring.sunrpc.RpcTransport.Kind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands print and do, on servers without sockets. */
final class CommandsTest {
    private final FakeServer nfsd = new FakeServer("nfsd", 2049, 2049, program(100003, 3, "nfs"))
            .with(1, Kind.PERMANENT, Netid.TCP6, ":::2049", null)
            .with(2, Kind.PERMANENT, Netid.UDP, "10.0.0.5:2049", null)
            .with(3, Kind.TEMPORARY, Netid.TCP, "10.0.0.5:2049", "10.0.0.9:700")
            .with(4, Kind.TEMPORARY, Netid.TCP, "10.0.0.6:2049", "10.0.0.9:701")
            .with(5, Kind.TEMPORARY, Netid.TCP6, "2001:db8::5:2049", "2001:db8::9:702");
    private final FakeServer lockd = new FakeServer("lockd", 4045, 4046, program(100021, 4, "nlockmgr"))
            .with(6, Kind.PERMANENT, Netid.TCP, "10.0.0.5:4045", null)
            .with(7, Kind.PERMANENT, Netid.UDP, "10.0.0.5:4046", null)
            .with(8, Kind.CLIENT, Netid.TCP, "10.0.0.5:900", "10.0.0.9:4045");
    private final FakeService service = FakeService.of(nfsd, lockd);

    @Test
    void programsAreListedWithTheNetidsOfTheirListeners() throws CommandException {
        ProgramsCommand command = new ProgramsCommand();
        command.rpc = service;
        command.json = true;

        JsonArray rows = jsonArray(command::print);

        assertThat(rows).hasSize(3);
        JsonObject nfs = rows.get(0).getAsJsonObject();
        assertThat(nfs.get("server").getAsString()).isEqualTo("nfsd");
        assertThat(nfs.get("program").getAsLong()).isEqualTo(100003);
        assertThat(nfs.get("version").getAsLong()).isEqualTo(3);
        assertThat(nfs.get("name").getAsString()).isEqualTo("nfs");
        assertThat(nfs.get("netids").getAsString()).isEqualTo("tcp,tcp6,udp");
        assertThat(nfs.get("port").getAsInt()).isEqualTo(2049);
    }

    @Test
    void programsWithDifferentPortsGetARowForEach() throws CommandException {
        ProgramsCommand command = new ProgramsCommand();
        command.rpc = FakeService.of(lockd);
        command.json = true;

        JsonArray rows = jsonArray(command::print);

        assertThat(column(rows, "netids")).containsExactly("tcp", "udp");
        assertThat(column(rows, "port")).containsExactly("4045", "4046");
    }

    @Test
    void aTableForPeopleHasTheSameColumns() throws CommandException {
        ProgramsCommand command = new ProgramsCommand();
        command.rpc = service;

        assertThat(printed(command::print)).contains("server", "netids", "nlockmgr", "100021", "tcp,tcp6,udp");
    }

    @Test
    void transportsShowAgeAndUse() throws CommandException {
        JsonArray rows = transports(null, null);

        assertThat(rows).hasSize(8);
        JsonObject temporary = rows.get(2).getAsJsonObject();
        assertThat(temporary.get("id").getAsLong()).isEqualTo(3);
        assertThat(temporary.get("kind").getAsString()).isEqualTo("temporary");
        assertThat(temporary.get("local").getAsString()).isEqualTo("10.0.0.5:2049");
        assertThat(temporary.get("remote").getAsString()).isEqualTo("10.0.0.9:700");
        assertThat(temporary.get("ageSeconds").getAsLong()).isEqualTo(60);
        assertThat(temporary.get("idleSeconds").getAsLong()).isEqualTo(10);
        assertThat(temporary.get("calls").getAsLong()).isEqualTo(7);
        assertThat(temporary.get("bytesIn").getAsLong()).isEqualTo(700);
        assertThat(temporary.get("bytesOut").getAsLong()).isEqualTo(7000);
        assertThat(rows.get(0).getAsJsonObject().get("remote").isJsonNull()).isTrue();
        assertThat(rows.get(4).getAsJsonObject().get("local").getAsString()).isEqualTo("[2001:db8::5]:2049");
    }

    @Test
    void transportsAreFilteredByServer() throws CommandException {
        assertThat(column(transports("lockd", null), "id")).containsExactly("6", "7", "8");
    }

    @Test
    void transportsAreFilteredByLocalOrRemoteAddress() throws CommandException {
        assertThat(column(transports(null, "10.0.0.5"), "id")).containsExactly("2", "3", "6", "7", "8");
        assertThat(column(transports(null, "10.0.0.9"), "id")).containsExactly("3", "4", "8");
        assertThat(column(transports("nfsd", "::ffff:10.0.0.6"), "id")).containsExactly("4");
    }

    @Test
    void statsGiveOneJsonDocumentWithMeanMicroseconds() throws CommandException {
        nfsd.statistics = new RpcServerStatistics(
                11, 1, 2, 3, 4, 5, 6, 7, 8, List.of(new ProcedureStatistics("nfs", 3, "GETATTR", 4, 6_200)));
        StatsCommand command = new StatsCommand();
        command.rpc = service;
        command.json = true;

        JsonObject all = JsonParser.parseString(printed(command::print)).getAsJsonObject();

        JsonObject server = all.getAsJsonArray("servers").get(0).getAsJsonObject();
        assertThat(server.get("accepted").getAsLong()).isEqualTo(11);
        assertThat(server.get("closedByAddress").getAsLong()).isEqualTo(2);
        assertThat(server.get("bytesInFlight").getAsLong()).isEqualTo(8);
        assertThat(all.getAsJsonArray("servers")).hasSize(2);
        JsonObject procedure = all.getAsJsonArray("procedures").get(0).getAsJsonObject();
        assertThat(procedure.get("procedure").getAsString()).isEqualTo("GETATTR");
        assertThat(procedure.get("meanMicros").getAsDouble()).isEqualTo(1.6);
    }

    @Test
    void statsOfAProcedureNeverFinishedHaveNoMean() throws CommandException {
        nfsd.statistics = new RpcServerStatistics(
                0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(new ProcedureStatistics("nfs", 3, "READ", 0, 0)));
        StatsCommand command = new StatsCommand();
        command.rpc = service;
        command.server = "nfsd";

        assertThat(printed(command::print)).contains("READ", "0.0").doesNotContain("lockd");
    }

    @Test
    void closeByAddressClosesOnAllServersAndCounts() throws CommandException {
        assertThat(close("10.0.0.5", null, false)).isEqualTo("closed 2 transports");
        assertThat(column(transports(null, null), "id")).containsExactly("1", "2", "4", "5", "6", "7");
        assertThat(nfsd.added).isEmpty();
    }

    @Test
    void anAddressThatIsStillThereIsOpenedAgain() throws CommandException {
        close("10.0.0.5", null, true);

        assertThat(nfsd.added).containsExactly(FakeServer.address("10.0.0.5"));
        assertThat(lockd.added).containsExactly(FakeServer.address("10.0.0.5"));
    }

    @Test
    void closeByIdClosesOne() throws CommandException {
        assertThat(close(null, 4L, false)).isEqualTo("closed 1 transport");
        assertThat(close(null, 4L, false)).isEqualTo("closed 0 transports");
    }

    @Test
    void closeWantsOneOfAddressAndId() throws CommandException {
        assertThatThrownBy(() -> close(null, null, false)).hasMessageContaining("either an address or --id");
        assertThatThrownBy(() -> close("10.0.0.5", 4L, false)).hasMessageContaining("either an address or --id");
    }

    @Test
    void closeTakesNoNames() throws CommandException {
        assertThatThrownBy(() -> close("localhost", null, false)).hasMessage("localhost is not an IP address");
        assertThatThrownBy(() -> close("10.0.0.256", null, false)).hasMessageContaining("is not an IP address");
    }

    @Test
    void addressesAreCompletedFromTheTransports() throws CommandException {
        AddressCompleter completer = new AddressCompleter();
        completer.rpc = service;

        assertThat(completer.addresses()).containsExactly("10.0.0.5", "10.0.0.6", "2001:db8::5");
    }

    @Test
    void serversAreCompleted() throws CommandException {
        ServerCompleter completer = new ServerCompleter();
        completer.rpc = service;

        assertThat(completer.names()).containsExactly("lockd", "nfsd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"::", "::1", "2001:db8::5", "2001:db8:0:1::", "1:0:2::3:4", "fe80::a:0:0:1", "1:2:3:4:5:6:7:8"})
    void ipv6IsShort(String text) {
        assertThat(Endpoints.format(FakeServer.address(text))).isEqualTo(text);
    }

    @Test
    void aScopeStays() {
        assertThat(Endpoints.format(FakeServer.address("fe80::1%1"))).startsWith("fe80::1%");
    }

    private JsonArray transports(String server, String address) throws CommandException {
        TransportsCommand command = new TransportsCommand();
        command.rpc = service;
        command.server = server;
        command.address = address;
        command.json = true;
        command.clock = Clock.fixed(FakeServer.START.plusSeconds(60), ZoneOffset.UTC);
        return jsonArray(command::print);
    }

    private String close(String address, Long id, boolean present) throws CommandException {
        CloseCommand command = new CloseCommand();
        command.rpc = service;
        command.address = address;
        command.id = id;
        command.present = any -> present;
        return printed(command::close).trim();
    }

    private static List<String> column(JsonArray rows, String name) {
        return rows.asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(row -> row.get(name).getAsString())
                .toList();
    }

    /** A command's way to print. */
    private interface Output {
        void to(PrintStream out) throws CommandException;
    }

    private static JsonArray jsonArray(Output command) throws CommandException {
        return JsonParser.parseString(printed(command)).getAsJsonArray();
    }

    private static String printed(Output command) throws CommandException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        command.to(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static RpcProgram program(int number, int version, String name) {
        return new RpcProgram(number, version, name, List.of(Procedure.nullProcedure()));
    }
}
