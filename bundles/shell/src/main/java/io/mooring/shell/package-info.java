/** What the command bundles share: tables for people, JSON for scripts. */
@Export
@Version("1.0.0")
package io.mooring.shell;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
