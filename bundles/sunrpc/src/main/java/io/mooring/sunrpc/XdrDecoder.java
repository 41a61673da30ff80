package io.mooring.sunrpc;

/** Decodes one type; by convention the type's static {@code read}. */
@FunctionalInterface
public interface XdrDecoder<T> {
    T read(XdrReader reader) throws XdrException;
}
