/// State machines as tables: the legal moves are data, the picture is generated from them, and rows nobody travelled can be listed.
@NullMarked
package dev.viridian.engine.lifecycle;

import org.jspecify.annotations.NullMarked;
