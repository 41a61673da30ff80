package io.mooring.sunrpc;

import java.util.Arrays;

/** Who calls, as the RPC header says (RFC 5531 §8.2 and appendix A). Immutable. */
public sealed interface RpcCredential {

    /** AUTH_NONE: nobody in particular. */
    record AuthNone() implements RpcCredential {}

    /**
     * AUTH_SYS. Ids are unsigned 32-bit numbers.
     *
     * @param stamp arbitrary, chosen by the client
     * @param machineName the client's name for itself, at most 255 bytes
     * @param groups supplementary groups, at most 16; not to be changed
     */
    record AuthSys(int stamp, String machineName, int uid, int gid, int[] groups) implements RpcCredential {

        @Override
        public boolean equals(Object other) {
            return other instanceof AuthSys that
                    && stamp == that.stamp
                    && machineName.equals(that.machineName)
                    && uid == that.uid
                    && gid == that.gid
                    && Arrays.equals(groups, that.groups);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * uid + gid) + Arrays.hashCode(groups);
        }

        @Override
        public String toString() {
            return "AUTH_SYS uid=" + Integer.toUnsignedString(uid) + " gid=" + Integer.toUnsignedString(gid);
        }
    }
}
