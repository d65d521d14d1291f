/// AWS's data types, walked generically.
///
/// Three nouns: [Shape] (what a structure of the SDK consists of; with [Member] the only code that touches the SDK's `SdkPojo` and `SdkField`),
/// [OperationIndex] (what the SDK's classes do not carry: wire names, error codes, constraints) and [Constraints] (is this request valid, in AWS's
/// words). [ShapesMapper] is the JSON mapper with which records that contain SDK objects are stored.
@NullMarked
package dev.viridian.aws.shapes;

import org.jspecify.annotations.NullMarked;
