package dev.viridian.registry;

import java.util.Locale;

/// A request the registry must refuse, in the words of the distribution protocol.
///
/// @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes">OCI distribution, error codes</a>
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;

    public RegistryException(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    public int status() {
        return status;
    }

    /// E.g. `MANIFEST_UNKNOWN`.
    public String code() {
        return code;
    }

    /// As docker's command line prints such an answer, e.g. `manifest unknown: Requested image not found`.
    public String spoken() {
        return code.toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + getMessage();
    }

    static RegistryException manifestUnknown() {
        return new RegistryException(404, "MANIFEST_UNKNOWN", "Requested image not found");
    }

    static RegistryException manifestInvalid(String message) {
        return new RegistryException(400, "MANIFEST_INVALID", message);
    }

    static RegistryException missingBlob(Digest digest) {
        return new RegistryException(400, "MANIFEST_BLOB_UNKNOWN", "The manifest refers to " + digest + ", which is not in this repository");
    }

    static RegistryException blobUnknown() {
        return new RegistryException(404, "BLOB_UNKNOWN", "blob unknown to registry");
    }

    static RegistryException digestInvalid(String message) {
        return new RegistryException(400, "DIGEST_INVALID", message);
    }

    static RegistryException sizeInvalid(String message) {
        return new RegistryException(400, "SIZE_INVALID", message);
    }

    static RegistryException uploadUnknown(String id) {
        return new RegistryException(404, "BLOB_UPLOAD_UNKNOWN", "There is no upload " + id + " in this repository");
    }

    static RegistryException archiveInvalid(String message) {
        return new RegistryException(400, "ARCHIVE_INVALID", message);
    }

    static RegistryException unsupported(String message) {
        return new RegistryException(405, "UNSUPPORTED", message);
    }
}
