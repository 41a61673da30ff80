package io.mooring.lockd.internal.table;

/**
 * A request that waits for its turn. Immutable.
 *
 * @param order grows with each that is made
 * @param since milliseconds since 1970
 * @param callBack how it is told
 */
public record Waiter(LockRequest request, long order, long since, CallBack callBack) {

    Waiter with(CallBack other) {
        return new Waiter(request, order, since, other);
    }
}
