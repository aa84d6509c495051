//! Words of a command line that are secret because of the program they are given to.

use super::names::is_secret_name;

/// How a program takes a secret. Options are separated by blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// Behind one of these options: the next word, behind `=`, or glued to a single letter.
    Option(&'static str),
    /// The same, never glued: there the letters mean something else.
    Apart(&'static str),
    /// Only glued to one of these.
    Glued(&'static str),
    /// `user:password` behind one of these options; the user stays.
    User(&'static str),
    /// `user%password` or `user,password`, likewise.
    UserMark(&'static str, char),
    /// Cookies behind one of these options; what holds no `=` is the name of a file.
    Cookie(&'static str),
    /// `pass:…` behind one of these options; other sources name a file or variable.
    Source(&'static str),
    /// The operand of that number behind the words, from 0.
    Operand(usize),
    /// All operands from that number on.
    From(usize),
    /// The operand behind one that has a secret name: `set NAME VALUE`.
    Named,
    /// The value of each operand `NAME=VALUE` behind the words.
    Values,
    /// The value in `NAME=VALUE` behind one of these options.
    ValueOf(&'static str),
    /// The last operand, when an option holds the letter `b`.
    Batch,
    /// What it reads from stdin, when one of its operands is a secret name.
    ReadsInto,
    /// What it reads from stdin, when one of these words is given (always, when there are none).
    Stdin(&'static str),
}

use How::{
    Apart, Batch, Cookie, From, Glued, Named, Operand, Option as Opt, ReadsInto, Source, Stdin, User,
    UserMark, ValueOf, Values,
};

/// Program, words that must be among its operands in this order, and how it takes the secret. Sorted by
/// program.
const RULES: &[(&str, &str, How)] = &[
    ("7z", "", Glued("-p")),
    ("7za", "", Glued("-p")),
    ("ab", "", User("-A -P")),
    ("ansible-vault", "encrypt_string", Operand(0)),
    ("aws", "configure set", Named),
    ("aws", "secretsmanager", Apart("--secret-string --secret-binary")),
    ("aws", "ssm put-parameter", Apart("--value")),
    ("aws", "cognito-idp", Apart("--temporary-password")),
    ("az", "", Apart("--account-key --sas-token --connection-string")),
    ("az", "keyvault secret set", Apart("--value")),
    ("az", "login", Opt("-p")),
    ("b2", "authorize-account", Operand(1)),
    ("b2", "account authorize", Operand(1)),
    ("bcp", "", Opt("-P")),
    ("buildah", "login", Opt("-p")),
    ("buildah", "login", Stdin("--password-stdin")),
    ("bw", "login", Operand(1)),
    ("bw", "unlock", Operand(0)),
    ("caddy", "hash-password", Opt("-p --plaintext")),
    ("cargo", "login", Operand(0)),
    ("cargo", "login", Stdin("")),
    ("cf", "login", Opt("-p")),
    ("chpasswd", "", Stdin("")),
    ("conan", "remote login", Opt("-p")),
    ("conan", "user", Opt("-p")),
    ("cqlsh", "", Opt("-p")),
    ("cryptsetup", "", Stdin("")),
    ("curl", "", Cookie("-b --cookie")),
    ("curl", "", User("-u --user -U --proxy-user")),
    ("curl", "", Apart("--pass --proxy-pass")),
    ("cypher-shell", "", Opt("-p")),
    ("docker", "login", Opt("-p")),
    ("docker", "login", Stdin("--password-stdin")),
    ("docker", "secret create", Stdin("-")),
    ("doctl", "auth init", Opt("-t")),
    ("doppler", "secrets set", Values),
    ("doppler", "secrets set", Operand(1)),
    ("dotnet", "nuget push", Opt("-k")),
    ("etcdctl", "", User("--user")),
    ("expect", "", Stdin("")),
    ("fly", "secrets set", Values),
    ("flyctl", "secrets set", Values),
    ("gh", "auth login", Stdin("--with-token")),
    ("gh", "secret set", Opt("-b --body")),
    ("gh", "secret set", Stdin("")),
    ("git", "config", Named),
    ("glab", "auth login", Opt("-t")),
    ("glab", "variable set", Operand(1)),
    ("gpg", "", Stdin("--passphrase-fd")),
    ("gpg", "", Apart("--passphrase")),
    ("helm", "registry login", Opt("-p")),
    ("helm", "registry login", Stdin("--password-stdin")),
    ("heroku", "config:set", Values),
    ("hg", "", ValueOf("--config")),
    ("htpasswd", "", Batch),
    ("htpasswd", "", Stdin("-i -in -ni")),
    ("http", "", User("-a --auth")),
    ("https", "", User("-a --auth")),
    ("ibmcloud", "login", Opt("-p")),
    ("infisical", "secrets set", Values),
    ("influx", "", Opt("-t")),
    ("ipmitool", "", Opt("-P")),
    ("irssi", "", Opt("-w")),
    ("jarsigner", "", Apart("-storepass -keypass")),
    ("keytool", "", Apart("-storepass -keypass -new -srcstorepass -deststorepass -srckeypass -destkeypass")),
    ("kubectl", "create secret", ValueOf("--from-literal")),
    ("kubectl", "config set-credentials", Apart("--token --password")),
    ("ldapadd", "", Opt("-w")),
    ("ldapdelete", "", Opt("-w")),
    ("ldapmodify", "", Opt("-w")),
    ("ldappasswd", "", Opt("-w -s -a")),
    ("ldapsearch", "", Opt("-w")),
    ("ldapwhoami", "", Opt("-w")),
    ("lftp", "", UserMark("-u", ',')),
    ("mariadb", "", Glued("-p")),
    ("mariadb-admin", "", Glued("-p")),
    ("mariadb-dump", "", Glued("-p")),
    ("mc", "alias set", From(2)),
    ("mc", "config host add", From(2)),
    ("mkpasswd", "", Operand(0)),
    ("mongo", "", Opt("-p")),
    ("mongodump", "", Opt("-p")),
    ("mongoexport", "", Opt("-p")),
    ("mongoimport", "", Opt("-p")),
    ("mongorestore", "", Opt("-p")),
    ("mongosh", "", Opt("-p")),
    ("mosquitto_pub", "", Opt("-P")),
    ("mosquitto_sub", "", Opt("-P")),
    ("mysql", "", Glued("-p")),
    ("mysqladmin", "", Glued("-p")),
    ("mysqladmin", "password", Operand(0)),
    ("mysqldump", "", Glued("-p")),
    ("mysqlimport", "", Glued("-p")),
    ("mysqlsh", "", Glued("-p")),
    ("ncftp", "", Opt("-p")),
    ("neo4j-admin", "set-initial-password", Operand(0)),
    ("netlify", "env:set", Operand(1)),
    ("ngrok", "config add-authtoken", Operand(0)),
    ("ngrok", "authtoken", Operand(0)),
    ("nmcli", "password", Operand(0)),
    ("npm", "config set", Named),
    ("npm", "set", Named),
    ("nuget", "push", Apart("-ApiKey")),
    ("nuget", "setApiKey", Operand(0)),
    ("oc", "create secret", ValueOf("--from-literal")),
    ("oc", "login", Opt("-p")),
    ("openssl", "", Source("-pass -passin -passout -passwd")),
    ("openssl", "enc", Apart("-k -K")),
    ("openssl", "passwd", Operand(0)),
    ("openssl", "passwd", Stdin("-stdin")),
    ("passwd", "", Stdin("--stdin")),
    ("plink", "", Apart("-pw")),
    ("pnpm", "config set", Named),
    ("pnpm", "set", Named),
    ("podman", "login", Opt("-p")),
    ("podman", "login", Stdin("--password-stdin")),
    ("podman", "secret create", Stdin("-")),
    ("poetry", "config", Named),
    ("poetry", "publish", Opt("-p")),
    ("pscp", "", Apart("-pw")),
    ("psftp", "", Apart("-pw")),
    ("pulumi", "config set", Named),
    ("qpdf", "encrypt", Operand(0)),
    ("rabbitmqadmin", "", Opt("-p")),
    ("rabbitmqctl", "add_user", Operand(1)),
    ("rabbitmqctl", "change_password", Operand(1)),
    ("railway", "variables", Values),
    ("rar", "", Glued("-p -hp")),
    ("rclone", "obscure", Operand(0)),
    ("rdesktop", "", Opt("-p")),
    ("read", "", ReadsInto),
    ("redis-cli", "", Opt("-a")),
    ("redis-cli", "", Apart("--pass")),
    ("redis-cli", "auth", From(0)),
    ("redis-cli", "AUTH", From(0)),
    ("redis-cli", "config set", Named),
    ("redis-cli", "CONFIG SET", Named),
    ("security", "", Opt("-w")),
    ("skopeo", "", User("--creds --src-creds --dest-creds")),
    ("skopeo", "login", Opt("-p")),
    ("slappasswd", "", Opt("-s")),
    ("smbclient", "", UserMark("-U", '%')),
    ("snyk", "auth", Operand(0)),
    ("sqlcmd", "", Opt("-P")),
    ("ssh-keygen", "", Apart("-N -P")),
    ("sshpass", "", Opt("-p")),
    ("steghide", "", Opt("-p")),
    ("sudo", "", Stdin("-S --stdin -Sk -kS")),
    ("supabase", "secrets set", Values),
    ("swaks", "", Apart("-ap")),
    ("travis", "encrypt", Operand(0)),
    ("twine", "upload", Opt("-p")),
    ("unrar", "", Glued("-p")),
    ("unzip", "", Opt("-P")),
    ("useradd", "", Opt("-p")),
    ("usermod", "", Opt("-p")),
    ("uv", "publish", Opt("-t -p")),
    ("vault", "kv patch", Values),
    ("vault", "kv put", Values),
    ("vault", "login", Operand(0)),
    ("vault", "login", Stdin("-")),
    ("vault", "write", Values),
    ("wpa_passphrase", "", Operand(1)),
    ("xfreerdp", "", Glued("/p:")),
    ("xh", "", User("-a --auth")),
    ("yarn", "config set", Named),
    ("youtube-dl", "", Opt("-p")),
    ("yt-dlp", "", Opt("-p")),
    ("zip", "", Opt("-P")),
];

/// Longest name of a program in the rules, in bytes.
const NAME_MAX_BYTES: usize = 14;
/// Words looked at behind a program's name.
const WORDS_MAX: usize = 96;
/// Programs looked at in one command: wrappers (`sudo`, `docker exec`) stand before the one that counts.
const PROGRAMS_MAX: usize = 4;

/// A part of a word that is secret: all from a byte on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    /// Index of the word.
    pub(super) word: usize,
    /// Where in it the secret starts, in bytes.
    pub(super) from: usize,
}

/// What of one command is secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Secrets {
    /// Parts of its words.
    pub(super) words: Vec<Secret>,
    /// Whether what it reads from stdin is.
    pub(super) stdin: bool,
}

/// What of the words of one command is secret, wherever its program stands among them.
pub(super) fn secrets(words: &[&str]) -> Secrets {
    let mut out = Secrets::default();
    for (index, rules) in programs(words) {
        let from = index + 1;
        let rest = words.get(from..words.len().min(from + WORDS_MAX)).unwrap_or_default();
        for (_, needed, how) in rules {
            let Some(behind) = matched(rest, needed) else { continue };
            out.stdin |= match how {
                Stdin(marks) => marks.is_empty() || rest.iter().any(|word| listed(marks, word)),
                ReadsInto => rest.iter().any(|word| !word.starts_with('-') && is_secret_name(word)),
                _ => false,
            };
            let words = &mut out.words;
            by_rule(rest, behind, *how, &mut |word, at| words.push(Secret { word: from + word, from: at }));
        }
    }
    for (index, word) in words.iter().enumerate() {
        named(words, index, word, &mut out.words);
    }
    out
}

/// Words that name a program with rules, with the rules.
fn programs<'a>(
    words: &'a [&'a str],
) -> impl Iterator<Item = (usize, &'static [(&'static str, &'static str, How)])> + 'a {
    let rules = |word: &str| {
        let bytes = word.as_bytes();
        let behind_slash = bytes.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
        let name = word.get(behind_slash..).unwrap_or_default();
        // Most words are no name of a program; they are not looked up.
        let first = name.as_bytes().first().copied().unwrap_or_default();
        if !(2..=NAME_MAX_BYTES).contains(&name.len()) || !(first.is_ascii_lowercase() || first == b'7') {
            return Default::default();
        }
        let from = RULES.partition_point(|(program, _, _)| *program < name);
        let to = RULES.partition_point(|(program, _, _)| *program <= name);
        RULES.get(from..to).unwrap_or_default()
    };
    let found = words.iter().enumerate().map(move |(index, word)| (index, rules(word)));
    found.filter(|(_, rules)| !rules.is_empty()).take(PROGRAMS_MAX)
}

/// Index behind the last of the `needed` words, when all are there in their order.
fn matched(rest: &[&str], needed: &str) -> Option<usize> {
    needed.split(' ').filter(|word| !word.is_empty()).try_fold(0, |at, wanted| {
        rest.iter().skip(at).position(|word| *word == wanted).map(|found| at + found + 1)
    })
}

fn listed(options: &str, word: &str) -> bool {
    options.split(' ').any(|option| option == word)
}

/// Where the value of one of `options` starts in the word at `index` or in the next one: word and byte.
fn option_value(rest: &[&str], index: usize, options: &str, glue: Glue) -> Option<(usize, usize)> {
    let word = rest.get(index)?;
    options.split(' ').find_map(|option| {
        let behind = word.strip_prefix(option)?;
        let is_letter = option.len() == 2;
        match behind.as_bytes().first() {
            None if glue != Glue::Only => rest.get(index + 1).map(|_| (index + 1, 0)),
            None => None,
            Some(b'=') => Some((index, option.len() + 1)),
            Some(_) if glue == Glue::Only || glue == Glue::May && is_letter => Some((index, option.len())),
            Some(_) => None,
        }
    })
}

/// Whether a value may stand in the word of its option.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Glue {
    Never,
    May,
    Only,
}

fn by_rule(rest: &[&str], behind: usize, how: How, found: &mut dyn FnMut(usize, usize)) {
    let each_value = |options: &str, glue: Glue, found: &mut dyn FnMut(usize, usize)| {
        for index in 0..rest.len() {
            if let Some((word, at)) = option_value(rest, index, options, glue) {
                found(word, at);
            }
        }
    };
    // The part of a value behind a mark; `None` when it has no such mark.
    let part = |word: usize, at: usize, mark: char| {
        let value = rest.get(word)?.get(at..)?;
        value.find(mark).map(|place| at + place + mark.len_utf8())
    };
    let operands = || rest.iter().enumerate().skip(behind).filter(|(_, word)| !word.starts_with('-'));
    match how {
        How::Option(options) => each_value(options, Glue::May, found),
        Apart(options) => each_value(options, Glue::Never, found),
        Glued(options) => each_value(options, Glue::Only, found),
        User(options) => each_value(options, Glue::May, &mut |word, at| {
            if let Some(at) = part(word, at, ':') {
                found(word, at);
            }
        }),
        UserMark(options, mark) => each_value(options, Glue::May, &mut |word, at| {
            if let Some(at) = part(word, at, mark) {
                found(word, at);
            }
        }),
        Cookie(options) => each_value(options, Glue::May, &mut |word, at| {
            if part(word, at, '=').is_some() {
                found(word, at);
            }
        }),
        Source(options) => each_value(options, Glue::Never, &mut |word, at| {
            if rest.get(word).and_then(|text| text.get(at..)).is_some_and(|text| text.starts_with("pass:")) {
                found(word, at + 5);
            }
        }),
        ValueOf(options) => each_value(options, Glue::Never, &mut |word, at| {
            if let Some(at) = part(word, at, '=') {
                found(word, at);
            }
        }),
        Operand(number) => operands().skip(number).take(1).for_each(|(index, _)| found(index, 0)),
        From(number) => operands().skip(number).for_each(|(index, _)| found(index, 0)),
        Named => {
            let all: Vec<_> = operands().collect();
            for pair in all.windows(2) {
                if let [(_, name), (index, _)] = pair
                    && is_secret_name(name)
                {
                    found(*index, 0);
                }
            }
        }
        Values => operands().for_each(|(index, word)| {
            if let Some(at) = word.find('=') {
                found(index, at + 1);
            }
        }),
        Batch => {
            let batch = rest.iter().any(|word| word.starts_with('-') && word.contains('b'));
            if let Some((index, _)) = operands().next_back().filter(|_| batch) {
                found(index, 0);
            }
        }
        ReadsInto | Stdin(_) => {}
    }
}

/// Options and assignments that say so by their name, whatever the program.
fn named(words: &[&str], index: usize, word: &str, out: &mut Vec<Secret>) {
    let dashes = word.bytes().take_while(|byte| *byte == b'-').count();
    let Some(name) = word.get(dashes..) else { return };
    match name.find('=') {
        Some(at) => {
            let plain =
                |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':' | b'/');
            let name = name.get(..at).unwrap_or_default();
            if name.bytes().all(plain) && is_secret_name(name) {
                out.push(Secret { word: index, from: dashes + at + 1 });
            }
        }
        None if dashes > 0
            && is_secret_name(name)
            && words.get(index + 1).is_some_and(|next| !next.starts_with('-')) =>
        {
            out.push(Secret { word: index + 1, from: 0 });
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_sorted_by_program() {
        assert!(RULES.is_sorted_by_key(|(program, _, _)| program));
        for (program, ..) in RULES {
            let first = program.as_bytes()[0];
            assert!(
                program.len() <= NAME_MAX_BYTES && (first.is_ascii_lowercase() || first == b'7'),
                "{program}"
            );
        }
    }
}
