package dev.viridian.proxy.http;

/// Why a message is not accepted, and which status says so to a client.
public enum Refusal {
    /// The bytes end before the head does: nothing is wrong yet.
    INCOMPLETE(400),
    BAD_REQUEST_LINE(400),
    BAD_TARGET(400),
    BAD_LINE_END(400),
    BAD_HEADER_NAME(400),
    BAD_HEADER_VALUE(400),
    BAD_STATUS_LINE(400),
    HEADER_TOO_LONG(400),
    BAD_HOST(400),
    AUTHORITY_MISMATCH(400),
    BAD_CONTENT_LENGTH(400),
    BAD_TRANSFER_ENCODING(400),
    LENGTH_AND_TRANSFER_ENCODING(400),
    BAD_UPGRADE(400),
    BAD_CHUNK(400),
    METHOD_NOT_ALLOWED(405),
    TARGET_TOO_LONG(414),
    EXPECTATION_FAILED(417),
    TOO_MANY_HEADERS(431),
    HEAD_TOO_LARGE(431),
    UNKNOWN_TRANSFER_ENCODING(501),
    UNKNOWN_VERSION(505);

    private final int status;

    Refusal(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }

    /// Whether the message itself is at fault, rather than what it asks for.
    public boolean malformed() {
        return this != METHOD_NOT_ALLOWED && this != EXPECTATION_FAILED;
    }
}
