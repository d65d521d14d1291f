/// The little HTTP/1.1 that a container engine's socket needs: one request per connection, bodies streamed, upgrades left as raw bytes.
///
/// A general client hides the bytes after an upgrade and knows no unix sockets; here they are the point. Nouns: [Link] (two raw streams),
/// [Endpoint] (where to dial one), [Head] (start line and headers), [Body] (what follows it).
@NullMarked
package dev.viridian.container.http;

import org.jspecify.annotations.NullMarked;
