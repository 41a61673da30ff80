/** Services whose address, exports, locks and replies move between nodes. */
@Export
@Version("1.0.0")
package io.mooring.failover;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
