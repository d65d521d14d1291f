package dev.viridian.registry;

import java.util.regex.Pattern;

/// A repository of images.
///
/// @param namespace keeps equal names of different owners apart; made of letters, digits, dashes and slashes
/// @param repository as in `docker push host/<repository>:tag`
public record ImageName(String namespace, String repository) {
    /// Source: OCI distribution specification 1.1, "Pulling manifests".
    private static final String WORD = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern REPOSITORY = Pattern.compile(WORD + "(/" + WORD + ")*");
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9-]+(/[A-Za-z0-9-]+)*");
    private static final int LONGEST = 256;

    public ImageName {
        if (!NAMESPACE.matcher(namespace).matches() || !isRepository(repository)) {
            throw new IllegalArgumentException("not the name of an image repository: " + namespace + " / " + repository);
        }
    }

    public static boolean isRepository(String name) {
        return name.length() <= LONGEST && REPOSITORY.matcher(name).matches();
    }

    @Override
    public String toString() {
        return namespace + "/" + repository;
    }
}
