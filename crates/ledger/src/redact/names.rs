//! Names that say that what follows is secret.

/// Parts of names of fields, options and variables.
const SECRET: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "access-key",
    "accesskey",
    "private_key",
    "private-key",
    "privatekey",
    "credential",
    "authorization",
    "bearer",
];
/// Whole names beside them.
const WHOLE: &[&str] =
    &["mysql_pwd", "pgpass", "pass", "pwd_hash", "cookie", "set-cookie", "x-auth", "sessionid", "otp"];
/// Names that only look like it: counts and limits of language models.
const HARMLESS: &[&str] = &[
    "max_tokens",
    "maxtokens",
    "total_tokens",
    "input_tokens",
    "output_tokens",
    "tokens",
    "token_count",
    "tokenizer",
    "max_output_tokens",
];

/// Whether a field, option or variable of that name holds a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    // Upper case with `_KEY` at the end is how environment variables name keys; `primary_key` is not meant.
    if name.len() > 4 && name.ends_with("_KEY") {
        return true;
    }
    if name.len() > 256 {
        return false;
    }
    let lower = name.to_ascii_lowercase();
    !HARMLESS.contains(&lower.as_str())
        && (WHOLE.contains(&lower.as_str()) || SECRET.iter().any(|part| lower.contains(part)))
}

/// Options that carry a secret for certain programs: program, option, and whether the value follows as a
/// word of its own, is attached, or either.
const OPTIONS: &[(&str, &str, Form)] = &[
    ("mysql", "-p", Form::Attached),
    ("mysqldump", "-p", Form::Attached),
    ("mysqladmin", "-p", Form::Attached),
    ("mariadb", "-p", Form::Attached),
    ("mariadb-dump", "-p", Form::Attached),
    ("sshpass", "-p", Form::Either),
    ("docker", "-p", Form::Login),
    ("podman", "-p", Form::Login),
    ("redis-cli", "-a", Form::Either),
    ("curl", "-u", Form::UserPassword),
    ("curl", "--user", Form::UserPassword),
    ("wget", "--user", Form::UserPassword),
    ("curl", "-U", Form::UserPassword),
    ("curl", "--proxy-user", Form::UserPassword),
    ("http", "-a", Form::UserPassword),
    ("ldapsearch", "-w", Form::Either),
    ("mongo", "-p", Form::Either),
    ("mongosh", "-p", Form::Either),
    ("openssl", "-k", Form::Next),
    ("zip", "-P", Form::Next),
    ("unzip", "-P", Form::Next),
    ("7z", "-p", Form::Attached),
];

/// Where an option's value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Glued to the option.
    Attached,
    /// The next word.
    Next,
    /// Either.
    Either,
    /// The next word, behind a `login` subcommand only (elsewhere the option means ports).
    Login,
    /// `user:password`, next word or glued; only the part behind the colon is secret.
    UserPassword,
}

/// Whether the name is that of a program with such options.
pub(super) fn has_secret_options(program: &str) -> bool {
    OPTIONS.iter().any(|(name, _, _)| *name == program)
}

/// How `word` carries a secret for `program`: the form and the length of the option itself.
pub(super) fn secret_option(program: &str, word: &str) -> Option<(Form, usize)> {
    OPTIONS.iter().filter(|(name, option, _)| *name == program && word.starts_with(option)).find_map(
        |(_, option, form)| {
            let glued = word.len() > option.len();
            let fits = match form {
                Form::Attached => glued,
                Form::Next | Form::Login => !glued,
                Form::Either => true,
                Form::UserPassword => {
                    !option.starts_with("--") || !glued || word.as_bytes().get(option.len()) == Some(&b'=')
                }
            };
            fits.then_some((*form, option.len()))
        },
    )
}
