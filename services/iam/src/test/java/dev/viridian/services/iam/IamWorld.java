package dev.viridian.services.iam;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Principal;
import dev.viridian.aws.shapes.ShapesMapper;
import dev.viridian.engine.store.SqliteStore;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.time.VirtualTime;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// An IAM and STS in memory, and the words tests use.
final class IamWorld {
    static final String ACCOUNT = "111122223333";
    static final String TRUST_ECS = trust("\"Service\": \"ecs-tasks.amazonaws.com\"");
    static final String TRUST_ACCOUNT = trust("\"AWS\": \"111122223333\"");
    final VirtualTime time = new VirtualTime();
    final Store store = SqliteStore.inMemory(ShapesMapper.create());
    final Iam iam = new Iam(store, time, ACCOUNT);
    final Sts sts = new Sts(iam);

    static String trust(String principal) {
        return "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {" + principal
                + "}, \"Action\": \"sts:AssumeRole\"}]}";
    }

    static String allow(String action, String resource) {
        return "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"" + action + "\", \"Resource\": \"" + resource
                + "\"}]}";
    }

    static Caller caller(Principal principal) {
        return new Caller(ACCOUNT, "us-east-1", principal, "r");
    }

    <R> R as(Principal principal, Supplier<R> body) {
        return Caller.get(caller(principal), body);
    }

    <R> R root(Supplier<R> body) {
        return as(new Principal.Root(ACCOUNT), body);
    }

    Principal.User user(String name) {
        return root(() -> new Principal.User(ACCOUNT, name, iam.createUser(b -> b.userName(name)).user().userId()));
    }

    AbstractThrowableAssert<?, ? extends Throwable> refused(String code, Supplier<?> call) {
        return refused(code, new Principal.Root(ACCOUNT), call);
    }

    AbstractThrowableAssert<?, ? extends Throwable> refused(String code, Principal principal, Supplier<?> call) {
        return Assertions.assertThatThrownBy(() -> as(principal, call))
                .isInstanceOfSatisfying(AwsServiceException.class, e -> Assertions.assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
    }
}
