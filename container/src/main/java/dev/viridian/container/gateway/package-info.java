/// A container engine lent to somebody who must not have it whole: a build.
///
/// [EngineGateway] opens a [Door] per tenant, a unix socket that speaks Docker's API and forwards to the real engine. On the way it does three
/// things: images of registries that an [ImageGateway] claims are logged in to, pushed and pulled *in band* (saved from and loaded into the engine,
/// so that the engine itself needs no name resolution, trust or settings for that registry); what is created is labelled as the tenant's; and
/// [Rules] keep the tenant away from the host and from other people's containers.
@NullMarked
package dev.viridian.container.gateway;

import org.jspecify.annotations.NullMarked;
