/// What an application specification file asks for on ECS, and why a malformed one is refused.
///
/// Three nouns: [AppSpec] (one task definition, one container port, at most one function per hook), [AppSpecParser] (YAML and JSON
/// alike, keys in any case) and [AppSpecException] (line, column, what was expected). Unlike AWS, whose texts for structural errors are not
/// published, ours name the place.
///
/// Source: CodeDeploy user guide, "AppSpec File structure for Amazon ECS deployments".
@NullMarked
package dev.viridian.services.codedeploy.appspec;

import org.jspecify.annotations.NullMarked;
