package dev.viridian.services.codedeploy.deployment;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.codedeploy.model.ECSTaskSet;
import software.amazon.awssdk.services.codedeploy.model.TargetGroupInfo;
import software.amazon.awssdk.services.codedeploy.model.TargetLabel;

/// Task sets as GetDeploymentTarget shows them.
final class TaskSetViews {
    private TaskSetViews() {}

    /// Blue alone until green exists.
    static List<ECSTaskSet> of(Fleet fleet, Colors colors, TrafficSplit split) {
        return Stream.of(
                        fleet.blue().map(set -> view(set, colors.blue(), TargetLabel.BLUE, split.bluePercent())),
                        fleet.green().map(set -> view(set, colors.green(), TargetLabel.GREEN, split.greenPercent())))
                .flatMap(Optional::stream)
                .toList();
    }

    private static ECSTaskSet view(Fleet.Set set, Colors.Side side, TargetLabel label, int percent) {
        return ECSTaskSet.builder()
                .identifer(set.id())
                .desiredCount((long) set.desired())
                .pendingCount((long) set.pending())
                .runningCount((long) set.running())
                .status(set.status().name())
                .trafficWeight((double) percent)
                .targetGroup(TargetGroupInfo.builder().name(side.name()).build())
                .taskSetLabel(label)
                .build();
    }
}
