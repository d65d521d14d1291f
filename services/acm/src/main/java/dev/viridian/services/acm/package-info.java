/// AWS Certificate Manager: certificates for listeners, brought by their owner or issued here.
///
/// Three nouns: [Certificates] (what is known of each certificate), [PrivateKeys] (the only reader of the table their keys lie in) and
/// [CertificateIssuer] (who signs what is requested). Whoever serves a certificate is told when it changes ([CertificateUsers]), so that a re-import
/// reaches running listeners at once.
///
/// Different from AWS: there is no Route 53 and nobody looks anything up in the DNS. A requested certificate is signed by this installation's own
/// authority, which its owner constrained to local names, and only for those it is issued: at once, since names under `localhost` lead to this machine by
/// themselves and need no proof. Clients accept it who trust that authority. Requests for other names stay `PENDING_VALIDATION` until they time out
/// after 72 hours (which follow the pace), and those for names of AWS end `FAILED`: bring a certificate for them with ImportCertificate. Certificates
/// live 397 days. Nothing is logged for certificate transparency, whatever the preference says. Validation by email or HTTP, private certificate
/// authorities, revocation and events before expiry are not there, and requests for them say so.
///
/// @see <a href="https://docs.aws.amazon.com/acm/latest/APIReference/Welcome.html">ACM API Reference</a>
@NullMarked
package dev.viridian.services.acm;

import org.jspecify.annotations.NullMarked;
