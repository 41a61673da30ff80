package io.mooring.nfsd.internal;

import io.mooring.nfsd.NfsService.ExportState;
import io.mooring.nfsd.NfsService.ExportStatus;
import io.mooring.nfsd.internal.exports.ExportDefinition;
import io.mooring.nfsd.internal.exports.ExportTable;
import io.mooring.nfsd.internal.scopes.MooredServices.Listed;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Exports as rows for people. Used by one thread. */
final class ExportStatuses {
    private final String service;
    private final List<ExportStatus> rows = new ArrayList<>();

    private ExportStatuses(String service) {
        this.service = service;
    }

    /** Those of the exports files, then those of services. */
    static List<ExportStatus> of(ExportTable files, List<Listed> services) {
        List<ExportStatus> rows = new ArrayList<>(of(null, files));
        for (Listed each : services) {
            rows.addAll(
                    each.scope() == null
                            ? waiting(each.name(), each.exports())
                            : of(each.name(), each.scope().exports().get()));
        }
        return rows;
    }

    private static List<ExportStatus> of(String service, ExportTable table) {
        ExportStatuses statuses = new ExportStatuses(service);
        table.exports().forEach(e -> statuses.add(e.definition(), ExportState.SERVED, null));
        table.implied().forEach(e -> statuses.add(e.definition(), ExportState.IMPLIED, null));
        table.unavailable().forEach(u -> statuses.add(u.definition(), ExportState.UNAVAILABLE, u.reason()));
        table.problems()
                .forEach(p -> statuses.rows.add(new ExportStatus(
                        null, null, null, null, p.origin(), ExportState.REFUSED, p.message(), service)));
        return statuses.rows;
    }

    private static List<ExportStatus> waiting(String service, List<ExportDefinition> exports) {
        ExportStatuses statuses = new ExportStatuses(service);
        exports.forEach(export -> statuses.add(export, ExportState.STANDBY, "the service is not taken here"));
        return statuses.rows;
    }

    private void add(ExportDefinition definition, ExportState state, String reason) {
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
                    reason,
                    service));
        }
    }
}
