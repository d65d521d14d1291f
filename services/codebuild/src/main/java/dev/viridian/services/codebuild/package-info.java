/// AWS CodeBuild: projects, and builds that run the commands of a buildspec in a container.
///
/// Nouns: [Builds] (the rows), [BuildRun] (one durable row per build and where it stands in [BuildLifecycle]), [Plan] (a buildspec made ready to
/// run), the *driver* (a shell script that is the first process of the build's container). The driver carries out the whole plan by itself and tells
/// what it does in marked lines of its output; the server only reads along. So a server that is killed in the middle of a build loses nothing: the
/// container goes on, and the next server reads on from the last line the previous one kept.
///
/// Different from AWS: build timeouts are real time at any pace, since they bound real work; credentials are given as environment variables for an
/// hour rather than through the address 169.254.170.2; caches are never filled (a cache may miss).
///
/// Source: https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html and build-spec-ref.html
@NullMarked
package dev.viridian.services.codebuild;

import org.jspecify.annotations.NullMarked;
