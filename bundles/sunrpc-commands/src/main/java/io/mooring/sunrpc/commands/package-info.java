/** Karaf commands. */
package io.mooring.sunrpc.commands;
