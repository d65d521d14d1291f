package dev.viridian.services.elbv2;

/// What is fixed for the life of the service.
///
/// @param bindAddress IP address that listeners are bound to
/// @param instanceAddress where targets given as EC2 instances are reached, when EC2 does not know the instance's own address: every container
/// instance is
///     this machine
/// @param certificates of HTTPS and TLS listeners
public record LoadBalancerOptions(String bindAddress, String instanceAddress, Certificates certificates) {
    public static final LoadBalancerOptions DEFAULT = new LoadBalancerOptions("127.0.0.1", "127.0.0.1", Certificates.NONE);

    public LoadBalancerOptions withBindAddress(String bindAddress) {
        return new LoadBalancerOptions(bindAddress, instanceAddress, certificates);
    }

    public LoadBalancerOptions withCertificates(Certificates certificates) {
        return new LoadBalancerOptions(bindAddress, instanceAddress, certificates);
    }
}
