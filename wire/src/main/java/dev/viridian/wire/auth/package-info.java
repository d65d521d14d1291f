/// Who signed a request: AWS Signature Version 4 in headers, in query strings, in chunked bodies and in the passwords of CodeCommit's git helper.
///
/// Three nouns: [SigV4] (the arithmetic), [Authenticator] (the decision) and [AccessKeys] (where secrets come from).
@NullMarked
package dev.viridian.wire.auth;

import org.jspecify.annotations.NullMarked;
