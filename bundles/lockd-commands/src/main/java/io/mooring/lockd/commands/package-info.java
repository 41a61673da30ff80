/** Karaf commands. */
package io.mooring.lockd.commands;
