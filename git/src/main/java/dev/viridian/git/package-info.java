/// A git host: bare repositories on disk ([dev.viridian.git.GitRepositories]), read and written in process ([dev.viridian.git.GitRepository]) and
/// over smart HTTP by any git client ([dev.viridian.git.GitHost]).
///
/// It promises that a client is told `ok` only after the refs have moved on disk *and* the [dev.viridian.git.PushListener] has returned. A process
/// that dies in between leaves moved refs nobody was told about, so a listener that keeps a record compares it with
/// [dev.viridian.git.GitRepository#refs()] when it starts.
///
/// Who may do what is decided by a [dev.viridian.git.GitAccess] given from outside; nothing here knows accounts, names or passwords.
@NullMarked
package dev.viridian.git;

import org.jspecify.annotations.NullMarked;
