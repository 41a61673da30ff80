package io.mooring.nfsd.internal;

import static io.mooring.nfsd.internal.testing.NfsKit.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.nfsd.NfsService.ExportState;
import io.mooring.nfsd.NfsService.ExportStatus;
import io.mooring.nfsd.internal.testing.NfsKit;
import io.mooring.nfsd.internal.wire.Nfs3Results.Lookup3ResOk;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class ExportStatusesTest {
    private final NfsKit kit = new NfsKit("/srv 10.0.0.1(rw,crossmnt) 10.0.0.2(rw)\n/missing *\n/bad *(wr)\n");

    @Test
    void eachStateIsShown() {
        kit.mount(50, "/srv", "m");
        kit.ok("LOOKUP", at(kit.root("/srv"), "m"), Lookup3ResOk::read);
        assertThat(ExportStatuses.of(kit.exports.get()))
                .extracting(ExportStatus::path, ExportStatus::client, ExportStatus::state)
                .containsExactly(
                        Tuple.tuple("/srv", "10.0.0.1", ExportState.SERVED),
                        Tuple.tuple("/srv", "10.0.0.2", ExportState.SERVED),
                        Tuple.tuple("/srv/m", "10.0.0.1", ExportState.IMPLIED),
                        Tuple.tuple("/missing", "*", ExportState.UNAVAILABLE),
                        Tuple.tuple(null, null, ExportState.REFUSED));
    }
}
