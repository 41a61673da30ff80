package io.mooring.lockd.internal.testing;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.Map;

/** Configurations as the component runtime makes them. */
public final class Defaults {

    private Defaults() {}

    /** The annotation's defaults, but for the values that are set. */
    public static <A extends Annotation> A of(Class<A> type, Map<String, Object> set) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            Object value = set.get(method.getName());
            return value == null ? method.getDefaultValue() : value;
        }));
    }
}
