/** What failover asks of the servers (nfsd, lockd) whose work moves with an address from node to node. */
@Export
@Version("1.0.0")
package io.mooring.vfs.service;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
