package dev.viridian.proxy.http;

/// Why a message is not accepted, which status says so to a client, and what others call it.
public enum Refusal {
    /// The bytes end before the head does: nothing is wrong yet.
    INCOMPLETE(400),
    BAD_METHOD(400, Deviation.BAD_METHOD),
    NO_TARGET(400, Deviation.MISSING_URI),
    /// Not a path, an absolute URI or `*`, or with bytes that no target has.
    BAD_TARGET(400),
    SPACE_IN_TARGET(400, Deviation.SPACE_IN_URI),
    CONTROL_IN_TARGET(400, Deviation.AMBIGUOUS_URI),
    NUL_OR_CR_IN_TARGET(400, Deviation.BAD_URI),
    /// As in HTTP/0.9.
    NO_VERSION(400, Deviation.NON_COMPLIANT_VERSION),
    SPACE_BEHIND_VERSION(400, Deviation.NON_COMPLIANT_VERSION),
    BAD_VERSION(400, Deviation.BAD_VERSION),
    BAD_STATUS_LINE(400),
    BARE_LF(400, Deviation.NON_CR_LF_LINE_TERMINATION),
    BARE_CR(400, Deviation.BAD_HEADER),
    FOLDED_HEADER(400, Deviation.MULTILINE_HEADER),
    NO_HEADER_NAME(400, Deviation.EMPTY_HEADER),
    NO_COLON(400, Deviation.MISSING_HEADER_COLON),
    BAD_HEADER_NAME(400, Deviation.NON_COMPLIANT_HEADER),
    /// A framing header in disguise.
    SUSPICIOUS_HEADER_NAME(400, Deviation.SUSPICIOUS_HEADER),
    BAD_HEADER_VALUE(400, Deviation.NON_COMPLIANT_HEADER),
    NUL_IN_HEADER(400, Deviation.BAD_HEADER),
    HEADER_TOO_LONG(400),
    BAD_HOST(400),
    AUTHORITY_MISMATCH(400),
    BAD_CONTENT_LENGTH(400, Deviation.BAD_CONTENT_LENGTH),
    EQUAL_CONTENT_LENGTHS(400, Deviation.DUPLICATE_CONTENT_LENGTH),
    DIFFERENT_CONTENT_LENGTHS(400, Deviation.MULTIPLE_CONTENT_LENGTH),
    BAD_TRANSFER_ENCODING(400, Deviation.BAD_TRANSFER_ENCODING),
    CHUNKED_TWICE(400, Deviation.MULTIPLE_TRANSFER_ENCODING_CHUNKED),
    CHUNKED_IN_OLD_VERSION(400, Deviation.UNDEFINED_TRANSFER_ENCODING_SEMANTICS),
    LENGTH_AND_TRANSFER_ENCODING(400, Deviation.BOTH_TE_CL_PRESENT),
    BAD_UPGRADE(400),
    METHOD_NOT_ALLOWED(405),
    TARGET_TOO_LONG(414),
    EXPECTATION_FAILED(417),
    /// ELB documents no limit on their number; this one is ours.
    TOO_MANY_HEADERS(431),
    /// 400 as ELB documents it.
    HEAD_TOO_LARGE(400),
    UNKNOWN_TRANSFER_ENCODING(501),
    LATER_VERSION(505, Deviation.NON_COMPLIANT_VERSION),
    UNKNOWN_VERSION(505, Deviation.BAD_VERSION);

    private final int status;
    private final Deviation deviation;

    Refusal(int status) {
        this(status, Deviation.NONE);
    }

    Refusal(int status, Deviation deviation) {
        this.status = status;
        this.deviation = deviation;
    }

    public int status() {
        return status;
    }

    /// What is wrong, in common words; [Deviation#NONE] where there are none.
    public Deviation deviation() {
        return deviation;
    }

    /// Whether the message itself is at fault, rather than what it asks for.
    public boolean malformed() {
        return this != METHOD_NOT_ALLOWED && this != EXPECTATION_FAILED;
    }
}
