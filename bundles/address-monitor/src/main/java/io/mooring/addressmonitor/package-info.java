/** Which IP addresses this host has, and who wants to know. */
@Export
@Version("1.0.0")
package io.mooring.addressmonitor;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
