package dev.viridian.proxy.http;

import java.util.Arrays;
import java.util.stream.Collectors;

/// How a request departs from the grammar of HTTP/1.1, and how much that matters to readers behind us.
///
/// Names and tiers are those of the library http-desync-guardian (its docs/README.md), which logs and metrics of others speak in. Which of them are
/// refused here, and when, is in `docs/strictness.md`.
public enum Deviation {
    NONE(Tier.COMPLIANT),
    GET_HEAD_ZERO_CONTENT_LENGTH(Tier.ACCEPTABLE),
    NON_COMPLIANT_HEADER(Tier.ACCEPTABLE),
    NON_COMPLIANT_VERSION(Tier.ACCEPTABLE),
    NON_CR_LF_LINE_TERMINATION(Tier.ACCEPTABLE),
    SPACE_IN_URI(Tier.ACCEPTABLE),
    AMBIGUOUS_URI(Tier.AMBIGUOUS),
    BOTH_TE_CL_PRESENT(Tier.AMBIGUOUS),
    DUPLICATE_CONTENT_LENGTH(Tier.AMBIGUOUS),
    EMPTY_HEADER(Tier.AMBIGUOUS),
    MISSING_HEADER_COLON(Tier.AMBIGUOUS),
    MISSING_URI(Tier.AMBIGUOUS),
    MULTILINE_HEADER(Tier.AMBIGUOUS),
    SUSPICIOUS_HEADER(Tier.AMBIGUOUS),
    UNDEFINED_CONTENT_LENGTH_SEMANTICS(Tier.AMBIGUOUS),
    UNDEFINED_TRANSFER_ENCODING_SEMANTICS(Tier.AMBIGUOUS),
    BAD_CONTENT_LENGTH(Tier.SEVERE),
    BAD_HEADER(Tier.SEVERE),
    BAD_METHOD(Tier.SEVERE),
    BAD_TRANSFER_ENCODING(Tier.SEVERE),
    BAD_URI(Tier.SEVERE),
    BAD_VERSION(Tier.SEVERE),
    MULTIPLE_CONTENT_LENGTH(Tier.SEVERE),
    MULTIPLE_TRANSFER_ENCODING_CHUNKED(Tier.SEVERE);

    /// COMPLIANT: as the RFCs want it. ACCEPTABLE: not so, but no risk known. AMBIGUOUS: servers are known to differ. SEVERE: made to deceive.
    public enum Tier {
        COMPLIANT, ACCEPTABLE, AMBIGUOUS, SEVERE;

        private final String code = camelCase(name());

        /// As logs write it: `Ambiguous`.
        public String code() {
            return code;
        }
    }

    private final Tier tier;
    private final String code = camelCase(name());

    Deviation(Tier tier) {
        this.tier = tier;
    }

    public Tier tier() {
        return tier;
    }

    /// As logs write it: `BothTeClPresent`.
    public String code() {
        return code;
    }

    private static String camelCase(String name) {
        return Arrays.stream(name.split("_")).map(word -> word.charAt(0) + word.substring(1).toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining());
    }
}
