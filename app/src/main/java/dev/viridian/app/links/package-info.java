/// What AWS connects privately, connected here: keys and logins of IAM for the wire and the git host, images between registry, engine and tasks.
@NullMarked
package dev.viridian.app.links;

import org.jspecify.annotations.NullMarked;
