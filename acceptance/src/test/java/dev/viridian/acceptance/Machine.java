package dev.viridian.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// What this machine has. On a CI machine nothing may be missing: there a missing tool fails instead of skipping.
final class Machine {
    private Machine() {}

    static void needs(String... tools) {
        for (String tool : tools) {
            boolean there = RunningServer.shell("command -v " + tool + " >/dev/null && echo yes").equals("yes");
            require(there, tool + " is not installed");
        }
        require(RunningServer.shell("docker info >/dev/null 2>&1 && echo yes").equals("yes"), "no container engine answers");
    }

    static void needsImages() {
        boolean there = RunningServer.shell("docker image inspect public.ecr.aws/nginx/nginx:alpine aws/codebuild/standard:4.0 >/dev/null 2>&1 && echo yes").equals("yes");
        require(there, "the base images are missing; images/build.sh makes them");
    }

    private static void require(boolean so, String otherwise) {
        if ("true".equals(System.getenv("CI")) && !so) {
            throw new AssertionError(otherwise);
        }
        assumeTrue(so, otherwise);
    }
}
