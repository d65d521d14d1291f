package dev.viridian.services.codedeploy.appspec;

/// An application specification that cannot be used; the message says where and what was expected instead.
public final class AppSpecException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AppSpecException(String message) {
        super(message);
    }
}
