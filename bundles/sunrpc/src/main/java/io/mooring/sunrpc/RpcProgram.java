package io.mooring.sunrpc;

import java.util.List;

/**
 * One version of a program: a table of procedures.
 *
 * @param number the program's number (IANA's registry)
 * @param version the version that these procedures are of
 * @param name the short name as in rpc(5): "nfs", "mountd", "portmapper"
 * @param procedures in any order, each number once
 */
public record RpcProgram(int number, int version, String name, List<Procedure<?, ?>> procedures) {

    public RpcProgram {
        procedures = List.copyOf(procedures);
        if (procedures.stream().map(Procedure::number).distinct().count() != procedures.size()) {
            throw new IllegalArgumentException("program " + number + " has a procedure number twice");
        }
    }
}
