package dev.viridian.aws.x509;

/// A certificate that cannot be taken. Never names key material.
public final class FlawedCertificate extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Flaw flaw;

    FlawedCertificate(Flaw flaw) {
        super("not a usable certificate: " + flaw);
        this.flaw = flaw;
    }

    public Flaw flaw() {
        return flaw;
    }
}
