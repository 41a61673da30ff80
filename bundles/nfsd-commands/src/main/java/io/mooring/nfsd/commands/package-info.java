/** Karaf commands. */
package io.mooring.nfsd.commands;
