package dev.viridian.services.cloudwatch;

import dev.viridian.aws.Caller;
import dev.viridian.engine.store.Key;

/// The account and region a resource lives in; the first two parts of every key of this service.
record Scope(String account, String region) {

    static Scope current() {
        return new Scope(Caller.current().account(), Caller.current().region());
    }

    /// The scope that [#workKey] named.
    static Scope of(String workKey) {
        String[] parts = workKey.split("/");
        return new Scope(parts[0], parts[1]);
    }

    /// How work for a whole account and region is keyed.
    String workKey() {
        return account + "/" + region;
    }

    String key() {
        return Key.of(account, region);
    }

    String key(String name) {
        return Key.of(account, region, name);
    }

    String prefix() {
        return Key.under(account, region);
    }

    String arn(String resource) {
        return "arn:aws:cloudwatch:" + region + ":" + account + ":" + resource;
    }
}
