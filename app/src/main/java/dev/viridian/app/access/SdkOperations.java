package dev.viridian.app.access;

import java.lang.reflect.Method;
import software.amazon.awssdk.core.SdkResponse;

/// How operations look in the SDK's client interfaces.
final class SdkOperations {
    private SdkOperations() {}

    /// `CreateCluster` for the method `createCluster`; `GetObject` for its streaming variants too.
    static String nameOf(Method method) {
        String name = method.getName();
        String plain = name.endsWith("AsBytes") ? name.substring(0, name.length() - "AsBytes".length()) : name;
        return Character.toUpperCase(plain.charAt(0)) + plain.substring(1);
    }

    /// `listClusters()` without a request is an overload of an operation; `serviceName()` is not.
    static boolean isNamedLikeOne(Method method) {
        return SdkResponse.class.isAssignableFrom(method.getReturnType());
    }
}
