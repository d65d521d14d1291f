package dev.viridian.services.ecs;

import dev.viridian.aws.Arn;
import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;
import org.jspecify.annotations.Nullable;

/// A cluster's place in the world; leaving the name out means `default`.
record ClusterId(String account, String region, String name) {

    /// @param text a name, an ARN or nothing
    static ClusterId of(@Nullable String text) {
        Caller caller = Caller.current();
        String name = text == null || text.isEmpty() ? "default" : Arn.isArn(text) ? lastPart(Arn.parse(text).resource()) : text;
        return new ClusterId(caller.account(), caller.region(), name);
    }

    static ClusterId ofArn(String arn) {
        Arn parsed = Arn.parse(arn);
        return new ClusterId(parsed.account(), parsed.region(), lastPart(parsed.resource()));
    }

    String key() {
        return Key.of(account, region, name);
    }

    /// What the keys of everything inside this cluster begin with.
    String prefix() {
        return Key.under(account, region, name);
    }

    String arn() {
        return arn("cluster/" + name);
    }

    String arn(String resource) {
        return "arn:aws:ecs:" + region + ":" + account + ":" + resource;
    }

    /// ECS itself, at work in this cluster's account.
    Caller caller() {
        return Caller.service("ecs.amazonaws.com", account, region);
    }

    private static String lastPart(String resource) {
        return resource.substring(resource.lastIndexOf('/') + 1);
    }
}
