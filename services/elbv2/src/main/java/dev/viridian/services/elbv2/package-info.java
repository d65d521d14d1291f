/// Elastic Load Balancing v2: load balancers, listeners, rules and target groups, served by a real proxy in the same process.
///
/// Three nouns: [Rows] (everything configured, as tables of AWS's own objects), [Routing] (the pure function that compiles those tables into the
/// proxy's snapshot) and [Targets] (who is registered, and how they are). Every committed change compiles anew and is exchanged in one step, and so
/// is the start: what the proxy does always follows from rows, so a crash loses nothing but the requests in flight.
///
/// Different from AWS: a load balancer is one node, on this machine; its DNS name ends in `.elb.localhost`, which every system resolves to loopback
/// without set-up. Load balancers that share a port are told apart by that name, or by a name they have a certificate for. A listener port that
/// cannot be bound is served on a substitute, which the load balancer's state, the log and [ElasticLoadBalancingV2#bindings] say. Health check
/// intervals, slow start and deregistration delays follow the pace. A target that has nothing in flight when it is deregistered is gone at once,
/// where AWS shows it as `draining` until its delay is over: who waits for targets to leave waits for requests here, not for the clock. TLS is
/// negotiated by AWS's security policies, less what the TLS library lacks: CBC ciphers with SHA-2 MACs on HTTPS listeners; versions before 1.2 and
/// key exchange by RSA on TLS listeners. The FIPS policies have their ciphers, not a validated library; the post-quantum ones are not there. A
/// certificate for `localhost` will do, which AWS finds too short a name. Network load balancers serve TCP and TLS. They connect to their targets
/// from this machine's address (`preserve_client_ip.enabled` says `false`; the PROXY protocol tells the client's), an idle connection is reset when
/// its time is over rather than at its next packet, and TCP keep-alives do not count as use. Functions are targets only where the assembly gives a
/// `LambdaClient`. Security groups are shown but are no firewall. Settings that would turn on something that is not there (authentication, mutual
/// TLS, UDP) are refused, never stored.
///
/// @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/introduction.html">What is an Application Load Balancer?</a>
@NullMarked
package dev.viridian.services.elbv2;

import org.jspecify.annotations.NullMarked;
