package dev.viridian.services.codebuild;

import software.amazon.awssdk.services.codebuild.model.Project;

/// @param builds how many builds the project has had; the next one gets the number after it
record ProjectRow(Project project, long builds) {

    ProjectRow with(Project changed) {
        return new ProjectRow(changed, builds);
    }

    ProjectRow counted() {
        return new ProjectRow(project, builds + 1);
    }
}
