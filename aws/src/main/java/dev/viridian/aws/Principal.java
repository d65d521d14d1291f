package dev.viridian.aws;

import java.util.Optional;

/// Who makes a call, in the words IAM uses.
public sealed interface Principal {

    /// The account itself.
    record Root(String account) implements Principal {
        @Override
        public String arn() {
            return "arn:aws:iam::" + account + ":root";
        }

        @Override
        public String userId() {
            return account;
        }
    }

    /// @param id the unique id, `AIDA...`
    record User(String account, String name, String id) implements Principal {
        @Override
        public String arn() {
            return "arn:aws:iam::" + account + ":user/" + name;
        }

        @Override
        public String userId() {
            return id;
        }
    }

    /// @param roleId the unique id of the role, `AROA...`
    record RoleSession(String account, String roleName, String roleId, String session) implements Principal {
        @Override
        public String arn() {
            return "arn:aws:sts::" + account + ":assumed-role/" + roleName + "/" + session;
        }

        @Override
        public String userId() {
            return roleId + ":" + session;
        }
    }

    /// A service acting for itself, e.g. `codedeploy.amazonaws.com`.
    ///
    /// @param source ARN of the resource it acts for, when it says so: policies look at `aws:SourceArn` and `aws:SourceAccount` lest a service be made
    ///               to act for the wrong one
    record Service(String name, Optional<Arn> source) implements Principal {
        public Service(String name) {
            this(name, Optional.empty());
        }

        @Override
        public String arn() {
            return name;
        }

        @Override
        public String userId() {
            return name;
        }
    }

    /// As GetCallerIdentity shows it.
    String arn();

    String userId();
}
