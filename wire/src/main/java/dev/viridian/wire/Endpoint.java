package dev.viridian.wire;

import dev.viridian.aws.shapes.OperationIndex;
import dev.viridian.aws.shapes.OperationIndex.Meta;
import dev.viridian.wire.protocol.AwsJson;
import dev.viridian.wire.protocol.AwsQuery;
import dev.viridian.wire.protocol.Protocol;
import dev.viridian.wire.protocol.RestJson;
import dev.viridian.wire.protocol.RestXml;
import dev.viridian.wire.protocol.RpcCbor;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One served service.
final class Endpoint {
    private final Class<?> client;
    private final Object implementation;
    private final Meta meta;
    private final Protocol json;
    private final Protocol query;
    private final Protocol rest;
    private final Protocol cbor = new RpcCbor();
    private final Map<String, Optional<LinkedOperation>> linked = new ConcurrentHashMap<>();
    private volatile @Nullable RestRoutes routes;

    Endpoint(Class<?> client, Object implementation) {
        this.client = client;
        this.implementation = implementation;
        this.meta = OperationIndex.metaOf(client);
        this.json = new AwsJson(meta);
        this.query = new AwsQuery(meta);
        this.rest = meta.protocols().contains("rest-json") ? new RestJson() : new RestXml(meta);
    }

    Meta meta() {
        return meta;
    }

    Class<?> client() {
        return client;
    }

    boolean isRest() {
        return meta.protocols().contains("rest-xml") || meta.protocols().contains("rest-json");
    }

    boolean isQuery() {
        return meta.protocols().contains("query") || meta.protocols().contains("ec2");
    }

    boolean isS3() {
        return meta.artifact().equals("s3");
    }

    Protocol json() {
        return json;
    }

    Protocol query() {
        return query;
    }

    Protocol rest() {
        return rest;
    }

    Protocol cbor() {
        return cbor;
    }

    /// Empty when the service has no such operation, or none that a synchronous client can call.
    Optional<LinkedOperation> operation(String name) {
        Optional<LinkedOperation> known = linked.get(name);
        return known != null ? known : linked.computeIfAbsent(name,
                _ -> OperationIndex.of(client).operation(name).flatMap(info -> LinkedOperation.link(info, client, implementation)));
    }

    boolean knows(String operation) {
        return OperationIndex.of(client).operation(operation).isPresent();
    }

    RestRoutes routes() {
        RestRoutes known = routes;
        if (known == null) {
            known = new RestRoutes(this, OperationIndex.of(client).operations().values());
            routes = known;
        }
        return known;
    }
}
