package io.mooring.nfsd.internal;

import io.mooring.nfsd.NfsService.ExportState;
import io.mooring.nfsd.NfsService.ExportStatus;
import io.mooring.nfsd.internal.exports.ExportDefinition;
import io.mooring.nfsd.internal.exports.ExportTable;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The export table as rows for people. */
final class ExportStatuses {

    private ExportStatuses() {}

    static List<ExportStatus> of(ExportTable table) {
        List<ExportStatus> rows = new ArrayList<>();
        table.exports().forEach(e -> add(rows, e.definition(), ExportState.SERVED, null));
        table.implied().forEach(e -> add(rows, e.definition(), ExportState.IMPLIED, null));
        table.unavailable().forEach(u -> add(rows, u.definition(), ExportState.UNAVAILABLE, u.reason()));
        table.problems()
                .forEach(p -> rows.add(
                        new ExportStatus(null, null, null, null, p.origin(), ExportState.REFUSED, p.message())));
        return rows;
    }

    private static void add(List<ExportStatus> rows, ExportDefinition definition, ExportState state, String reason) {
        String fsid = HexFormat.of().toHexDigits(definition.fsid());
        for (ExportDefinition.Rule rule : definition.rules()) {
            if (definition.isImplied() && !rule.options().crossMount()) {
                continue;
            }
            rows.add(new ExportStatus(
                    definition.path().toString(),
                    rule.client().text(),
                    rule.options().toString(),
                    fsid,
                    rule.origin(),
                    state,
                    reason));
        }
    }
}
