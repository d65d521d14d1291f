/// A real server under constant mixed load while everything about its load balancers changes, with clients that check every answer.
///
/// Three nouns: [Balancers] (what is set up and changed, through the AWS SDK), [Load] (the clients, each speaking one protocol as real ones do) and
/// [Tally] (what they saw). Nothing may be lost that a correct load balancer would not lose: a POST whose target is killed under it may be, so only
/// requests that may be repeated go to the targets that are killed.
@NullMarked
package dev.viridian.acceptance.lossless;

import org.jspecify.annotations.NullMarked;
