package dev.viridian.services.codepipeline;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.codedeploy.CodeDeployClient;
import software.amazon.awssdk.services.codedeploy.model.DeploymentInfo;
import software.amazon.awssdk.services.codedeploy.model.RevisionLocation;

/// What both CodeDeploy actions share: one deployment per action run, found again by its description, followed to its end.
///
/// The action lasts as long as the deployment, including the wait before the original task set is terminated.
final class Deployments {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final CodeDeployClient codedeploy;

    Deployments(CodeDeployClient codedeploy) {
        this.codedeploy = codedeploy;
    }

    Provider.Outcome create(ActionContext action, RevisionLocation revision) {
        String application = action.required("ApplicationName");
        String group = action.required("DeploymentGroupName");
        // CreateDeployment knows no idempotency token; the description is how an interrupted earlier call is recognised.
        String mark = "CodePipeline " + action.pipeline().declaration().name() + ", action execution " + action.run().id();
        String id = find(application, group, mark).orElseGet(() -> codedeploy.createDeployment(b -> b
                .applicationName(application).deploymentGroupName(group).revision(revision).description(mark)).deploymentId());
        return going(action, id);
    }

    Provider.Outcome follow(ActionContext action) {
        String id = action.run().externalId();
        DeploymentInfo info = codedeploy.getDeployment(b -> b.deploymentId(id)).deploymentInfo();
        return switch (info.status()) {
            case SUCCEEDED -> new Provider.Outcome.Done(id, link(action, id), "Deployment " + id + " succeeded", Map.of(), List.of());
            case FAILED, STOPPED -> Provider.Outcome.Failed.job(info.errorInformation() == null || info.errorInformation().message() == null
                    ? "Deployment " + id + " failed"
                    : info.errorInformation().message());
            default -> going(action, id);
        };
    }

    private Optional<String> find(String application, String group, String mark) {
        List<String> newest = codedeploy.listDeployments(b -> b.applicationName(application).deploymentGroupName(group)).deployments();
        return newest.stream()
                .limit(10)
                .filter(id -> mark.equals(codedeploy.getDeployment(b -> b.deploymentId(id)).deploymentInfo().description()))
                .findFirst();
    }

    private static Provider.Outcome going(ActionContext action, String id) {
        return new Provider.Outcome.Going(id, link(action, id), "Deployment " + id, LOOK_AGAIN);
    }

    private static String link(ActionContext action, String id) {
        return "https://console.aws.amazon.com/codedeploy/home?region=" + action.pipeline().region() + "#/deployments/" + id;
    }
}
