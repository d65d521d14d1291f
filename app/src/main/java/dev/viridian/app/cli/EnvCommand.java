package dev.viridian.app.cli;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Prints what a shell needs so that unmodified tools talk to the running server.
@Command(
        name = "env",
        mixinStandardHelpOptions = true,
        description = "Print the shell variables that point aws, git and docker at the running server.",
        footer = {
            "",
            "Use it as: eval \"$(viridian env)\"",
            "aws 2.13 and newer obey AWS_ENDPOINT_URL; older ones need --endpoint-url, for which 'aws' becomes a shell function.",
            "git asks 'aws codecommit credential-helper' for its password, for clone URLs of CodeCommit and for codecommit::REGION://REPOSITORY."
        })
final class EnvCommand implements Callable<Integer> {
    @Mixin
    private DataFolder data;

    @Option(names = "--unset", description = "Print what takes all of it back.")
    private boolean unset;

    @Override
    public Integer call() {
        DataFolder.Server server = data.requireServer();
        Map<String, String> variables = variables(server);
        if (unset) {
            variables.keySet().forEach(name -> System.out.println("unset " + name));
            System.out.println("unset -f aws 2>/dev/null");
            return 0;
        }
        variables.forEach((name, value) -> System.out.println("export " + name + "='" + value.replace("'", "'\\''") + "'"));
        System.out.println("aws() { command aws --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"; }");
        return 0;
    }

    static Map<String, String> variables(DataFolder.Server server) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put("AWS_ENDPOINT_URL", server.endpoint());
        result.put("AWS_ACCESS_KEY_ID", "test");
        result.put("AWS_SECRET_ACCESS_KEY", "test");
        result.put("AWS_DEFAULT_REGION", server.region());
        result.put("AWS_REGION", server.region());
        result.put("AWS_PAGER", "");
        result.put("AWS_CA_BUNDLE", server.ca());
        result.put("GIT_SSL_CAINFO", server.ca());
        result.put("CODE_COMMIT_ENDPOINT", URI.create(server.endpoint()).getAuthority());
        if (!server.dockerHost().isEmpty()) {
            result.put("DOCKER_HOST", server.dockerHost());
        }
        gitConfiguration(server).forEach(result::put);
        return result;
    }

    /// Git reads configuration from numbered variables; nothing is written to anybody's files.
    private static Map<String, String> gitConfiguration(DataFolder.Server server) {
        String repositories = server.endpoint() + "/v1/repos/";
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("url." + repositories + ".insteadOf", "https://git-codecommit." + server.region() + ".amazonaws.com/v1/repos/");
        entries.put("credential." + server.endpoint() + ".helper",
                // git also offers to store and erase, which the CLI's helper does not know together with the option
                "!f() { [ \"$1\" != get ] || aws codecommit credential-helper --ignore-host-check get; }; f");
        entries.put("credential." + server.endpoint() + ".UseHttpPath", "true");
        Map<String, String> result = new LinkedHashMap<>();
        int number = 0;
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            number = put(result, number, entry.getKey(), entry.getValue());
        }
        number = put(result, number, "url." + repositories + ".insteadOf", "codecommit::" + server.region() + "://");
        number = put(result, number, "url." + repositories + ".insteadOf", "codecommit://");
        result.put("GIT_CONFIG_COUNT", String.valueOf(number));
        return result;
    }

    private static int put(Map<String, String> variables, int number, String key, String value) {
        variables.put("GIT_CONFIG_KEY_" + number, key);
        variables.put("GIT_CONFIG_VALUE_" + number, value);
        return number + 1;
    }
}
