package io.mooring.nfsd.internal.wire;

import io.mooring.nfsd.internal.wire.Nfs3.FType3;
import io.mooring.nfsd.internal.wire.Nfs3.Item;
import io.mooring.nfsd.internal.wire.Nfs3.SpecData3;
import io.mooring.nfsd.internal.wire.Nfs3Args.MkNodData3;
import io.mooring.nfsd.internal.wire.Nfs3Args.SAttr3;
import io.mooring.nfsd.internal.wire.Nfs3Results.FileData;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Arbitrary values of every wire type, made by looking at the records, so that a new one is covered at once. */
final class WireItems {
    /** Optional items, which are null when absent. */
    private static final Set<String> OPTIONAL = Set.of(
            "PostOpAttr.attributes",
            "PostOpFh3.handle",
            "WccData.before",
            "WccData.after",
            "SetAttr3Args.guard",
            "SAttr3.mode",
            "SAttr3.uid",
            "SAttr3.gid",
            "SAttr3.size");

    private WireItems() {}

    /** Every record that is an item, but those that are made by hand: unions of any two types, and pooled data. */
    static List<Class<? extends Item>> types() {
        List<Class<? extends Item>> types = new ArrayList<>();
        Stream.of(Nfs3.class, Nfs3Args.class, Nfs3Results.class, Mount3.class)
                .flatMap(file -> Arrays.stream(file.getDeclaredClasses()))
                .filter(type -> !type.equals(Nfs3.Result.class))
                .forEach(type -> addRecords(type, types));
        return types;
    }

    private static void addRecords(Class<?> type, List<Class<? extends Item>> types) {
        if (type.isRecord() && Item.class.isAssignableFrom(type) && !type.equals(FileData.Pooled.class)) {
            types.add(type.asSubclass(Item.class));
        }
        for (Class<?> nested : type.getDeclaredClasses()) {
            addRecords(nested, types);
        }
    }

    static Arbitrary<Item> anyItem() {
        return Arbitraries.oneOf(types().stream().map(WireItems::ofType).toList()).map(Item.class::cast);
    }

    private static Arbitrary<Object> ofType(Class<?> type) {
        if (type.equals(MkNodData3.class)) {
            return ofRecord(SAttr3.class).flatMap(a -> ofRecord(SpecData3.class)
                    .flatMap(s -> Arbitraries.of(FType3.values()).map(t -> mkNod(t, (SAttr3) a, (SpecData3) s))));
        }
        if (type.equals(FileData.class)) {
            return ofRecord(FileData.Bytes.class);
        }
        if (type.isSealed()) {
            return Arbitraries.oneOf(Arrays.stream(type.getPermittedSubclasses())
                    .map(WireItems::ofType)
                    .toList());
        }
        if (type.isEnum()) {
            return Arbitraries.of(type.getEnumConstants());
        }
        return type.isRecord() ? ofRecord(type) : ofPlain(type);
    }

    private static Object mkNod(FType3 type, SAttr3 attributes, SpecData3 spec) {
        return switch (type) {
            case NF3BLK, NF3CHR -> new MkNodData3(type, attributes, spec);
            case NF3SOCK, NF3FIFO -> new MkNodData3(type, attributes, null);
            default -> new MkNodData3(type, null, null);
        };
    }

    private static Arbitrary<Object> ofPlain(Class<?> type) {
        Arbitrary<?> arbitrary;
        if (type.equals(int.class) || type.equals(Integer.class)) {
            arbitrary = Arbitraries.integers();
        } else if (type.equals(long.class) || type.equals(Long.class)) {
            arbitrary = Arbitraries.longs();
        } else if (type.equals(boolean.class)) {
            arbitrary = Arbitraries.of(true, false);
        } else if (type.equals(String.class)) {
            arbitrary = Arbitraries.strings().ofMaxLength(20);
        } else if (type.equals(ByteBuffer[].class)) {
            arbitrary = bytes(1, 70).map(b -> new ByteBuffer[] {ByteBuffer.wrap(b)});
        } else {
            throw new IllegalArgumentException("no values for " + type);
        }
        return arbitrary.map(Object.class::cast);
    }

    private static Arbitrary<Object> ofRecord(Class<?> type) {
        List<Arbitrary<Object>> parts =
                Arrays.stream(type.getRecordComponents()).map(WireItems::ofComponent).toList();
        if (parts.isEmpty()) {
            return Arbitraries.just(create(type, List.of()));
        }
        return Combinators.combine(parts).as(values -> create(type, values));
    }

    private static Arbitrary<Object> ofComponent(RecordComponent part) {
        String name = part.getDeclaringRecord().getSimpleName() + "." + part.getName();
        Arbitrary<Object> values;
        if (part.getType().equals(byte[].class)) {
            boolean fixed = name.equals("FhStatus.directory");
            values = bytes(fixed ? Mount3.FHSIZE1 : 0, fixed ? Mount3.FHSIZE1 : Nfs3.FHSIZE).map(b -> b);
        } else if (part.getType().equals(List.class)) {
            Class<?> item = (Class<?>) ((ParameterizedType) part.getGenericType()).getActualTypeArguments()[0];
            values = ofType(item).list().ofMaxSize(4).map(Object.class::cast);
        } else {
            values = ofType(part.getType());
        }
        return OPTIONAL.contains(name) ? values.injectNull(0.3) : values;
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
            throw new AssertionError(e);
        }
    }
}
