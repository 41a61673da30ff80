/** What nfsd and lockd ask of a file system; no implementation. */
@Export
@Version("2.0.0")
package io.mooring.vfs;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
