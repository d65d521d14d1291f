/// Amazon S3: buckets of this process and the objects in them, for artifacts, assets and application files.
///
/// Three nouns: [Buckets] (who owns which name, and its settings), [Objects] (the versions of a key and what happens to them) and [Blobs] (their
/// bytes, as
/// files). Bytes stream through; nothing is held whole in memory.
///
/// Different from AWS: one process is one partition, so a bucket name is free as soon as nobody *here* has it; a bucket answers in every region
/// without a
/// redirect; bytes lie unencrypted in the data folder whatever `x-amz-server-side-encryption` says (the setting is kept and answered, and a disk can
/// be
/// encrypted below us). Settings that nothing here would act upon (lifecycle rules, CORS, logging, replication, website, object lock) are refused
/// with 501.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html>
@NullMarked
package dev.viridian.services.s3;

import org.jspecify.annotations.NullMarked;
