/// AWS CodeDeploy for services on ECS: blue/green deployments that shift traffic, watch alarms and roll back.
///
/// Three nouns: [CodeDeploy] (the service, as the AWS SDK's own client interface), [Applications] with [DeploymentGroups] (what is deployed, and
/// how), and the deployments themselves in the package `deployment`. Applications and configurations of the platforms Server and Lambda can be
/// created and listed; their deployments are not implemented and say so.
///
/// Source: <https://docs.aws.amazon.com/codedeploy/latest/APIReference/>
@NullMarked
package dev.viridian.services.codedeploy;

import org.jspecify.annotations.NullMarked;
