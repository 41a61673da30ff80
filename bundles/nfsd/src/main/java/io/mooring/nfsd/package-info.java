/** What others may ask of nfsd. */
@Export
@Version("2.0.0")
package io.mooring.nfsd;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
