package dev.viridian.app.access;

import java.lang.reflect.Method;
import software.amazon.awssdk.core.SdkRequest;

/// How operations look in the SDK's client interfaces.
final class SdkOperations {
    private SdkOperations() {}

    /// `CreateCluster` for the method `createCluster`; `GetObject` for its streaming variants too. Empty for what is no operation: `serviceName`,
    /// `close`, and paginators, which call the operation for each page.
    static String operation(Method method) {
        String name = method.getName();
        boolean takesRequest = method.getParameterCount() > 0 && SdkRequest.class.isAssignableFrom(method.getParameterTypes()[0]);
        if (!takesRequest || name.endsWith("Paginator")) {
            return "";
        }
        String plain = name.endsWith("AsBytes") ? name.substring(0, name.length() - "AsBytes".length()) : name;
        return Character.toUpperCase(plain.charAt(0)) + plain.substring(1);
    }
}
