/// CloudWatch Logs' filter patterns: words, `{ $.json = conditions }` and `[space, delimited, fields]`.
@NullMarked
package dev.viridian.services.logs.pattern;

import org.jspecify.annotations.NullMarked;
