/** ONC RPC version 2 (RFC 5531): programs as tables of procedures, servers, clients and XDR. */
@Export
@Version("1.1.0")
package io.mooring.sunrpc;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
