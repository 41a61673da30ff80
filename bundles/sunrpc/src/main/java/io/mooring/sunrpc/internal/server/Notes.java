package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.KeptReply;
import io.mooring.sunrpc.XdrException;
import io.mooring.sunrpc.XdrReader;
import io.mooring.sunrpc.XdrWriter;
import io.mooring.sunrpc.internal.xdr.ByteBufXdrWriter;
import java.net.InetAddress;

/**
 * What was noted of calls that were carried out: the call's arguments, and what its procedure wrote. Turns it into the replies
 * that they would have got. Immutable.
 */
record Notes(ProgramTable programs) {
    /** Longer than the arguments of any procedure that takes notes. */
    private static final int MAX_BYTES = 64 << 10;

    /**
     * A note that was read.
     *
     * @param local the address that the call came to
     */
    record Note(InetAddress local, byte[] arguments, byte[] text) {}

    static byte[] write(byte[] arguments, byte[] text) {
        return XdrWriter.create().writeOpaque(arguments).writeOpaque(text).toByteArray();
    }

    /**
     * The reply, without record mark; null where the call is to be executed again.
     *
     * @throws XdrException where this is no note of such a call
     */
    byte[] reply(InetAddress local, KeptReply kept) throws XdrException {
        ProcedureEntry<?, ?> procedure = procedure(kept);
        if (procedure == null || kept.reply().length == 0) {
            return null;
        }
        XdrReader reader = XdrReader.of(kept.reply());
        Note note = new Note(local, reader.readOpaque(MAX_BYTES), reader.readOpaque(MAX_BYTES));
        ByteBufXdrWriter reply = ByteBufXdrWriter.create();
        try {
            return procedure.recover(note, kept.xid(), reply) ? reply.toByteArray() : null;
        } finally {
            reply.release();
        }
    }

    private ProcedureEntry<?, ?> procedure(KeptReply kept) {
        ProgramTable.Program program = programs.program(kept.program());
        ProgramTable.Version version = program == null ? null : program.version(kept.version());
        return version == null ? null : version.procedure(kept.procedure());
    }
}
