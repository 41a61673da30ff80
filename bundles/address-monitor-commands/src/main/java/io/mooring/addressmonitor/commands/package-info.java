/** Karaf commands. */
package io.mooring.addressmonitor.commands;
