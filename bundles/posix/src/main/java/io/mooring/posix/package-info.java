/** The only place with native calls (JNA direct mapping). */
@Export
@Version("1.2.0")
package io.mooring.posix;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
