package io.mooring.lockd.internal.wire;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary values of every wire type, made by looking at the records, so that a new one is covered at once. */
final class WireItems {

    private WireItems() {}

    static List<Class<?>> types() {
        return Stream.of(Nlm4.class, Sm1.class)
                .flatMap(file -> Arrays.stream(file.getDeclaredClasses()))
                .filter(Class::isRecord)
                .toList();
    }

    static Arbitrary<Object> anyItem() {
        return Arbitraries.oneOf(types().stream().map(WireItems::ofType).toList());
    }

    private static Arbitrary<Object> ofType(Class<?> type) {
        if (type.equals(Nlm4.TestRes.class)) {
            return Combinators.combine(bytes(0, 40), ofType(Nlm4.Stat.class), ofType(Nlm4.Holder.class))
                    .as((cookie, stat, holder) -> new Nlm4.TestRes(
                            cookie, (Nlm4.Stat) stat, stat == Nlm4.Stat.NLM4_DENIED ? (Nlm4.Holder) holder : null));
        }
        if (type.isEnum()) {
            return Arbitraries.of(type.getEnumConstants()).map(Object.class::cast);
        }
        return type.isRecord() ? ofRecord(type) : ofPlain(type);
    }

    private static Arbitrary<Object> ofRecord(Class<?> type) {
        List<Arbitrary<Object>> parts = Arrays.stream(type.getRecordComponents())
                .map(WireItems::ofComponent)
                .toList();
        return Combinators.combine(parts).as(values -> create(type, values));
    }

    private static Arbitrary<Object> ofComponent(RecordComponent part) {
        return switch (part.getName()) {
            case "priv" -> bytes(Sm1.SM_PRIV_SIZE, Sm1.SM_PRIV_SIZE).map(b -> b);
            case "mode", "access" -> Arbitraries.integers().between(0, 3).map(i -> i);
            default -> ofType(part.getType());
        };
    }

    private static Arbitrary<Object> ofPlain(Class<?> type) {
        Arbitrary<?> values;
        if (type.equals(int.class)) {
            values = Arbitraries.integers();
        } else if (type.equals(long.class)) {
            values = Arbitraries.longs();
        } else if (type.equals(boolean.class)) {
            values = Arbitraries.of(true, false);
        } else if (type.equals(String.class)) {
            values = Arbitraries.strings().ofMaxLength(20);
        } else if (type.equals(byte[].class)) {
            values = bytes(0, 70);
        } else {
            throw new IllegalArgumentException("no values for " + type);
        }
        return values.map(Object.class::cast);
    }

    private static Arbitrary<byte[]> bytes(int min, int max) {
        return Arbitraries.bytes().array(byte[].class).ofMinSize(min).ofMaxSize(max);
    }

    private static Object create(Class<?> type, List<Object> values) {
        try {
            Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class[]::new);
            return type.getDeclaredConstructor(parameters).newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.toString(), e);
        }
    }
}
