/** What others may ask of lockd. */
@Export
@Version("1.0.0")
package io.mooring.lockd;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
