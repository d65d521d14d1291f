package dev.viridian.services.ec2;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.time.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

/// An EC2 in memory, and the words tests use.
final class Ec2World {
    static final String ACCOUNT = "111122223333";
    final List<NetworkInterface> interfaces = new ArrayList<>();
    final List<Instance> instances = new ArrayList<>();
    final Ec2 ec2 = new Ec2(SqliteStore.inMemory(ShapesMapper.create()), new VirtualTime(), () -> List.copyOf(interfaces),
            () -> List.copyOf(instances));

    <R> R as(String account, String region, Supplier<R> body) {
        return Caller.get(new Caller(account, region, new Principal.Root(account), "r"), body);
    }

    <R> R in(Supplier<R> body) {
        return as(ACCOUNT, "us-east-1", body);
    }

    AbstractThrowableAssert<?, ? extends Throwable> refused(String code, Supplier<?> call) {
        return Assertions.assertThatThrownBy(() -> in(call))
                .isInstanceOfSatisfying(AwsServiceException.class, e -> Assertions.assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }

    static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }

    String defaultVpc() {
        return in(() -> ec2.describeVpcs(b -> b.filters(filter("isDefault", "true")))).vpcs().getFirst().vpcId();
    }
}
