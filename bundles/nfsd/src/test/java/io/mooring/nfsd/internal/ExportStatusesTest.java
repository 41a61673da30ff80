package io.mooring.nfsd.internal;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.NfsService.ExportState;
import io.mooring.nfsd.NfsService.ExportStatus;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.wire.Nfs3Results.Lookup3ResOk;
import io.mooring.vfs.service.ServiceParticipant.Mooring;
import io.mooring.vfs.service.ServiceState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportStatusesTest {
    private final NfsKit kit = new NfsKit("/srv 10.0.0.1(rw,crossmnt) 10.0.0.2(rw)\n/missing *\n/bad *(wr)\n");

    @Test
    void eachStateIsShown() {
        kit.mount(50, "/srv", "m");
        kit.ok("LOOKUP", at(kit.root("/srv"), "m"), Lookup3ResOk::read);
        assertThat(ExportStatuses.of(kit.exports.get(), List.of()))
                .extracting(ExportStatus::path, ExportStatus::client, ExportStatus::state)
                .containsExactly(
                        Tuple.tuple("/srv", "10.0.0.1", ExportState.SERVED),
                        Tuple.tuple("/srv", "10.0.0.2", ExportState.SERVED),
                        Tuple.tuple("/srv/m", "10.0.0.1", ExportState.IMPLIED),
                        Tuple.tuple("/missing", "*", ExportState.UNAVAILABLE),
                        Tuple.tuple(null, null, ExportState.REFUSED));
    }

    @Test
    void servicesAreShownWithTheirNames(@TempDir Path state) throws IOException {
        NfsKit some = new NfsKit("/srv *");
        Mooring data = some.moor("data", NfsKit.address("10.0.0.50"), state, "/data 10.0.0.1(rw)");
        assertThat(services(some))
                .containsExactly(
                        Tuple.tuple("/srv", ExportState.SERVED, null),
                        Tuple.tuple("/data", ExportState.STANDBY, "data"));
        data.take(new ServiceState(state, null, true));
        assertThat(services(some))
                .containsExactly(
                        Tuple.tuple("/srv", ExportState.SERVED, null),
                        Tuple.tuple("/data", ExportState.SERVED, "data"));
        data.close();
        assertThat(services(some)).containsExactly(Tuple.tuple("/srv", ExportState.SERVED, null));
    }

    private static List<Tuple> services(NfsKit kit) {
        return ExportStatuses.of(kit.exports.get(), kit.services.list()).stream()
                .map(row -> Tuple.tuple(row.path(), row.state(), row.service()))
                .toList();
    }
}
