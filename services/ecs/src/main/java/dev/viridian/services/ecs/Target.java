package dev.viridian.services.ecs;

/// One entry of a target group that stands for one task.
///
/// @param id an IP address or an instance id, as the group's target type wants it
record Target(String groupArn, String id, int port) {}
