package dev.viridian.app.access;

/// Makes a call fail on purpose, before the service sees it; for rehearsals and tests.
@FunctionalInterface
public interface Faults {
    void before(Class<?> clientInterface, String operation);

    static Faults none() {
        return (_, _) -> {};
    }
}
