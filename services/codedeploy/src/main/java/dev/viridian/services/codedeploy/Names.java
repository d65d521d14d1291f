package dev.viridian.services.codedeploy;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What CodeDeploy accepts as a name, and how its resources are addressed.
final class Names {
    /// Source: CodeDeploy user guide, quotas: letters, digits and `. _ + = , @ -`.
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._+=,@-]{1,100}");

    private Names() {}

    static boolean isValid(String name) {
        return NAME.matcher(name).matches();
    }

    static boolean isMissing(@Nullable String name) {
        return name == null || name.isEmpty();
    }

    /// A key in the current caller's account and region.
    static String key(String... parts) {
        return Key.of(here(parts));
    }

    /// The prefix of all such keys.
    static String under(String... parts) {
        return Key.under(here(parts));
    }

    private static String[] here(String... parts) {
        return Stream.concat(Stream.of(Caller.current().account(), Caller.current().region()), Stream.of(parts)).toArray(String[]::new);
    }

    static String applicationArn(String application) {
        return Arn.here("codedeploy", "application:" + application);
    }

    static String groupArn(String application, String group) {
        return Arn.here("codedeploy", "deploymentgroup:" + application + "/" + group);
    }

    /// What stands behind the last slash of an ARN, or the name itself.
    static String shortName(String nameOrArn) {
        return Arn.isArn(nameOrArn) ? nameOrArn.substring(nameOrArn.lastIndexOf('/') + 1) : nameOrArn;
    }
}
