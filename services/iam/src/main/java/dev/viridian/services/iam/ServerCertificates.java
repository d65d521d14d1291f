package dev.viridian.services.iam;

import dev.viridian.aws.Caller;
import dev.viridian.aws.Ids;
import dev.viridian.aws.shapes.Pages;
import dev.viridian.aws.x509.CertificateFacts;
import dev.viridian.aws.x509.FlawedCertificate;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.*;

/// Server certificates: what listeners showed before there was ACM, and still may. The only reader of the table their keys lie in.
final class ServerCertificates {
    private static final int MOST = 20;

    /// @param pem unencrypted PKCS#8
    record StoredPrivateKey(String pem) {
        @Override
        public String toString() {
            return "private key"; // never itself
        }
    }

    private final Store store;
    private final Identities identities;
    private final CertificateUsers users;
    private final Table<StoredServerCertificate> table;
    /// By the certificate's id, which outlives its name.
    private final Table<StoredPrivateKey> keys;

    ServerCertificates(Store store, Identities identities, CertificateUsers users) {
        this.store = store;
        this.identities = identities;
        this.users = users;
        this.table = store.table("iam.server-certificates", StoredServerCertificate.class);
        this.keys = store.table("iam.server-certificate-keys", StoredPrivateKey.class);
    }

    /// Of any account. A certificate that bears the ARN now comes before one that once did.
    Optional<ServedCertificate> served(String arn) {
        List<StoredServerCertificate> all = table.list();
        return all.stream().filter(each -> each.arn().equals(arn)).findFirst()
                .or(() -> all.stream().filter(each -> each.formerArns().contains(arn)).findFirst())
                .flatMap(each -> keys.find(each.id()).map(key -> new ServedCertificate(each.bodyPem() + each.chainPem(), key.pem())));
    }

    UploadServerCertificateResponse upload(UploadServerCertificateRequest request) {
        dev.viridian.aws.x509.ServerCertificate read = read(request);
        StoredServerCertificate certificate = new StoredServerCertificate(Caller.current().account(), path(request.path()),
                request.serverCertificateName(), "ASCA" + Ids.base32(17), identities.now(), CertificateFacts.of(read.leaf()).notAfter(),
                read.certificatePem(), read.chainPem(), List.of(), IamTags.of(request.tags()));
        store.transact(() -> {
            if (mine().size() >= MOST) {
                throw IamErrors.limitExceeded("Cannot exceed quota for ServerCertificatesPerAccount: " + MOST);
            }
            put(certificate);
            keys.put(certificate.id(), new StoredPrivateKey(read.keyPem()));
        });
        return UploadServerCertificateResponse.builder().serverCertificateMetadata(metadata(certificate)).tags(tags(certificate)).build();
    }

    private dev.viridian.aws.x509.ServerCertificate read(UploadServerCertificateRequest request) {
        try {
            return dev.viridian.aws.x509.ServerCertificate.read(request.certificateBody(), request.certificateChain(), request.privateKey(),
                    identities.now());
        } catch (FlawedCertificate e) {
            throw IamErrors.flawed(e.flaw());
        }
    }

    private static String path(@Nullable String path) {
        return path == null ? "/" : path;
    }

    private void put(StoredServerCertificate certificate) {
        if (!table.putIfAbsent(at(certificate.name()), certificate)) {
            throw IamErrors.alreadyExists("The Server Certificate with name " + certificate.name() + " already exists.");
        }
    }

    GetServerCertificateResponse get(GetServerCertificateRequest request) {
        StoredServerCertificate found = get(request.serverCertificateName());
        return GetServerCertificateResponse.builder().serverCertificate(c -> c.serverCertificateMetadata(metadata(found))
                .certificateBody(found.bodyPem()).certificateChain(found.chainPem().isEmpty() ? null : found.chainPem()).tags(tags(found))).build();
    }

    private StoredServerCertificate get(String name) {
        return table.find(at(name)).filter(each -> each.name().equals(name))
                .orElseThrow(() -> IamErrors.noSuchEntity("The Server Certificate with name " + name + " cannot be found."));
    }

    ListServerCertificatesResponse list(ListServerCertificatesRequest request) {
        List<StoredServerCertificate> found = mine().stream()
                .filter(each -> request.pathPrefix() == null || each.path().startsWith(request.pathPrefix())).toList();
        Pages.Page<StoredServerCertificate> page = IamErrors.page(found, each -> each.name().toLowerCase(Locale.ROOT), request.marker(),
                request.maxItems());
        return ListServerCertificatesResponse.builder()
                .serverCertificateMetadataList(page.items().stream().map(ServerCertificates::metadata).toList())
                .isTruncated(page.nextToken() != null).marker(page.nextToken()).build();
    }

    private List<StoredServerCertificate> mine() {
        return table.list(Key.under(Caller.current().account()));
    }

    /// Its ARN changes with its name; listeners that know it by the old one go on showing it.
    UpdateServerCertificateResponse update(UpdateServerCertificateRequest request) {
        store.transact(() -> {
            StoredServerCertificate old = get(request.serverCertificateName());
            table.delete(at(old.name()));
            put(old.at(request.newPath() == null ? old.path() : request.newPath(),
                    request.newServerCertificateName() == null ? old.name() : request.newServerCertificateName()));
        });
        return UpdateServerCertificateResponse.builder().build();
    }

    DeleteServerCertificateResponse delete(DeleteServerCertificateRequest request) {
        store.transact(() -> {
            StoredServerCertificate found = get(request.serverCertificateName());
            found.arns().flatMap(arn -> users.of(arn).stream()).findFirst().ifPresent(user -> {
                throw IamErrors.deleteConflict("Certificate: " + found.id() + " is currently in use by " + user
                        + ". Please remove it first before deleting it from IAM.");
            });
            table.delete(at(found.name()));
            keys.delete(found.id());
        });
        return DeleteServerCertificateResponse.builder().build();
    }

    TagServerCertificateResponse tag(TagServerCertificateRequest request) {
        change(request.serverCertificateName(), found -> {
            Map<String, String> all = new HashMap<>(found.tags());
            all.putAll(IamTags.of(request.tags()));
            return found.withTags(IamTags.checked(all));
        });
        return TagServerCertificateResponse.builder().build();
    }

    UntagServerCertificateResponse untag(UntagServerCertificateRequest request) {
        change(request.serverCertificateName(), found -> {
            Map<String, String> left = new HashMap<>(found.tags());
            request.tagKeys().forEach(left::remove);
            return found.withTags(left);
        });
        return UntagServerCertificateResponse.builder().build();
    }

    ListServerCertificateTagsResponse tags(ListServerCertificateTagsRequest request) {
        return ListServerCertificateTagsResponse.builder().tags(tags(get(request.serverCertificateName()))).isTruncated(false).build();
    }

    private void change(String name, UnaryOperator<StoredServerCertificate> change) {
        store.transact(() -> table.put(at(name), change.apply(get(name))));
    }

    private static List<Tag> tags(StoredServerCertificate certificate) {
        return IamTags.list(certificate.tags());
    }

    private static ServerCertificateMetadata metadata(StoredServerCertificate certificate) {
        return ServerCertificateMetadata.builder().path(certificate.path()).serverCertificateName(certificate.name())
                .serverCertificateId(certificate.id()).arn(certificate.arn()).uploadDate(certificate.uploaded()).expiration(certificate.expires())
                .build();
    }

    private static String at(String name) {
        return Key.of(Caller.current().account(), name.toLowerCase(Locale.ROOT));
    }
}
