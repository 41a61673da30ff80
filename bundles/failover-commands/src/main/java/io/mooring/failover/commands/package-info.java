/** Karaf commands. */
package io.mooring.failover.commands;
