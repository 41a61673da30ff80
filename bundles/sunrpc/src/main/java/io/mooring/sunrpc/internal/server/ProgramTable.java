package io.mooring.sunrpc.internal.server;

import io.mooring.sunrpc.Procedure;
import io.mooring.sunrpc.RpcProgram;
import io.mooring.sunrpc.RpcServerStatistics.ProcedureStatistics;
import java.util.ArrayList;
import java.util.List;

/** The programs of a server, laid out for look-up. A server has few, so that a linear search is the fastest. Immutable. */
final class ProgramTable {
    /** The programs of rpc(5) stay below 30; the table is indexed by the number. */
    private static final int MAX_PROCEDURE = 1023;

    /** All versions of one program. */
    static final class Program {
        private final int number;
        private final List<Version> versions = new ArrayList<>();
        private int low;
        private int high;

        private Program(int number) {
            this.number = number;
        }

        /** The lowest version served. */
        int low() {
            return low;
        }

        /** The highest version served. */
        int high() {
            return high;
        }

        /** Null where this version is not served. */
        Version version(int version) {
            for (int i = 0; i < versions.size(); i++) {
                if (versions.get(i).number == version) {
                    return versions.get(i);
                }
            }
            return null;
        }
    }

    /** One version of a program. */
    static final class Version {
        private final int number;
        private final ProcedureEntry<?, ?>[] procedures;

        private Version(RpcProgram program) {
            number = program.version();
            int highest = -1;
            for (Procedure<?, ?> procedure : program.procedures()) {
                if (procedure.number() < 0 || procedure.number() > MAX_PROCEDURE) {
                    throw new IllegalArgumentException(
                            program.name() + ": procedure number " + procedure.number() + " is above " + MAX_PROCEDURE);
                }
                highest = Math.max(highest, procedure.number());
            }
            procedures = new ProcedureEntry<?, ?>[highest + 1];
            for (Procedure<?, ?> procedure : program.procedures()) {
                procedures[procedure.number()] = new ProcedureEntry<>(program, procedure);
            }
        }

        /** Null where there is none of that number. */
        ProcedureEntry<?, ?> procedure(int number) {
            return number >= 0 && number < procedures.length ? procedures[number] : null;
        }
    }

    private final List<Program> programs = new ArrayList<>();

    ProgramTable(List<RpcProgram> all) {
        for (RpcProgram program : all) {
            Program entry = program(program.number());
            if (entry == null) {
                entry = new Program(program.number());
                entry.low = program.version();
                entry.high = program.version();
                programs.add(entry);
            }
            if (entry.version(program.version()) != null) {
                throw new IllegalArgumentException(
                        program.name() + " version " + program.version() + " is there twice");
            }
            entry.versions.add(new Version(program));
            entry.low = Math.min(entry.low, program.version());
            entry.high = Math.max(entry.high, program.version());
        }
    }

    /** Null where it is not served. */
    Program program(int number) {
        for (int i = 0; i < programs.size(); i++) {
            if (programs.get(i).number == number) {
                return programs.get(i);
            }
        }
        return null;
    }

    /** Those that were called. */
    List<ProcedureStatistics> statistics() {
        List<ProcedureStatistics> rows = new ArrayList<>();
        for (Program program : programs) {
            for (Version version : program.versions) {
                for (ProcedureEntry<?, ?> procedure : version.procedures) {
                    if (procedure != null && procedure.statistics().calls() > 0) {
                        rows.add(procedure.statistics());
                    }
                }
            }
        }
        return rows;
    }
}
