package dev.viridian.services.elbv2;

import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import dev.viridian.proxy.Binding;
import dev.viridian.proxy.Proxy;
import dev.viridian.proxy.routing.TlsIdentity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/// Keeps the proxy at what the rows say: reads them all, compiles, exchanges in one step. Called after every commit; one call at a time, each seeing
/// at least
/// the commit that caused it.
///
/// Remembers where listeners ended up, in `elbv2.bindings`, and says so once when that is not where they belong.
final class LiveRouting {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRouting.class);

    private record Use(TlsIdentity.Certificate certificate, ProtocolEnum protocol) {}

    private final Rows rows;
    private final Proxy proxy;
    private final LoadBalancerOptions options;
    private final Table<ListenerBinding> bindings;
    private final Store store;
    /// By use of a certificate, whether it is in vain: finding out takes as long as a handshake, and routing changes often.
    private final Map<Use, Boolean> flawed = new ConcurrentHashMap<>();
    /// Held while compiling, exchanging and remembering, so that an older state never replaces a newer one. Taken before the store's lock, never
    /// within.
    private final Object exchanging = new Object();
    /// What this process has told about already; guarded by `exchanging`.
    private Set<ListenerBinding> told = Set.of();

    LiveRouting(Store store, Rows rows, Proxy proxy, LoadBalancerOptions options) {
        this.store = store;
        this.rows = rows;
        this.proxy = proxy;
        this.options = options;
        this.bindings = store.table("elbv2.bindings", ListenerBinding.class);
    }

    void apply() {
        synchronized (exchanging) {
            Routing.Tables tables = tables();
            List<ListenerBinding> found = described(tables, proxy.apply(Routing.compile(tables, options.bindAddress())));
            remember(found);
            if (!substitutes(found).equals(tables.substitutes())) {
                // Targets that are listeners of ours are to be found where these have just been put.
                proxy.apply(Routing.compile(tables(), options.bindAddress()));
            }
        }
    }

    private static Map<String, Integer> substitutes(List<ListenerBinding> found) {
        Map<String, Integer> substitutes = new HashMap<>();
        found.stream().filter(ListenerBinding::substituted).forEach(binding -> substitutes.put(binding.listenerArn(), binding.port()));
        return substitutes;
    }

    /// Throws when the rows, as the running transaction sees them, make no snapshot: a broken promise of ours, better met before the commit than
    /// after.
    void check() {
        Routing.compile(tables(), options.bindAddress());
    }

    private Routing.Tables tables() {
        List<Listener> listeners = rows.listeners().list();
        Map<String, Map<String, String>> attributes = new HashMap<>();
        rows.loadBalancers().rows("").forEach(row -> attributes.put(row.value().loadBalancerArn(),
                Attribute.complete(LoadBalancers.known(row.value()), rows.attributesAt(row.key()))));
        rows.targetGroups().rows("").forEach(row -> attributes.put(row.value().targetGroupArn(),
                Attribute.complete(GroupAttributes.of(row.value()), rows.attributesAt(row.key()))));
        rows.listeners().rows("").forEach(row -> attributes.put(row.value().listenerArn(),
                Attribute.complete(Listeners.known(row.value()), rows.attributesAt(row.key()))));
        Map<String, TlsIdentity.Certificate> certificates = new HashMap<>();
        listeners.stream().flatMap(listener -> listener.certificates().stream()).map(Certificate::certificateArn).distinct()
                .forEach(arn -> options.certificates().find(arn).ifPresentOrElse(found -> certificates.put(arn, found),
                        () -> LOG.error("The certificate {} of a listener is not there any more; the listener is left out until it is", arn)));
        List<Listener> served = listeners.stream().filter(listener -> listener.certificates().stream()
                .allMatch(each -> isUsable(certificates.get(each.certificateArn()), listener.protocol()))).toList();
        flawed.keySet().removeIf(use -> !certificates.containsValue(use.certificate()));
        return new Routing.Tables(rows.loadBalancers().list(), served, rows.rules().list(), rows.targetGroups().list(), rows.targets().list(),
                attributes, certificates, substitutes(bindings.list()));
    }

    /// One that cannot be used, though it could when it was chosen, takes its listeners out of service and nobody else's.
    private boolean isUsable(TlsIdentity.@Nullable Certificate certificate, ProtocolEnum protocol) {
        return certificate != null && !flawed.computeIfAbsent(new Use(certificate, protocol), use -> {
            Optional<String> flaw = CertificateCheck.flaw(certificate, protocol);
            flaw.ifPresent(why -> LOG.error("The certificate {} cannot be used any more; its {} listeners are left out until it is imported anew "
                    + "or the server starts again: {}", certificate.id(), protocol, why));
            return flaw.isPresent();
        });
    }

    private static List<ListenerBinding> described(Routing.Tables tables, List<Binding> found) {
        return found.stream().map(binding -> {
            Listener listener = tables.listeners().stream().filter(each -> each.listenerArn().equals(binding.listenerId())).findFirst().orElseThrow();
            LoadBalancer balancer = tables.loadBalancers().stream().filter(each -> each.loadBalancerArn().equals(listener.loadBalancerArn()))
                    .findFirst().orElseThrow();
            return new ListenerBinding(listener.listenerArn(), balancer.loadBalancerName(), balancer.dnsName(), listener.protocolAsString(),
                    binding.address(),
                    binding.wantedPort(), binding.port(), binding.problem());
        }).toList();
    }

    private void remember(List<ListenerBinding> found) {
        found.stream().filter(binding -> !told.contains(binding)).forEach(LiveRouting::say);
        told = Set.copyOf(found);
        Map<String, ListenerBinding> before = new HashMap<>();
        bindings.rows("").forEach(row -> before.put(row.key(), row.value()));
        Map<String, ListenerBinding> now = new HashMap<>();
        found.forEach(binding -> now.put(Key.of(binding.listenerArn(), binding.address()), binding));
        if (!before.equals(now)) {
            store.transact(() -> {
                before.keySet().forEach(bindings::delete);
                now.forEach(bindings::put);
            });
        }
    }

    private static void say(ListenerBinding binding) {
        if (binding.explanation().isEmpty()) {
            LOG.info("Load balancer {} listens on {}:{}", binding.loadBalancerName(), binding.dnsName(), binding.port());
        } else {
            LOG.warn("Load balancer {} ({}): {}", binding.loadBalancerName(), binding.dnsName(), binding.explanation());
        }
    }

    List<ListenerBinding> bindings() {
        return bindings.list();
    }

    /// Something a client of this load balancer must know about its ports, if there is.
    Optional<ListenerBinding> troubleOf(String loadBalancerArn) {
        String prefix = loadBalancerArn.replace(":loadbalancer/", ":listener/") + "/";
        List<ListenerBinding> trouble = bindings.list(prefix).stream().filter(binding -> !binding.explanation().isEmpty()).toList();
        return trouble.stream().filter(binding -> binding.port() == 0).findFirst().or(() -> trouble.stream().findFirst());
    }
}
