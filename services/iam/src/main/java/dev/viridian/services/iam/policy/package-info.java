/// The policy language: documents, what they match, and the decision. No AWS client, no table, no clock: everything is an argument.
///
/// Three nouns: [PolicyDocument], [AccessRequest] (who wants to do what to what, and the context keys) and [Evaluator].
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
@NullMarked
package dev.viridian.services.iam.policy;

import org.jspecify.annotations.NullMarked;
