package dev.viridian.services.elbv2.logs;

import dev.viridian.aws.Arn;
import dev.viridian.aws.AwsErrors;
import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ElasticLoadBalancingV2Exception;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.InvalidConfigurationRequestException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Buckets as Elastic Load Balancing's log delivery reaches them: from an account of its own, so that only a bucket's policy lets it in.
///
/// Source: user guide, "Enable access logs": the policy names the service `logdelivery.elasticloadbalancing.amazonaws.com` or, in older regions,
/// Elastic Load Balancing's account of the region. For network load balancers it is `delivery.logs.amazonaws.com`, for the account's logs.
final class LogBuckets {
    private static final String NETWORK_SERVICE = "delivery.logs.amazonaws.com";
    private static final String SERVICE = "logdelivery.elasticloadbalancing.amazonaws.com";
    private static final Map<String, String> ACCOUNTS = Map.ofEntries(Map.entry("us-east-1", "127311923021"), Map.entry("us-east-2", "033677994240"),
            Map.entry("us-west-1", "027434742980"), Map.entry("us-west-2", "797873946194"), Map.entry("af-south-1", "098369216593"),
            Map.entry("ap-east-1", "754344448648"), Map.entry("ap-southeast-3", "589379963580"), Map.entry("ap-south-1", "718504428378"),
            Map.entry("ap-northeast-3", "383597477331"), Map.entry("ap-northeast-2", "600734575887"), Map.entry("ap-southeast-1", "114774131450"),
            Map.entry("ap-southeast-2", "783225319266"), Map.entry("ap-northeast-1", "582318560864"), Map.entry("ca-central-1", "985666609251"),
            Map.entry("eu-central-1", "054676820928"), Map.entry("eu-west-1", "156460612806"), Map.entry("eu-west-2", "652711504416"),
            Map.entry("eu-south-1", "635631232127"), Map.entry("eu-west-3", "009996457667"), Map.entry("eu-north-1", "897822967062"),
            Map.entry("me-south-1", "076674570225"), Map.entry("sa-east-1", "507241528517"));

    private final S3Client s3;

    LogBuckets(S3Client s3) {
        this.s3 = s3;
    }

    /// Writes the object AWS writes when a log is turned on, to see whether it may.
    void tryOut(LogKind kind, LogDestination destination, Arn balancer, String time) {
        checkRegion(destination.bucket(), balancer);
        String name = balancer.resource().split("/")[2];
        try {
            put(destination.bucket(), ObjectKeys.test(kind, destination, balancer.account()), balancer,
                    RequestBody.fromString("Enable " + kind.title() + " for ELB: " + name + " at " + time));
        } catch (S3Exception e) {
            throw refusal(destination.bucket(), isNetwork(balancer), e);
        }
    }

    /// Only the owner of a bucket can ask where it is. Where the load balancer's owner cannot, it is left to the user, who is told by AWS.
    private void checkRegion(String bucket, Arn balancer) {
        String region;
        try {
            region = Caller.get(Caller.service("elasticloadbalancing.amazonaws.com", balancer.account(), balancer.region()),
                    () -> s3.headBucket(r -> r.bucket(bucket))).bucketRegion();
        } catch (S3Exception e) {
            return;
        }
        if (region != null && !region.equals(balancer.region())) {
            throw configuration("S3Bucket: " + bucket + " is not located in the same region with ELB: " + balancer.resource().split("/")[2]);
        }
    }

    private static boolean isNetwork(Arn balancer) {
        return balancer.resource().startsWith("loadbalancer/net/");
    }

    /// Where an application load balancer's request has a wrong configuration, a network load balancer's is invalid.
    private static RuntimeException refusal(String bucket, boolean network, S3Exception e) {
        return switch (code(e)) {
            // AWS's wording is not known to us.
            case "NoSuchBucket" -> configuration("S3Bucket: " + bucket + " does not exist");
            case "AccessDenied" -> {
                String message = "Access Denied for bucket: " + bucket + ". Please check S3bucket permission";
                yield network ? AwsErrors.of(ElasticLoadBalancingV2Exception.builder(), "ValidationError", 400, message) : configuration(message);
            }
            default -> configuration("Could not write to S3Bucket: " + bucket + ": " + e.getMessage());
        };
    }

    private static RuntimeException configuration(String message) {
        return InvalidConfigurationRequestException.builder().message(message).build();
    }

    /// @throws S3Exception when the bucket takes it from none of the principals that deliver logs
    void put(String bucket, String key, Arn balancer, RequestBody body) {
        PutObjectRequest request = PutObjectRequest.builder().bucket(bucket).key(key).acl(ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL).build();
        List<Caller> deliverers = deliverers(balancer);
        for (Caller deliverer : deliverers.subList(0, deliverers.size() - 1)) {
            try {
                Caller.run(deliverer, () -> s3.putObject(request, body));
                return;
            } catch (S3Exception e) {
                if (!code(e).equals("AccessDenied")) {
                    throw e;
                }
            }
        }
        Caller.run(deliverers.getLast(), () -> s3.putObject(request, body));
    }

    private static List<Caller> deliverers(Arn balancer) {
        String region = balancer.region();
        String own = ACCOUNTS.getOrDefault(region, ACCOUNTS.get("us-east-1"));
        if (isNetwork(balancer)) {
            Arn logs = new Arn("aws", "logs", region, balancer.account(), "delivery-source:" + balancer.resource());
            return List.of(new Caller(own, region, new Principal.Service(NETWORK_SERVICE, Optional.of(logs)), Ids.uuid()));
        }
        List<Caller> callers = new ArrayList<>();
        callers.add(new Caller(own, region, new Principal.Service(SERVICE, Optional.of(balancer)), Ids.uuid()));
        if (ACCOUNTS.containsKey(region)) {
            callers.add(new Caller(own, region, new Principal.Root(own), Ids.uuid()));
        }
        return callers;
    }

    private static String code(S3Exception e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null ? "" : e.awsErrorDetails().errorCode();
    }
}
