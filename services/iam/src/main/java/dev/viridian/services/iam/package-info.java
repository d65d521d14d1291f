/// AWS IAM and STS: who there is in an account, what they were allowed to do, and the keys with which they prove who they are.
///
/// Three nouns: [Identities] (users, groups and roles, with their policies), [Keys] (long-lived access keys, sessions and git passwords) and
/// `policy.PolicyDocument` (what a policy says; `policy.Evaluator` decides by it).
///
/// Secrets are stored because signatures cannot be verified without them, and keys of server certificates because listeners need them. Only [Keys],
/// [GitCredentials] and [ServerCertificates] read the tables they lie in, no answer but
/// the one
/// that creates them carries them, and the records that hold them do not print them.
///
/// Different from AWS: a key pair `test`/`test` is the root of the default account, and a key id of twelve digits with the secret `test` the root of
/// that
/// account, so that there is a first caller. Root may assume roles that trust its account, since on this system root is whom everybody starts as.
/// Changes are
/// visible at once. Role ids are derived from the role's ARN. A policy's documents that AWS maintains are those of March 2026, from the export in
/// moto 5.2.1 (Apache-2.0).
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html>
@NullMarked
package dev.viridian.services.iam;

import org.jspecify.annotations.NullMarked;
