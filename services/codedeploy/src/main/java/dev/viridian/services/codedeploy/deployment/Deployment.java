package dev.viridian.services.codedeploy.deployment;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import java.util.Optional;

/// One deployment: what was ordered, how far it is, and what was asked of it on the way.
///
/// @param id as in `d-1NNWZG91L`
public record Deployment(String account, String region, String id, Order order, Progress progress, Signals signals) {

    public String key() {
        return Key.of(account, region, id);
    }

    public Phase phase() {
        return progress.phase();
    }

    Terms terms() {
        return order.terms();
    }

    public boolean rollsBackAnother() {
        return order.rollsBackAnother();
    }

    /// The mark on the replacement task set by which it is found again after a crash. A rollback looks for the set of the deployment it takes back.
    public String greenMark() {
        return order.rollbackOf().map(Order.Rollback::deployment).orElse(id);
    }

    /// The same id however often a hook is called, so that a function that is called twice after a crash reports on the same execution.
    public String hookExecutionId(String event) {
        return Ids.stable(id + "/" + event, 64);
    }

    Optional<Colors> colors() {
        return progress.colors();
    }

    /// CodeDeploy with the group's service role.
    public Caller caller() {
        return Caller.service("codedeploy.amazonaws.com", account, region).as(order.role(), id);
    }

    Deployment with(Progress next) {
        return new Deployment(account, region, id, order, next, signals);
    }

    Deployment with(Signals next) {
        return new Deployment(account, region, id, order, progress, next);
    }
}
