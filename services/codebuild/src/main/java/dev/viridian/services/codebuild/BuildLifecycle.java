package dev.viridian.services.codebuild;

import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.BUILD;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.COMPLETED;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.DOWNLOAD_SOURCE;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.FINALIZING;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.INSTALL;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.POST_BUILD;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.PRE_BUILD;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.PROVISIONING;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.QUEUED;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.SUBMITTED;
import static software.amazon.awssdk.services.codebuild.model.BuildPhaseType.UPLOAD_ARTIFACTS;

import dev.viridian.engine.lifecycle.Lifecycle;
import software.amazon.awssdk.services.codebuild.model.BuildPhaseType;

/// Which phase follows which. After a failed BUILD, POST_BUILD and UPLOAD_ARTIFACTS still run; after a failed INSTALL or PRE_BUILD nothing does.
///
/// Source: user guide, "Build phase transitions"; `on-failure` in the buildspec reference.
final class BuildLifecycle {

    /// How a phase ended.
    enum Ending {
        SUCCEEDED,
        /// A command failed and the buildspec says nothing about it.
        FAILED,
        /// A command failed and the buildspec says `on-failure: ABORT`.
        ABORTED,
        /// A command failed and the buildspec says `on-failure: CONTINUE`.
        FAILED_BUT_CONTINUED,
        /// Stopped, timed out, or the container died.
        CUT_SHORT
    }

    static final Lifecycle<BuildPhaseType, Ending> LIFECYCLE = Lifecycle.<BuildPhaseType, Ending>startingIn(SUBMITTED)
            .move(SUBMITTED, Ending.SUCCEEDED, QUEUED)
            .move(SUBMITTED, Ending.FAILED, COMPLETED)
            .move(SUBMITTED, Ending.CUT_SHORT, COMPLETED)
            .move(QUEUED, Ending.SUCCEEDED, PROVISIONING)
            .move(QUEUED, Ending.CUT_SHORT, COMPLETED)
            .move(PROVISIONING, Ending.SUCCEEDED, DOWNLOAD_SOURCE)
            .move(PROVISIONING, Ending.FAILED, COMPLETED)
            .move(PROVISIONING, Ending.CUT_SHORT, COMPLETED)
            .move(DOWNLOAD_SOURCE, Ending.SUCCEEDED, INSTALL)
            .move(DOWNLOAD_SOURCE, Ending.FAILED, FINALIZING)
            .move(DOWNLOAD_SOURCE, Ending.CUT_SHORT, FINALIZING)
            .move(INSTALL, Ending.SUCCEEDED, PRE_BUILD)
            .move(INSTALL, Ending.FAILED_BUT_CONTINUED, PRE_BUILD)
            .move(INSTALL, Ending.FAILED, FINALIZING)
            .move(INSTALL, Ending.ABORTED, FINALIZING)
            .move(INSTALL, Ending.CUT_SHORT, FINALIZING)
            .move(PRE_BUILD, Ending.SUCCEEDED, BUILD)
            .move(PRE_BUILD, Ending.FAILED_BUT_CONTINUED, BUILD)
            .move(PRE_BUILD, Ending.FAILED, FINALIZING)
            .move(PRE_BUILD, Ending.ABORTED, FINALIZING)
            .move(PRE_BUILD, Ending.CUT_SHORT, FINALIZING)
            .move(BUILD, Ending.SUCCEEDED, POST_BUILD)
            .move(BUILD, Ending.FAILED_BUT_CONTINUED, POST_BUILD)
            .move(BUILD, Ending.FAILED, POST_BUILD)
            .move(BUILD, Ending.ABORTED, FINALIZING)
            .move(BUILD, Ending.CUT_SHORT, FINALIZING)
            .move(POST_BUILD, Ending.SUCCEEDED, UPLOAD_ARTIFACTS)
            .move(POST_BUILD, Ending.FAILED_BUT_CONTINUED, UPLOAD_ARTIFACTS)
            .move(POST_BUILD, Ending.FAILED, UPLOAD_ARTIFACTS)
            .move(POST_BUILD, Ending.ABORTED, FINALIZING)
            .move(POST_BUILD, Ending.CUT_SHORT, FINALIZING)
            .move(UPLOAD_ARTIFACTS, Ending.SUCCEEDED, FINALIZING)
            .move(UPLOAD_ARTIFACTS, Ending.FAILED, FINALIZING)
            .move(UPLOAD_ARTIFACTS, Ending.CUT_SHORT, FINALIZING)
            .move(FINALIZING, Ending.SUCCEEDED, COMPLETED)
            .move(FINALIZING, Ending.CUT_SHORT, COMPLETED)
            .build();

    private BuildLifecycle() {}

    /// Whether the driver runs commands in this phase.
    static boolean hasCommands(BuildPhaseType phase) {
        return phase == INSTALL || phase == PRE_BUILD || phase == BUILD || phase == POST_BUILD;
    }
}
