package dev.viridian.wire;

import dev.viridian.aws.shapes.OperationIndex.Meta;
import dev.viridian.wire.auth.AuthFailure;
import dev.viridian.wire.auth.Claim;
import dev.viridian.wire.protocol.AwsJson;
import dev.viridian.wire.protocol.AwsQuery;
import dev.viridian.wire.protocol.Protocol;
import dev.viridian.wire.protocol.Refusal;
import dev.viridian.wire.protocol.RestXml;
import dev.viridian.wire.protocol.RpcCbor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the service and operation a request means, on a port that all services share.
///
/// Looked at in this order, each of which is decisive: the credential scope of a REST service; the path of CBOR; `X-Amz-Target`; `Action` and
/// `Version`; the host name; and what nothing claims is S3's, whose buckets are bare paths.
final class Router {
    private static final Pattern CBOR_PATH = Pattern.compile("/service/([^/]+)/operation/([^/]+)");
    private static final Meta UNKNOWN = new Meta("", List.of("json"), null, "1.1", "", "", "", "", null);

    /// The request's body, read whole and unzipped when asked for.
    interface Body {
        byte[] whole() throws IOException;
    }

    private final Collection<Endpoint> endpoints;
    private final S3Hosts hosts;

    /// @param endpoints may still grow
    Router(Collection<Endpoint> endpoints, S3Hosts hosts) {
        this.endpoints = endpoints;
        this.hosts = hosts;
    }

    /// In which protocol errors are told before the service is known.
    Protocol guess(Incoming request) {
        if (request.headers().has("smithy-protocol")) {
            return new RpcCbor();
        }
        if (request.headers().has("x-amz-target")) {
            return new AwsJson(UNKNOWN);
        }
        if (isForm(request) || request.query().has("Action")) {
            return new AwsQuery(UNKNOWN);
        }
        return endpoints.stream().filter(Endpoint::isS3).findFirst().map(Endpoint::rest).orElseGet(() -> new RestXml(UNKNOWN));
    }

    Route find(Incoming request, Body body) throws IOException {
        String signedFor = signedFor(request);
        Optional<Endpoint> rest = signedFor.isEmpty() ? Optional.empty()
                : endpoints.stream().filter(Endpoint::isRest).filter(endpoint -> endpoint.meta().signingName().equals(signedFor)).findFirst();
        if (rest.isPresent()) {
            return rest(rest.get(), request);
        }
        if (request.headers().has("smithy-protocol")) {
            return cbor(request);
        }
        Optional<String> target = request.headers().first("x-amz-target");
        if (target.isPresent()) {
            return json(target.get());
        }
        if (isForm(request) || request.query().has("Action")) {
            return query(request, signedFor, body);
        }
        return byHost(request);
    }

    private Route rest(Endpoint endpoint, Incoming request) {
        String path = endpoint.isS3() ? s3Path(request) : request.path();
        RestRoutes.Match match = endpoint.routes().find(request, path).orElseThrow(() -> endpoint.isS3()
                ? new Refusal("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
                : new Refusal("UnknownOperationException", 404, "Unable to determine service/operation name to be authorized"));
        return new Route(endpoint, endpoint.rest(), match.operation().name(), match.labels(), Route.NO_FORM);
    }

    /// The path with the bucket in it, wherever the request names it.
    private String s3Path(Incoming request) {
        Optional<String> bucket = hosts.bucket(request.hostName());
        return withoutSlashAfterBucket(bucket.map(name -> "/" + name + request.path()).orElse(request.path()));
    }

    /// `/bucket/` means the bucket, not an object without a name.
    private static String withoutSlashAfterBucket(String path) {
        return path.length() > 1 && path.indexOf('/', 1) == path.length() - 1 ? path.substring(0, path.length() - 1) : path;
    }

    private Route cbor(Incoming request) {
        Matcher path = CBOR_PATH.matcher(request.path());
        if (!path.matches()) {
            throw new Refusal("UnknownOperationException", 404, "There is no operation at " + request.path());
        }
        Endpoint endpoint = byTarget(path.group(1)).orElseThrow(() -> unknownOperation(path.group(1) + "." + path.group(2)));
        return Route.rpc(endpoint, endpoint.cbor(), path.group(2));
    }

    private Route json(String target) {
        int dot = target.lastIndexOf('.');
        if (dot < 0) {
            throw unknownOperation(target);
        }
        Endpoint endpoint = byTarget(target.substring(0, dot)).orElseThrow(() -> unknownOperation(target));
        return Route.rpc(endpoint, endpoint.json(), target.substring(dot + 1));
    }

    private Route query(Incoming request, String signedFor, Body body) throws IOException {
        Query form = isForm(request) ? form(body.whole()) : request.query();
        String version = form.first("Version").orElse("");
        String action = form.first("Action").orElseThrow(() -> new Refusal("MissingAction", 400, "Request is missing an Action parameter"));
        Endpoint endpoint = endpoints.stream().filter(Endpoint::isQuery).filter(known -> known.meta().apiVersion().equals(version)).findFirst()
                .or(() -> endpoints.stream().filter(known -> known.isQuery() && known.meta().signingName().equals(signedFor)).findFirst())
                .orElseThrow(() -> new Refusal("InvalidAction", 400, "Could not find operation " + action + " for version " + version));
        return new Route(endpoint, endpoint.query(), action, java.util.Map.of(), form);
    }

    private static Query form(byte[] body) {
        try {
            return Query.parse(new String(body, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new Refusal("MalformedQueryString", 400, "The form cannot be read: " + e.getMessage());
        }
    }

    private Route byHost(Incoming request) {
        String label = request.hostName().contains(".") ? request.hostName().substring(0, request.hostName().indexOf('.')) : "";
        return endpoints.stream().filter(Endpoint::isRest).filter(endpoint -> endpoint.meta().endpointPrefix().equals(label)).findFirst()
                .or(() -> endpoints.stream().filter(Endpoint::isS3).findFirst())
                .map(endpoint -> rest(endpoint, request))
                .orElseThrow(() -> new Refusal("UnknownOperationException", 404, "Nothing in this request says which service it is for"));
    }

    private Optional<Endpoint> byTarget(String prefix) {
        return endpoints.stream().filter(endpoint -> prefix.equals(endpoint.meta().targetPrefix())).findFirst();
    }

    private static boolean isForm(Incoming request) {
        return request.method().equals("POST") && request.contentType().equals("application/x-www-form-urlencoded");
    }

    private static String signedFor(Incoming request) {
        try {
            return Claim.of(request).map(claim -> claim.scope().service()).orElse("");
        } catch (AuthFailure e) {
            return ""; // told when the signature is checked, in the protocol the rest of the request speaks
        }
    }

    private static Refusal unknownOperation(String target) {
        return new Refusal("UnknownOperationException", 400, "There is no operation " + target + " here");
    }
}
