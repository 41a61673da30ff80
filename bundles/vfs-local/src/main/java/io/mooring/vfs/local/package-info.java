/** A local Linux directory tree as a vfs file system, by kernel file handle (DESIGN §6). */
package io.mooring.vfs.local;
