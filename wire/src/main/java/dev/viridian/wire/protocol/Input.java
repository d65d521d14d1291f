package dev.viridian.wire.protocol;

import dev.viridian.aws.shapes.OperationIndex.Operation;
import dev.viridian.aws.shapes.Shape;
import dev.viridian.wire.Incoming;
import dev.viridian.wire.Query;
import java.util.Map;

/// A request to be read as an operation's input.
///
/// @param labels what stood in the path where the operation's URI has `{labels}`, decoded
/// @param form the body's parameters, in the query protocols
/// @param body whole; empty when the operation's body flows
public record Input(Incoming incoming, Operation operation, Shape shape, Map<String, String> labels, Query form, byte[] body) {}
