package dev.viridian.services.codebuild;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.codebuild.model.Build;
import software.amazon.awssdk.services.codebuild.model.CacheType;

/// Settings that are kept and shown but have no effect on a build here; each build that has one says so in its log.
final class Remarks {
    private Remarks() {}

    static List<String> about(Build build) {
        List<String> remarks = new ArrayList<>();
        if (build.cache() != null && build.cache().type() != null && build.cache().type() != CacheType.NO_CACHE) {
            remarks.add("Caches are not kept here: every build starts without one.");
        }
        if (build.vpcConfig() != null && build.vpcConfig().vpcId() != null) {
            remarks.add("The VPC configuration has no effect here: builds run in the container engine's default network.");
        }
        return remarks;
    }
}
