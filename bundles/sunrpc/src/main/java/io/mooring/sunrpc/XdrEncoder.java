package io.mooring.sunrpc;

/** Encodes one type; by convention the type's {@code write}. */
@FunctionalInterface
public interface XdrEncoder<T> {
    void write(T value, XdrWriter writer);
}
