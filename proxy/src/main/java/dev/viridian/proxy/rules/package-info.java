/// The rules of a listener, compiled: what a rule asks of a request, and what it makes of one.
///
/// Two nouns: a [Matcher] (a `routing.Condition`, held against the bytes of a head) and a [Rewriting] (a `routing.Rewrite`, applied to host and target).
/// Both are made when a routing is compiled, which is when what cannot be used is refused, and take time in proportion to what they read.
///
/// It is a room of its own because nothing in it remembers a request: it knows heads and the values of package `routing`. Which rule comes first, and what
/// follows from it, is decided where the listener is.
@NullMarked
package dev.viridian.proxy.rules;

import org.jspecify.annotations.NullMarked;
