package dev.viridian.services.codedeploy.deployment;

import static dev.viridian.services.codedeploy.world.FakeElb.ONE;
import static dev.viridian.services.codedeploy.world.FakeElb.OTHER;
import static dev.viridian.services.codedeploy.world.FakeElb.PRODUCTION;
import static dev.viridian.services.codedeploy.world.FakeElb.TWO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.viridian.services.codedeploy.world.FakeElb;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

class ForwardsTest {
    static final Colors COLORS = new Colors("ecs-svc/1", new Colors.Side("one", ONE), new Colors.Side("two", TWO));

    @Test
    void a_plain_forward_becomes_a_weighted_one_without_a_target_group_of_its_own() {
        Action divided = divide(FakeElb.forwardTo(ONE), Pair.production(PRODUCTION, COLORS, new TrafficSplit(10)));
        assertThat(divided.targetGroupArn()).isNull();
        assertThat(FakeElb.weights(divided)).isEqualTo(Map.of(ONE, 90, TWO, 10));
        assertThat(divided.forwardConfig().targetGroupStickinessConfig().enabled()).isFalse();
    }

    @Test
    void a_forward_that_already_says_so_is_the_same_object() {
        Action divided = divide(FakeElb.forwardTo(ONE), Pair.production(PRODUCTION, COLORS, TrafficSplit.ALL_BLUE));
        assertThat(divide(divided, Pair.production(PRODUCTION, COLORS, TrafficSplit.ALL_BLUE))).isSameAs(divided);
    }

    @Test
    void redirects_and_forwards_to_other_groups_are_none_of_our_business() {
        Pair pair = Pair.production(PRODUCTION, COLORS, TrafficSplit.ALL_GREEN);
        assertThat(divide(FakeElb.redirect(), pair)).isEqualTo(FakeElb.redirect());
        assertThat(divide(FakeElb.forwardTo(OTHER), pair)).isEqualTo(FakeElb.forwardTo(OTHER));
    }

    @Test
    void a_third_group_in_the_same_forward_keeps_its_weight_and_stickiness_stays() {
        Action three = Action.builder().type(ActionTypeEnum.FORWARD).forwardConfig(config -> config
                        .targetGroups(
                                TargetGroupTuple.builder().targetGroupArn(ONE).weight(50).build(),
                                TargetGroupTuple.builder().targetGroupArn(OTHER).weight(7).build())
                        .targetGroupStickinessConfig(sticky -> sticky.enabled(true).durationSeconds(60)))
                .build();
        Action divided = divide(three, Pair.production(PRODUCTION, COLORS, new TrafficSplit(25)));
        assertThat(FakeElb.weights(divided)).isEqualTo(Map.of(ONE, 75, TWO, 25, OTHER, 7));
        assertThat(divided.forwardConfig().targetGroupStickinessConfig().enabled()).isTrue();
    }

    @Test
    void a_test_listener_forwards_to_one_group_alone() {
        Action both = divide(FakeElb.forwardTo(ONE), Pair.production(PRODUCTION, COLORS, TrafficSplit.ALL_BLUE));
        assertThat(FakeElb.weights(divide(both, Pair.only(COLORS, COLORS.green())))).isEqualTo(Map.of(TWO, 1));
    }

    private static Action divide(Action action, Pair pair) {
        return Forwards.divide(List.of(action), pair).getFirst();
    }
}
