package dev.viridian.aws.x509;

/// What can be wrong with a certificate somebody brings.
public enum Flaw {
    CERTIFICATE_UNREADABLE,
    MORE_THAN_ONE_CERTIFICATE,
    CHAIN_UNREADABLE,
    /// A certificate is not signed by the one that follows it in the chain.
    CHAIN_BROKEN,
    /// There is no chain, and the certificate is not signed by itself.
    CHAIN_MISSING,
    KEY_UNREADABLE,
    KEY_ENCRYPTED,
    /// Another algorithm, size or curve than those AWS takes.
    KEY_UNSUPPORTED,
    KEY_OF_ANOTHER_CERTIFICATE,
    EXPIRED,
    NOT_YET_VALID
}
