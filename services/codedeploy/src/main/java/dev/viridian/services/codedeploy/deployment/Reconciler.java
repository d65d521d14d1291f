package dev.viridian.services.codedeploy.deployment;

import dev.viridian.aws.Caller;
import dev.viridian.engine.time.Time;
import dev.viridian.engine.work.Handler;
import dev.viridian.engine.work.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.s3.S3Client;

/// One round of observing, deciding and acting per call.
///
/// Errors of other services are part of a deployment's life, not of ours: those that may pass are borne for a while, the others end it. Anything
/// else (a broken store, a bug) rises to the work loop, which tries the same round again.
public final class Reconciler implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    /// However fast the clock is paced, looking around more often than this only burns power.
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);

    private final Deployments deployments;
    private final Observer observer;
    private final Acts acts;
    private final Time time;

    Reconciler(Deployments deployments, Observer observer, Acts acts, Time time) {
        this.deployments = deployments;
        this.observer = observer;
        this.acts = acts;
        this.time = time;
    }

    /// The whole machinery over these services.
    public static Reconciler over(
            Deployments deployments,
            Time time,
            EcsClient ecs,
            ElasticLoadBalancingV2Client elb,
            CloudWatchClient cloudWatch,
            S3Client s3,
            HookInvoker hooks) {
        TaskSets taskSets = new TaskSets(ecs);
        Listeners listeners = new Listeners(elb);
        Observer observer = new Observer(taskSets, listeners, elb, new AlarmWatch(cloudWatch), new RevisionReader(s3));
        return new Reconciler(deployments, observer, new Acts(deployments, taskSets, listeners, hooks, time), time);
    }

    @Override
    public Next run(String key) {
        Optional<Deployment> found = deployments.find(key);
        if (found.isEmpty() || found.get().phase().isFinal()) {
            return Next.done();
        }
        Deployment deployment = found.get();
        return Caller.get(deployment.caller(), () -> round(deployment));
    }

    private Next round(Deployment deployment) {
        try {
            Observed observed = observer.observe(deployment);
            return acts.perform(deployment, Decisions.decide(deployment, observed, time.now()), observed) ? Next.again() : waitFor(deployment);
        } catch (AwsServiceException e) {
            AwsFailure failure = new AwsFailure(e);
            return failure.mayPass() ? bear(deployment, e) : end(deployment, failure.fault(deployment.order().role()));
        } catch (SdkClientException e) {
            return bear(deployment, e);
        } catch (HookRefused e) {
            return end(deployment, Fault.role(deployment.order().role(), "AWSLambda"));
        } catch (UnsupportedOperationException e) {
            return end(deployment, Fault.internal(String.valueOf(e.getMessage())));
        }
    }

    private Next end(Deployment deployment, Fault fault) {
        acts.perform(deployment, Decisions.afterFault(deployment, fault), Observed.onlyAlarms(new Alarms.Quiet()));
        return Next.again();
    }

    /// Waits for the trouble to pass, but not for ever: every deployment ends.
    private Next bear(Deployment deployment, RuntimeException trouble) {
        Optional<Instant> limit = deployment.progress().troubleUntil();
        if (limit.filter(until -> !time.now().isBefore(until)).isPresent()) {
            return end(deployment, Fault.internal(String.valueOf(trouble.getMessage())));
        }
        if (limit.isEmpty()) {
            LOG.warn("Deployment {} met an error in {} that may pass; it goes on trying for {}", deployment.id(), deployment.phase(), Limits.TROUBLE,
                    trouble);
            deployments.note(deployment, draft -> draft.troubleUntil = time.deadline(Limits.TROUBLE));
        }
        return Next.at(time.now().plus(pause(Limits.AFTER_TROUBLE)));
    }

    /// Until the deadline of the phase, or the next look around, whichever comes first.
    private Next waitFor(Deployment deployment) {
        Optional<Instant> look = lookAgainAfter(deployment).map(pause -> time.now().plus(pause(pause)));
        Optional<Instant> due = deployment.progress().due();
        return List.of(look, due).stream()
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .<Next>map(Next::at)
                .orElseThrow(() -> new IllegalStateException("Deployment " + deployment.id() + " waits in " + deployment.phase() + " for nothing"));
    }

    private static Optional<Duration> lookAgainAfter(Deployment deployment) {
        if (deployment.phase() == Phase.INSTALL) {
            return Optional.of(Limits.LOOK_AT_TASKS);
        }
        boolean watched = deployment.phase() == Phase.ALLOW_TRAFFIC || !deployment.terms().alarms().isEmpty();
        return watched ? Optional.of(Limits.LOOK_AT_ALARMS) : Optional.empty();
    }

    private Duration pause(Duration configured) {
        Duration paced = time.paced(configured);
        return paced.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : paced;
    }
}
