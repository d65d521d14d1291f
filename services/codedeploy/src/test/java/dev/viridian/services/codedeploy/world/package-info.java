/// A small world to deploy into: one service on ECS, one load balancer, alarms and a bucket, all scripted, all on virtual time.
@NullMarked
package dev.viridian.services.codedeploy.world;

import org.jspecify.annotations.NullMarked;
