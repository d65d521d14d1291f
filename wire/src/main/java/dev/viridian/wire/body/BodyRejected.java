package dev.viridian.wire.body;

import java.io.IOException;

/// A request body is not what it claimed to be. Whoever reads the body gets this instead of its end, and so never stores half of it.
public final class BodyRejected extends IOException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final int status;

    public BodyRejected(String code, int status, String message) {
        super(message);
        this.code = code;
        this.status = status;
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    static BodyRejected wrongChunkSignature() {
        return new BodyRejected("SignatureDoesNotMatch", 403,
                "The request signature we calculated does not match the signature you provided. Check your key and signing method.");
    }

    static BodyRejected incomplete() {
        return new BodyRejected("IncompleteBody", 400, "You did not provide the number of bytes specified by the Content-Length HTTP header");
    }
}
