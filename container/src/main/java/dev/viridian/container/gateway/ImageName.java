package dev.viridian.container.gateway;

/// An image name in parts.
///
/// @param host of the registry; empty for names without one, which belong to the engine's default registry
/// @param repository with host, without tag
/// @param reference tag or digest, `latest` when none was given
record ImageName(String host, String repository, String reference) {

    static ImageName of(String name) {
        int at = name.indexOf('@');
        int colon = name.lastIndexOf(':');
        boolean tagged = colon > name.lastIndexOf('/');
        String repository = at >= 0 ? name.substring(0, at) : tagged ? name.substring(0, colon) : name;
        String reference = at >= 0 ? name.substring(at + 1) : tagged ? name.substring(colon + 1) : "latest";
        return new ImageName(hostOf(repository), repository, reference);
    }

    static ImageName of(String repository, String reference) {
        return new ImageName(hostOf(repository), repository, reference.isEmpty() ? "latest" : reference);
    }

    /// As the engine takes it.
    String full() {
        return repository + (reference.contains(":") ? "@" : ":") + reference;
    }

    /// The host in what a client logs in to: `https://host/v2/`, `host/path` or `host`.
    static String server(String address) {
        return address.replaceFirst("^[a-z]+://", "").replaceFirst("/.*$", "");
    }

    /// The part before the first slash is a host only if it looks like one: docker's own rule.
    private static String hostOf(String repository) {
        int slash = repository.indexOf('/');
        String first = slash < 0 ? "" : repository.substring(0, slash);
        return first.contains(".") || first.contains(":") || first.equals("localhost") ? first : "";
    }
}
