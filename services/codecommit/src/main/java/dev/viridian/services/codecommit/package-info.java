/// AWS CodeCommit: repositories that git clients and the API read and write alike.
///
/// [dev.viridian.services.codecommit.CodeCommit] is the API. What it gives to the git host is who may come in
/// ([dev.viridian.services.codecommit.CodeCommit#gitAccess()], which asks a [dev.viridian.services.codecommit.GitAuthority]) and what happens after a
/// push ([dev.viridian.services.codecommit.CodeCommit#pushListener()]). Every ref that moves, by push or API, becomes a
/// [dev.viridian.services.codecommit.RefEvent], durable before anybody is told of success and followed through
/// [dev.viridian.services.codecommit.CodeCommit#follow].
///
/// Clone URLs are shown as AWS gives them, `https://git-codecommit.<region>.amazonaws.com/v1/repos/<name>`. The same repository is reached as
/// `/v1/repos/<name>` on any name of this server: account and region come from the credentials, the region from the host name where that is AWS's
/// own.
///
/// Unlike AWS: merges other than fast-forward, pull requests, comments, approval rules and triggers are not there yet, and neither are keys of one's
/// own for encryption.
///
/// @see <a href="https://docs.aws.amazon.com/codecommit/latest/APIReference/Welcome.html">CodeCommit API</a>
@NullMarked
package dev.viridian.services.codecommit;

import org.jspecify.annotations.NullMarked;
