package dev.viridian.services.elbv2;

import dev.viridian.aws.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/// Listeners. Replacing the default actions is one row and one exchange of routing: this is what every traffic shift does.
final class Listeners {
    private static final int MOST = 50;
    /// Not counting default certificates.
    private static final int MOST_CERTIFICATES = 25;

    private final Rows rows;
    private final Actions actions;
    private final Tags tags;
    private final CertificateCheck certificates;

    Listeners(Rows rows, Actions actions, Tags tags, Certificates certificates) {
        this.rows = rows;
        this.actions = actions;
        this.tags = tags;
        this.certificates = new CertificateCheck(certificates);
    }

    /// The same settings on the same port are the same listener, so that a repeated call is harmless: its rules stay, and so do its tags, whatever
    /// tags the call names (that these are no settings is a guess).
    Listener create(CreateListenerRequest request) {
        LoadBalancer balancer = rows.loadBalancer(request.loadBalancerArn());
        Tags.check(request.tags());
        Refusals.require(request.port() != null, "A listener port must be specified");
        Refusals.require(request.protocol() != null, "A listener protocol must be specified");
        checkProtocol(balancer, request.protocol());
        refuseMutualTls(request.mutualAuthentication());
        AlpnPolicies.check(request.alpnPolicy(), request.protocol() == ProtocolEnum.TLS);
        Listener wanted = secured(Listener.builder().loadBalancerArn(balancer.loadBalancerArn()).port(request.port()).protocol(request.protocol())
                .defaultActions(actions.checked(request.defaultActions(), balancer, request.protocol(), request.port()))
                .alpnPolicy(request.alpnPolicy()).build(), request.certificates(), request.sslPolicy(), null);
        Optional<Listener> same = rows.listenersOf(balancer.loadBalancerArn()).stream().filter(each -> settings(each).equals(settings(wanted)))
                .findFirst();
        return same.map(Listeners::shown).orElseGet(() -> create(balancer, wanted, request.tags()));
    }

    private Listener create(LoadBalancer balancer, Listener wanted, List<Tag> wantedTags) {
        if (rows.listenersOf(balancer.loadBalancerArn()).size() >= MOST) {
            throw TooManyListenersException.builder().message("The maximum number of listeners per load balancer has been reached").build();
        }
        checkPort(balancer, wanted.port(), Optional.empty());
        String arn = balancer.loadBalancerArn().replace(":loadbalancer/", ":listener/") + "/" + Ids.hex(16);
        Listener created = wanted.copy(b -> b.listenerArn(arn));
        rows.listeners().put(Rows.key(arn), created);
        actions.checkQuotas(balancer);
        tags.create(arn, wantedTags);
        return created;
    }

    /// What two listeners must have in common to be the same. The order of an only action says nothing.
    private static List<Object> settings(Listener listener) {
        return List.of(listener.port(), listener.protocol(),
                listener.defaultActions().stream().map(action -> action.copy(b -> b.order(null))).toList(),
                listener.certificates().stream().limit(1).toList(), Optional.ofNullable(listener.sslPolicy()), List.copyOf(listener.alpnPolicy()));
    }

    private static void checkProtocol(LoadBalancer balancer, ProtocolEnum protocol) {
        boolean application = balancer.type() == LoadBalancerTypeEnum.APPLICATION;
        Set<ProtocolEnum> offered = application ? Set.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS)
                : Set.of(ProtocolEnum.TCP, ProtocolEnum.TLS, ProtocolEnum.UDP, ProtocolEnum.TCP_UDP, ProtocolEnum.QUIC, ProtocolEnum.TCP_QUIC);
        Refusals.require(offered.contains(protocol), "Listener protocol '" + protocol + "' must be one of '" + (application ? "HTTPS, HTTP"
                : "TCP, TLS, UDP, TCP_UDP, QUIC, TCP_QUIC") + "'");
        if (!application && protocol != ProtocolEnum.TCP && protocol != ProtocolEnum.TLS) {
            throw new UnsupportedOperationException("Listeners with protocol " + protocol + ": network load balancers serve TCP and TLS here");
        }
    }

    private void checkPort(LoadBalancer balancer, int port, Optional<String> except) {
        boolean taken = rows.listenersOf(balancer.loadBalancerArn()).stream()
                .anyMatch(other -> other.port() == port && !other.listenerArn().equals(except.orElse("")));
        if (taken) {
            throw DuplicateListenerException.builder()
                    .message("A listener already exists on this port for this load balancer '" + balancer.loadBalancerArn() + "'").build();
        }
    }

    private static void refuseMutualTls(@Nullable MutualAuthenticationAttributes wanted) {
        if (wanted != null && wanted.mode() != null && !wanted.mode().equals("off")) {
            throw new UnsupportedOperationException("Listeners with mutual authentication");
        }
    }

    /// Gives an HTTPS or TLS listener its certificate and policy, and refuses them on the others.
    ///
    /// @param old what the listener was; null for a new one. A certificate that stays is not checked again: if it has broken meanwhile, that is in
    ///            nobody's way, and a shift of traffic does not wait for a TLS context.
    private Listener secured(Listener listener, List<Certificate> wanted, @Nullable String policy, @Nullable Listener old) {
        boolean secure = listener.protocol() == ProtocolEnum.HTTPS || listener.protocol() == ProtocolEnum.TLS;
        if (!secure) {
            Refusals.require(wanted.isEmpty(), "A certificate cannot be specified for " + listener.protocolAsString() + " listeners");
            Refusals.require(policy == null, "An SSL policy cannot be specified for " + listener.protocolAsString() + " listeners");
            return listener;
        }
        Refusals.require(!wanted.isEmpty(), "A certificate must be specified for " + listener.protocolAsString() + " listeners");
        if (wanted.size() > 1) {
            throw TooManyCertificatesException.builder().message("You can specify exactly one default certificate").build();
        }
        String arn = wanted.getFirst().certificateArn();
        boolean stays = old != null && old.protocol() == listener.protocol() && old.certificates().getFirst().certificateArn().equals(arn);
        if (!stays) {
            certificates.check(arn, listener.protocol());
        }
        String name = policy == null ? SslPolicies.STANDARD : policy;
        if (!SslPolicies.exists(name)) {
            throw SslPolicyNotFoundException.builder().message("SSL policy '" + name + "' not found").build();
        }
        return listener.copy(b -> b.certificates(Certificate.builder().certificateArn(arn).build()).sslPolicy(name));
    }

    Listener modify(ModifyListenerRequest request) {
        Listener old = rows.listener(request.listenerArn());
        LoadBalancer balancer = rows.loadBalancer(old.loadBalancerArn());
        ProtocolEnum protocol = request.protocol() == null ? old.protocol() : request.protocol();
        int port = request.port() == null ? old.port() : request.port();
        checkProtocol(balancer, protocol);
        checkPort(balancer, port, Optional.of(old.listenerArn()));
        if (port != old.port()) {
            refuseWhileTargeted(old);
        }
        refuseMutualTls(request.mutualAuthentication());
        List<String> alpn = request.hasAlpnPolicy() ? request.alpnPolicy() : protocol == ProtocolEnum.TLS ? old.alpnPolicy() : List.of();
        AlpnPolicies.check(alpn, protocol == ProtocolEnum.TLS);
        List<Action> wanted = request.hasDefaultActions() ? request.defaultActions() : old.defaultActions();
        Listener plain = Listener.builder().listenerArn(old.listenerArn()).loadBalancerArn(old.loadBalancerArn()).port(port).protocol(protocol)
                .defaultActions(actions.checked(wanted, balancer, protocol, port)).alpnPolicy(alpn).build();
        boolean staysSecure = protocol == ProtocolEnum.HTTPS || protocol == ProtocolEnum.TLS;
        Listener changed = secured(plain, request.hasCertificates() ? request.certificates() : staysSecure
                ? old.certificates().stream().limit(1).toList() : List.of(),
                request.sslPolicy() != null ? request.sslPolicy() : staysSecure ? old.sslPolicy() : null, old);
        List<Certificate> further = staysSecure ? listed(old.certificates()) : List.of();
        Listener complete = further.isEmpty() ? changed
                : changed.copy(b -> b.certificates(Stream.concat(changed.certificates().stream(), further.stream()).toList()));
        rows.listeners().put(Rows.key(old.listenerArn()), complete);
        actions.checkQuotas(balancer);
        return shown(complete);
    }

    /// Only the default certificate is shown with the listener; the others by DescribeListenerCertificates.
    private static Listener shown(Listener listener) {
        return listener.certificates().size() < 2 ? listener : listener.copy(b -> b.certificates(listener.certificates().getFirst()));
    }

    List<Listener> find(DescribeListenersRequest request) {
        Refusals.require(request.hasListenerArns() != (request.loadBalancerArn() != null),
                "You must specify either listener ARNs or a load balancer ARN");
        if (request.hasListenerArns()) {
            return request.listenerArns().stream().distinct().map(rows::listener).map(Listeners::shown).toList();
        }
        rows.loadBalancer(request.loadBalancerArn());
        return rows.listenersOf(request.loadBalancerArn()).stream().map(Listeners::shown).toList();
    }

    void delete(String arn) {
        Listener listener = rows.listener(arn);
        refuseWhileTargeted(listener);
        rows.rulesOf(arn).forEach(rule -> {
            rows.rules().delete(Rows.key(rule.ruleArn()));
            tags.forget(rule.ruleArn());
        });
        rows.listeners().delete(Rows.key(arn));
        rows.forgetAttributes(arn);
        tags.forget(arn);
    }

    /// A network load balancer may have this one's load balancer as a target, by this port. The wording is AWS's as remembered.
    private void refuseWhileTargeted(Listener listener) {
        boolean targeted = rows.targets().list().stream().anyMatch(target -> target.id().equals(listener.loadBalancerArn())
                && target.port() == listener.port() && !target.draining());
        if (targeted) {
            throw ResourceInUseException.builder().message("Listener port '" + listener.port() + "' is in use by registered target '"
                    + listener.loadBalancerArn() + "' and cannot be removed.").build();
        }
    }

    Map<String, String> attributes(String arn) {
        return Attribute.complete(known(rows.listener(arn)), rows.attributes(arn));
    }

    static List<Attribute> known(Listener listener) {
        return switch (listener.protocol()) {
            case HTTP, HTTPS -> HeaderAttributes.of(listener.protocol());
            case TCP -> Attribute.TCP_LISTENER;
            default -> List.of();
        };
    }

    Map<String, String> modifyAttributes(String arn, List<ListenerAttribute> changes) {
        Map<String, String> values = Attribute.values(changes, ListenerAttribute::key, ListenerAttribute::value);
        rows.setAttributes(arn, Attribute.checked("Listener", known(rows.listener(arn)), values));
        return attributes(arn);
    }

    /// The first certificate is the default one; the others are the certificate list, which the default one may be in as well. They are apart: a
    /// listener that gets another default one goes on showing what is in its list.
    ///
    /// Source: user guide "Certificates for your HTTPS listener".
    List<Certificate> certificates(String arn) {
        List<Certificate> all = rows.listener(arn).certificates();
        return java.util.stream.IntStream.range(0, all.size()).mapToObj(i -> all.get(i).copy(b -> b.isDefault(i == 0))).toList();
    }

    List<Certificate> addCertificates(String arn, List<Certificate> added) {
        Listener listener = rows.listener(arn);
        Refusals.require(!listener.certificates().isEmpty(), "Certificates can only be added to HTTPS and TLS listeners");
        added.forEach(certificate -> certificates.check(certificate.certificateArn(), listener.protocol()));
        List<Certificate> all = new java.util.ArrayList<>(listener.certificates());
        added.stream().map(certificate -> Certificate.builder().certificateArn(certificate.certificateArn()).build())
                .filter(certificate -> !listed(all).contains(certificate)).forEach(all::add);
        int others = rows.listenersOf(listener.loadBalancerArn()).stream().filter(each -> !each.listenerArn().equals(arn))
                .mapToInt(each -> Math.max(0, each.certificates().size() - 1)).sum();
        if (others + all.size() - 1 > MOST_CERTIFICATES) {
            throw TooManyCertificatesException.builder().message("The maximum number of certificates per load balancer is " + MOST_CERTIFICATES).build();
        }
        rows.listeners().put(Rows.key(arn), listener.copy(b -> b.certificates(all)));
        return added.stream().map(certificate -> certificate.copy(b -> b.isDefault(false))).toList();
    }

    /// Out of the list; the default certificate stays what it is.
    void removeCertificates(String arn, List<Certificate> removed) {
        Listener listener = rows.listener(arn);
        List<Certificate> gone = removed.stream().map(each -> Certificate.builder().certificateArn(each.certificateArn()).build()).toList();
        List<Certificate> standard = listener.certificates().stream().limit(1).toList();
        List<Certificate> listed = listed(listener.certificates());
        if (standard.stream().anyMatch(each -> gone.contains(each) && !listed.contains(each))) {
            throw Refusals.notPermitted("The default certificate cannot be removed from a listener");
        }
        rows.listeners().put(Rows.key(arn), listener.copy(b -> b.certificates(Stream.concat(standard.stream(),
                listed.stream().filter(each -> !gone.contains(each))).toList())));
    }

    private static List<Certificate> listed(List<Certificate> certificates) {
        return certificates.stream().skip(1).toList();
    }
}
