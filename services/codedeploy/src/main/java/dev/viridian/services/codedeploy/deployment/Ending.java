package dev.viridian.services.codedeploy.deployment;

/// How an unsuccessful deployment ends.
///
/// @param stopped whether it shows as Stopped rather than Failed
/// @param rollsBack whether traffic returns to blue and a rollback deployment follows
public record Ending(boolean stopped, Fault fault, boolean rollsBack) {

    Event event() {
        return stopped ? Event.STOPPED : Event.FAILED;
    }
}
