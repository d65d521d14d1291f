package dev.viridian.services.codedeploy.deployment;

/// Who is blue and who is green in this deployment; chosen when it starts, because the two swap with every deployment.
///
/// @param blueSet the id of the task set that was PRIMARY at the start
/// @param blue the target group of that task set
/// @param green the other group of the pair
public record Colors(String blueSet, Side blue, Side green) {

    /// @param name the target group's name
    /// @param arn its ARN
    public record Side(String name, String arn) {}
}
