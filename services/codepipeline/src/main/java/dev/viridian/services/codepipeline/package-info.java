/// AWS CodePipeline: executions that carry a source revision through the stages of a pipeline, and survive the process that carries them.
///
/// Three nouns: [dev.viridian.services.codepipeline.Execution] (one run of the whole pipeline), [dev.viridian.services.codepipeline.ActionRun]
/// (one action inside it), [dev.viridian.services.codepipeline.Flow] (the pure rules for who may enter which stage). Two kinds of work rows:
/// one per pipeline moves executions between stages, one per action run starts and follows what the provider does.
///
/// Unlike AWS, a push to a CodeCommit repository starts the pipeline at once instead of at the next poll (`PollForSourceChanges` true or absent).
/// Source of the behaviour: AWS CodePipeline API reference and user guide, "How pipeline executions work".
@NullMarked
package dev.viridian.services.codepipeline;

import org.jspecify.annotations.NullMarked;
