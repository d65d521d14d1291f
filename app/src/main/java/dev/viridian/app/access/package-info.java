/// What stands before every service, for callers on the wire and inside alike: who is it, is the request valid, may they, record it, inject a
/// fault if asked. [dev.viridian.app.access.Access] is the one decorator.
@NullMarked
package dev.viridian.app.access;

import org.jspecify.annotations.NullMarked;
