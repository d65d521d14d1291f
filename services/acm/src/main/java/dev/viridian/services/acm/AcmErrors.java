package dev.viridian.services.acm;

import dev.viridian.aws.Caller;
import dev.viridian.aws.x509.Flaw;
import software.amazon.awssdk.services.acm.model.InvalidDomainValidationOptionsException;
import software.amazon.awssdk.services.acm.model.RequestInProgressException;
import software.amazon.awssdk.services.acm.model.ResourceInUseException;
import software.amazon.awssdk.services.acm.model.ResourceNotFoundException;
import software.amazon.awssdk.services.acm.model.TooManyTagsException;
import software.amazon.awssdk.services.acm.model.ValidationException;

/// The ways ACM says no. Wordings as users reported them from AWS, unless a line says it is a guess.
final class AcmErrors {
    private AcmErrors() {}

    static ValidationException validation(String message) {
        return ValidationException.builder().message(message).build();
    }

    static ResourceNotFoundException notFound(String arn) {
        return ResourceNotFoundException.builder().message("Could not find certificate " + arn + ".").build();
    }

    static ResourceInUseException inUse(String arn) {
        return ResourceInUseException.builder().message("Certificate " + arn + " in account " + Caller.current().account() + " is in use.").build();
    }

    static RequestInProgressException inProgress(String arn) {
        return RequestInProgressException.builder() // a guess
                .message("The certificate request for " + arn + " is in progress. The certificate cannot be retrieved yet.").build();
    }

    static InvalidDomainValidationOptionsException validationDomain(String domain) {
        return InvalidDomainValidationOptionsException.builder() // a guess
                .message("The validation domain of " + domain + " must be the domain itself or a superdomain of it.").build();
    }

    static TooManyTagsException tooManyTags(String tags) {
        return TooManyTagsException.builder().message("the TagSet: '{" + tags + "}' contains too many Tags").build();
    }

    static ValidationException of(Flaw flaw) {
        return validation(switch (flaw) {
            case CERTIFICATE_UNREADABLE -> "The certificate is not PEM-encoded or is not valid.";
            case MORE_THAN_ONE_CERTIFICATE ->
                    "The certificate field contains more than one certificate. You can specify only one certificate in this field.";
            case CHAIN_UNREADABLE -> "The certificate chain is not PEM-encoded or is not valid."; // a guess, after the certificate's own
            case CHAIN_BROKEN -> "Could not validate the certificate with the certificate chain.";
            case CHAIN_MISSING -> "Provided certificate is not a valid self signed. Please provide either a valid self-signed certificate or "
                    + "certificate chain.";
            case KEY_UNREADABLE -> "The private key is not PEM-encoded or is not valid.";
            case KEY_ENCRYPTED -> "The private key is encrypted. ACM takes unencrypted private keys only."; // a guess
            case KEY_UNSUPPORTED -> "The private key length is not supported for key algorithm."; // a guess, after the older "... is not supported."
            case KEY_OF_ANOTHER_CERTIFICATE -> "The private key does not match the certificate."; // a guess
            case EXPIRED -> "The certificate has expired, is not valid.";
            case NOT_YET_VALID -> "The certificate is not in effect yet, is not valid.";
        });
    }
}
