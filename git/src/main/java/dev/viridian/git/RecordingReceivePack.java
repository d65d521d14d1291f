package dev.viridian.git;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectChecker.ErrorType;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;
import org.eclipse.jgit.transport.ReceivePack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives one push: objects are checked as they come in, refs move one push at a time, and the client hears of success only after the listener has
/// recorded it. JGit's own post-receive hook would run after the client was told.
final class RecordingReceivePack extends ReceivePack {
    private static final Logger LOG = LoggerFactory.getLogger(RecordingReceivePack.class);
    /// Faults that lie in the history of many real projects and harm nobody.
    private static final List<ErrorType> TOLERATED = List.of(
            ErrorType.ZERO_PADDED_FILEMODE, ErrorType.MISSING_SPACE_BEFORE_DATE, ErrorType.BAD_TIMEZONE, ErrorType.MISSING_EMAIL,
            ErrorType.BAD_EMAIL);

    private final GitRepository target;
    private final String pusher;
    private final RefGuard guard;
    private final PushListener listener;
    private final GitLimits limits;

    RecordingReceivePack(GitRepository target, GitAccess.Decision.Admitted client, PushListener listener, GitLimits limits) {
        super(target.jgit());
        this.target = target;
        this.pusher = client.principal();
        this.guard = client.guard();
        this.listener = listener;
        this.limits = limits;
        setBiDirectionalPipe(false);
        setObjectChecker(checker());
        setAtomic(false);
        setMaxPackSizeLimit(limits.packBytes());
        setMaxObjectSizeLimit(limits.objectBytes());
        setRefLogIdent(new PersonIdent(client.principal(), ""));
        setPreReceiveHook((_, commands) -> refuse(commands));
    }

    private static ObjectChecker checker() {
        ObjectChecker checker = new ObjectChecker();
        for (ErrorType type : TOLERATED) {
            checker.setIgnore(type, true);
        }
        return checker;
    }

    private void refuse(Collection<ReceiveCommand> commands) {
        if (commands.size() > limits.refUpdates()) {
            commands.forEach(command -> command.setResult(Result.REJECTED_OTHER_REASON, "a push may move at most " + limits.refUpdates() + " refs"));
            return;
        }
        for (ReceiveCommand command : commands) {
            Optional<String> reason = isHidden(command.getRefName()) ? Optional.of("only refs below refs/ with two names or more can be pushed")
                    : guard.refuse(update(command));
            reason.ifPresent(text -> command.setResult(Result.REJECTED_OTHER_REASON, text));
        }
    }

    private static boolean isHidden(String ref) {
        return !ref.matches("refs/[^/]+/.+");
    }

    @Override
    protected void executeCommands() {
        target.exclusively(() -> {
            moveRefs();
            List<ReceiveCommand> moved = getAllCommands().stream().filter(command -> command.getResult() == Result.OK).toList();
            if (!moved.isEmpty()) {
                record(moved);
            }
            return true;
        });
    }

    /// As JGit does it, without telling the client `Updating references: 100%`.
    private void moveRefs() {
        List<ReceiveCommand> commands = filterCommands(Result.NOT_ATTEMPTED);
        try {
            getRepository().getRefDatabase().newBatchUpdate().addCommand(commands).setAllowNonFastForwards(true).setAtomic(isAtomic())
                    .setRefLogIdent(getRefLogIdent()).setRefLogMessage("push", true).execute(getRevWalk(), NullProgressMonitor.INSTANCE);
        } catch (IOException e) {
            LOG.error("A push to repository {} could not move its refs; the client is told", target.id(), e);
            commands.stream().filter(command -> command.getResult() == Result.NOT_ATTEMPTED)
                    .forEach(command -> command.setResult(Result.REJECTED_OTHER_REASON, "the ref could not be written"));
        }
    }

    private void record(List<ReceiveCommand> moved) {
        try {
            chooseDefaultBranch(moved);
            listener.moved(new Push(target.id(), pusher, moved.stream().map(this::update).toList()));
        } catch (RuntimeException e) {
            LOG.error("Refs of repository {} moved, but the push of {} could not be recorded; it will be when the server starts again",
                    target.id(), pusher, e);
            moved.forEach(command -> command.setResult(Result.REJECTED_OTHER_REASON, "moved, but not recorded: internal error"));
        }
    }

    /// The first branch ever pushed becomes the default one; of several pushed at once, the first the client names.
    private void chooseDefaultBranch(List<ReceiveCommand> moved) {
        if (target.defaultBranch().isEmpty()) {
            moved.stream().map(this::update).filter(update -> update.isBranch() && !update.deleted()).map(RefUpdate::shortName)
                    .findFirst().ifPresent(target::setDefaultBranch);
        }
    }

    private RefUpdate update(ReceiveCommand command) {
        return new RefUpdate(command.getRefName(), id(command.getOldId()), id(command.getNewId()), isForced(command));
    }

    private static Optional<String> id(ObjectId id) {
        return id.equals(ObjectId.zeroId()) ? Optional.empty() : Optional.of(id.name());
    }

    private boolean isForced(ReceiveCommand command) {
        try {
            command.updateType(getRevWalk());
            return command.getType() == ReceiveCommand.Type.UPDATE_NONFASTFORWARD;
        } catch (IOException e) {
            throw new GitException("compare the old and the new end of " + command.getRefName(), e);
        }
    }
}
