package dev.viridian.wire.protocol;

import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;

/// What an error answer says.
///
/// @param code of the wire, e.g. `ClusterNotFoundException` or `NoSuchEntity`
/// @param shape the name of the error's shape, which differs from the code only in services that used to speak query
/// @param fault true when the server is to blame
/// @param members of the exception's own, which JSON answers carry beside the message
public record Failure(String code, String shape, int status, String message, boolean fault, Optional<SdkPojo> members) {

    public static Failure of(String code, int status, String message) {
        return new Failure(code, code, status, message, status >= 500, Optional.empty());
    }
}
