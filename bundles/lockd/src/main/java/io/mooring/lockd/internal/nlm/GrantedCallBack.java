package io.mooring.lockd.internal.nlm;

import io.mooring.lockd.internal.table.CallBack;
import io.mooring.lockd.internal.wire.NlmVersion;
import io.mooring.sunrpc.Netid;

/**
 * How a waiting client called, and is called back. Immutable.
 *
 * @param message by GRANTED_MSG, as it used LOCK_MSG
 * @param fh its handle of the file
 */
public record GrantedCallBack(NlmVersion version, Netid netid, boolean message, String callerName, byte[] fh)
        implements CallBack {}
