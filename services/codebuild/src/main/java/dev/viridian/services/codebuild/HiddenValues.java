package dev.viridian.services.codebuild;

/// Where variables of the types PARAMETER_STORE and SECRETS_MANAGER get their values, asked as the project's service role.
public interface HiddenValues {

    String parameter(String name) throws Missing;

    /// @param reference `secret-id[:json-key[:version-stage[:version-id]]]`
    String secret(String reference) throws Missing;

    /// There is no such value, or it may not be read; the message is shown in the build.
    final class Missing extends Exception {
        private static final long serialVersionUID = 1;

        public Missing(String message) {
            super(message);
        }
    }

    /// Neither service exists: builds that need one fail and say so.
    static HiddenValues none() {
        return new HiddenValues() {
            @Override
            public String parameter(String name) throws Missing {
                throw new Missing("Parameter " + name + " cannot be read: there is no Systems Manager Parameter Store here");
            }

            @Override
            public String secret(String reference) throws Missing {
                throw new Missing("Secrets Manager Error Message: secret " + reference + " cannot be read: there is no Secrets Manager here");
            }
        };
    }
}
