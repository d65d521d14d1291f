/// Amazon EC2, as far as networks go: VPCs, subnets, security groups, route tables, internet and NAT gateways, addresses.
///
/// Three nouns: [Row] (a resource as it is stored: AWS's own model object and little else), [Rows] (all of one kind) and [Home] (the default VPC that
/// every
/// account has in every region, from the first look on, under ids that follow from the two).
///
/// Different from AWS: these are descriptions. Containers reach each other and the world whatever security groups and routes say; what hangs on the
/// network (tasks, load balancers) is told by [NetworkInterfaces]. A NAT gateway is available at once and gone at once.
/// Nobody can launch an instance; those there are ([Instances]) stand for the machine we run on.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html>
@NullMarked
package dev.viridian.services.ec2;

import org.jspecify.annotations.NullMarked;
