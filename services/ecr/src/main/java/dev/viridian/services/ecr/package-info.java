/// Amazon ECR: repositories of images, by API and by docker, skopeo and buildah.
///
/// [dev.viridian.services.ecr.Ecr] is the API. It also owns what the image registry asks for: which repositories there are and where their tags point
/// ([dev.viridian.services.ecr.Ecr#registry()]) and who may come in ([dev.viridian.services.ecr.Ecr#registryAccess()]). A tag moves in the same
/// transaction that records a [dev.viridian.services.ecr.ImageEvent].
///
/// A repository has two names for docker. `<account>.dkr.ecr.<region>.amazonaws.com/<name>` is AWS's; it works wherever that host leads here, and
/// with `.localhost:<port>` in place of `.amazonaws.com`. `127.0.0.1:<port>/<account>/<region>/<name>` needs no name resolution, and docker speaks
/// plain HTTP with it unasked.
///
/// Unlike AWS: images are not scanned (a repository may wish for it; its images then say that the scan failed because there is no scanner), keys of
/// one's own for encryption are refused, layers are served directly instead of through S3, and replication, pull-through caches and signing are not
/// there.
///
/// @see <a href="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/Welcome.html">Amazon ECR API</a>
@NullMarked
package dev.viridian.services.ecr;

import org.jspecify.annotations.NullMarked;
