/** Portmap version 2 and rpcbind versions 3 and 4 (RFC 1833): tables, procedures, own server, registration with the host's. */
package io.mooring.rpcbind.internal;
