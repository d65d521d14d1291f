package dev.viridian.aws.shapes;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.Buildable;

/// What one structure of the SDK consists of, and how to make one. Found once per class and kept.
///
/// `SdkPojo` and `SdkField` are protected API of the SDK: only this class and [Member] touch them.
public final class Shape {
    private static final ClassValue<Shape> KNOWN = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return new Shape(type);
        }
    };

    private final String name;
    private final Supplier<SdkPojo> builders;
    private final List<Member> members;
    private final Map<String, Member> byName = new HashMap<>();
    private final Map<String, Member> byWireName = new HashMap<>();
    private final Map<String, Member> byLowerCase = new HashMap<>();

    private Shape(Class<?> type) {
        this.name = type.getSimpleName();
        this.builders = builders(type);
        List<Member> found = new ArrayList<>();
        for (SdkField<?> field : builders.get().sdkFields()) {
            Member member = new Member(field);
            found.add(member);
            byName.put(member.name(), member);
            byWireName.put(member.wireName(), member);
            byLowerCase.put(member.name().toLowerCase(Locale.ROOT), member);
        }
        this.members = List.copyOf(found);
    }

    public static Shape of(Class<?> type) {
        return KNOWN.get(type);
    }

    /// The shape of an object, whether it is a model object or its builder.
    static Shape of(SdkPojo pojo) {
        Class<?> type = pojo.getClass();
        return of(pojo instanceof Buildable && type.getEnclosingClass() != null ? type.getEnclosingClass() : type);
    }

    /// The class's simple name, e.g. `RegisterTaskDefinitionRequest`.
    public String name() {
        return name;
    }

    public List<Member> members() {
        return members;
    }

    /// By the name the API model gives the member.
    public Optional<Member> member(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// By the name the member has in the payload; the model's name otherwise.
    public @Nullable Member onWire(String wireName) {
        return byWireName.get(wireName);
    }

    /// By name in any case.
    public Optional<Member> memberIgnoringCase(String name) {
        return Optional.ofNullable(byLowerCase.get(name.toLowerCase(Locale.ROOT)));
    }

    /// The member that is the whole body, in REST protocols.
    public Optional<Member> payload() {
        return members.stream().filter(Member::isPayload).findFirst();
    }

    /// An empty builder, to be filled with [Member#set] and finished with [#build].
    public SdkPojo newBuilder() {
        return builders.get();
    }

    /// The object a filled builder describes.
    public static SdkPojo build(SdkPojo builder) {
        return (SdkPojo) ((Buildable) builder).build();
    }

    private static Supplier<SdkPojo> builders(Class<?> type) {
        try {
            Class<?> builder = Class.forName(type.getName() + "$Builder", false, type.getClassLoader());
            MethodHandle factory = MethodHandles.publicLookup().findStatic(type, "builder", MethodType.methodType(builder))
                    .asType(MethodType.methodType(SdkPojo.class));
            return () -> make(factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName() + " is not a model class of the AWS SDK", e);
        }
    }

    private static SdkPojo make(MethodHandle factory) {
        try {
            return (SdkPojo) factory.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("a builder of the SDK could not be made: " + factory, e);
        }
    }
}
