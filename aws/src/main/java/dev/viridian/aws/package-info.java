/// What every AWS service shares: who is calling ([Caller]), how things are named ([Arn], [Ids]) and how errors without a class of their own are
/// made.
@NullMarked
package dev.viridian.aws;

import org.jspecify.annotations.NullMarked;
