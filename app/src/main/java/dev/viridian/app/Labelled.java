package dev.viridian.app;

import dev.viridian.container.ContainerRuntime;
import dev.viridian.container.ContainerSpec;
import dev.viridian.container.NetworkSpec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/// An engine on which everything we make carries the name of this installation, so that people and clean-ups can tell whose it is.
final class Labelled {
    static final String LABEL = "dev.viridian.installation";

    private Labelled() {}

    static ContainerRuntime with(ContainerRuntime runtime, String installation) {
        return (ContainerRuntime) Proxy.newProxyInstance(ContainerRuntime.class.getClassLoader(), new Class<?>[] {ContainerRuntime.class}, (_, method, arguments) -> {
            if (arguments != null && arguments.length == 1) {
                arguments[0] = labelled(arguments[0], installation);
            }
            try {
                return method.invoke(runtime, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private static Object labelled(Object argument, String installation) {
        return switch (argument) {
            case ContainerSpec spec -> spec.withLabel(LABEL, installation);
            case NetworkSpec spec -> new NetworkSpec(spec.name(), spec.subnet(), plus(spec.labels(), installation));
            default -> argument;
        };
    }

    private static Map<String, String> plus(Map<String, String> labels, String installation) {
        Map<String, String> all = new LinkedHashMap<>(labels);
        all.put(LABEL, installation);
        return all;
    }
}
