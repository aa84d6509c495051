//! The texts policies and actions are made of: few, so that they meet often.

pub(crate) const ACTION_NAMES: [&str; 14] = [
    "execute:python", "read:file", "write:file", "delete:file", "execute:shell", "execute:unknown",
    "read:web_search", "read:web_fetch", "read:web_browse", "send:web", "connect:host",
    "invoke:mcp__db__query", "deploy:service", "invoke:Task",
];

pub(crate) const FILE_ACTIONS: [&str; 8] = [
    "read:file", "write:file", "delete:file", "*:file", "write:*", "*", "read:*", "delete:*",
];

pub(crate) const COMMAND_ACTIONS: [&str; 6] = [
    "execute:shell", "execute:*", "*", "execute:unknown", "*:s*l", "execute:shell",
];

pub(crate) const WEB_ACTIONS: [&str; 7] = [
    "read:web_fetch", "send:web", "connect:host", "read:web_*", "*", "*:*web*", "read:*",
];

pub(crate) const TEXT_ACTIONS: [&str; 8] = [
    "execute:unknown", "invoke:*", "deploy:service", "**", "read:web_search", "execute:*",
    "invoke:mcp__db__query", "*:unknown",
];

pub(crate) const PATHS: [&str; 37] = [
    "src/a.rs", "./src/main.rs", "SRC/A.RS", "src", "src/.hidden.rs", "src/env.rs", "src/up", "src/up/id_rsa",
    ".env", ".ENV", ".env.local", "secrets", "secrets/key.pem", "secrets/old", ".git/config", ".git", "link",
    "link/passwd", "~/.ssh/id_rsa", "~/.ssh", "~", "/", "/etc/passwd", "/etc", "../other/x", ".",
    "src/../.env", "/tmp/x", "/tmp/data/key.pem", "/home/dev", "locked", "s2/a.rs",
    "~/.local/state/placet/ledger", "/usr/local/bin/placet", "src/É.rs", "a*", "~/.SSH/ID_RSA",
];

pub(crate) const PATHNAME_PATTERNS: [&str; 26] = [
    "src/*.rs", "*", "*.env", ".*", "src/*", "s*/a.rs", "**/key.pem", "/etc/*", "~/.s*/id_*", "[ls]*/passwd",
    "?nv", ".e?v", "secrets/*.pem", "/*/passwd", "src/**", "/home/*/proj/.env", "*/*", "l*/x", "~/*",
    "src/[!a]*.rs", "*/config", "/home/dev/p*", "**/pass*", "*/*/.env", "src/**/a.rs", "*/pass*",
];

pub(crate) const PATH_PATTERNS: [&str; 64] = [
    "src/**", "./src/**", "src/*.rs", "*.rs", "**/*.rs", ".env", "*.env*", "**/.env*", "~/.ssh/**",
    "$HOME/.ssh/*", "${HOME}/.ssh/id_*", "/etc/**", "/etc/passwd", "**", "/**", "./**", "secrets/",
    "**/secrets/**", "*", "**/key.pem", "{src,build}/**", "**/{.env,.git}/**", "${placet.state}/**",
    "${placet.binary}", "/tmp/*", "*/*.rs", "**/.*", "[a-s]*/a.rs", "./link/**", "link/passwd", "SRC/**",
    "src", "/home/dev/proj", "/home/dev/**", "/home/*/.ssh/**", "**/*key*", "*.pem", "./*", "s?c/*",
    "/home/dev/proj/src/*.rs", "**/[!a]*.rs", "~/**", "/data/**", "src/", "/", ".", "./", "~", "$HOME/",
    "**/src/", "./.", "~/.ssh/", "SRC/*.RS", "**/src/**/*.rs", "src/\\*.rs", "{a,{b,src}}/**", "[!s]*",
    "**/*.{rs,pem}", "*[a-c].rs", "SRC/é.rs", "**/É*", "a\\*", "a{b", "{src}/**",
];

pub(crate) const PATH_STARTS: [&str; 15] = [
    "/etc", "/etc/", "src/", "./src/", "src", ".env", "~/.ssh/", "/home/dev/", "/", "..", "./s", "https://",
    "secrets/k", "./", "~/",
];

pub(crate) const PATH_PARTS: [&str; 12] = [
    ".env", "secrets", "/etc/", "/src/", "key", "id_rsa", "src/", "/.ssh", "src/main", "..", "PASSWD", "*",
];

pub(crate) const REGEXES: [&str; 21] = [
    r"\.env", r"^\./src/", r"^/etc", "key", r"rm\s+-", "^git ", "passwd$", r"^https://[^/]*github\.com/",
    "(?i)secrets", "^$", r"\*", r"rm|git", r"(?i)RM +-", r"(git|npm) p(ush|ublish)", r"x?main\.rs",
    r"(?:src/)*a", r"(?s)^.*env.*$", r"[Ss]ecrets", r"a{0}key|pass", r"(?i)É",
    r"^(?:rm|select) .*(?:/|users)$",
];

pub(crate) const COMMAND_TEXTS: [&str; 55] = [
    "rm -rf", "rm -rf ", "rm -r /", "rm -f", "rm", "rm ", "sudo ", "sudo", "curl ", "npm publish",
    "npm publish ", "chmod 777", "chmod 777 ", "chmod -R a+rwx", "> /dev/", ">> /etc/", ">/home/dev/",
    "< ~/.ssh", "> .env", "2> /dev/sd", "dd if=", "mkfs", "git push --force", "git push -f", "git push ",
    "git pu", "git", "git -c", "push", "status", "-rf", "--force", "-f -r", "| sh", "; rm", ":(){:|:&};:",
    "/usr/bin/git", "/usr/bin/git status", "./run", "bash -c", "rm -fR src", "cp -R", "--output=/tmp/*",
    "curl --output", "git push origin main", "GIT push", "git push -xf", "rm src/ ", "npm", "git remote add",
    "git remote a", "--hard", "chmod u+rwx,go=rwx", ">", "&> /tmp/x",
];

pub(crate) const COMMAND_GLOBS: [&str; 16] = [
    "rm *", "git *", "git push*", "* --force*", "/usr/bin/*", "./* *", "ls", "*", "npm {install,publish}*",
    "chmod 7?7 *", "git [ps]*", "*.sh*", "sudo *", "/tmp/git *", "*src*", "curl -*",
];

pub(crate) const PROGRAMS: [&str; 12] = [
    "rm", "git", "RM", "{npm,curl}", "*", "chmod", "mkfs*", "/usr/bin/git", "./*", "/usr/bin/*", "g?t", "run",
];

pub(crate) const SUBCOMMANDS: [&str; 7] = [
    "push", "status", "publish", "push origin", "remote add", "install", "origin",
];

pub(crate) const FLAGS: [&str; 16] = [
    "-rf", "rf", "-fx", "force", "-f", "--force", "recursive", "r", "-R", "hard", "output=/tmp/*", "--output",
    "x", "--output=*", "o", "message=*",
];

pub(crate) const ARGUMENTS: [&str; 10] = [
    "src/*", "*", "/etc/*", "*.rs", "origin", "main", "src/\\*.rs", "https://*", "?77", "-*",
];

pub(crate) const HOSTS: [&str; 20] = [
    "github.com", "*.github.com", "*github.com", "*github.com*", "github.com*", "*.github.com*", "*", "**",
    "localhost", "localhost*", "*docs.*", "GitHub.com:443", "evil.example", "*.example", "*.com*",
    "127.0.0.*", "api.?ithub.com", "git*", "*.{com,example}", "docs.github.com",
];

pub(crate) const URLS: [&str; 18] = [
    "https://github.com/o/r", "https://API.github.com/repos?x=1", "http://github.com:80/o/%2e%2e/secret",
    "github.com", "https://github.com@evil.example/x", "https://evil.example/#github.com",
    "https://notgithub.com/o", "http://localhost:3000/", "http://127.0.0.1/o",
    "https://docs.github.com//o//r/", "ftp://github.com/o/r", "data:text/html,x", "https://",
    "https://a%zz/o", "https://github.com/O/R/../x", "https://github.com.evil.example/o",
    "https://docs.evil.example/api/%6fk", "wss://github.com/o/",
];

pub(crate) const BARE_HOSTS: [&str; 6] = [
    "github.com", "api.github.com", "localhost", "evil.example", "notgithub.com", "127.0.0.1",
];

pub(crate) const URL_PATTERNS: [&str; 24] = [
    "https://github.com/*", "*://github.com/*", "http*://*", "https://*.github.com/*", "*github.com*",
    "github.com/o/*", "/o/*", "https:///o/*", "*", "*/secret", "https://*", "HTTPS://GitHub.com/o/r",
    "github.com", "*://*/api/ok", "http://localhost:3000/*", "*://docs.*/*", "*.example/*",
    "https://evil.example/", "*/x", "{http,https}://github.com/o/{r,x}", "ftp://*", "/", "*evil*", "/O/*",
];

pub(crate) const URL_PARTS: [&str; 14] = [
    "github.com", "https://", "https://github.com", "github.com/", "github", "/o", "/o/", "//o",
    "https://github.com/o", "evil", "localhost", "secret", "/secret", ".com",
];

pub(crate) const TEXTS: [&str; 8] = [
    "rm -rf /", "curl x | sh", "select * from users", "{\"table\":\"users\"}", "", ":() { :|: & }; :",
    "eval $X", "deploy web to prod",
];

pub(crate) const TEXT_GLOBS: [&str; 12] = [
    "*rm*", "select *", "*users*", "deploy*", "*", "?*sh", "{deploy,eval} *", "*[|]*", "{rm,{curl,ls}} *",
    "{eval} *", "*\\* from*", "*[!a-z]",
];

pub(crate) const TEXT_PARTS: [&str; 9] = [
    "rm -rf", "rm", "users", "|sh", ":(){:|:&};:", "select", "deploy ", "curlx", "$X",
];

pub(crate) const TOOLS: [&str; 6] = ["Bash", "Read", "Edit", "mcp__db__query", "WebFetch", "Task"];
pub(crate) const TOOL_GLOBS: [&str; 7] = ["Bash", "*", "mcp__*", "{Read,Edit}", "mcp__db__*", "?ash", "bash"];
pub(crate) const MODES: [&str; 6] = [
    "default", "acceptEdits", "plan", "dontAsk", "bypassPermissions", "auto",
];
pub(crate) const AUTONOMY: [&str; 3] = ["low", "high", "unset"];
pub(crate) const ENVIRONMENTS: [&str; 3] = ["dev", "unset", "production"];
pub(crate) const TIERS: [&str; 7] = [
    "verified", "unverified", "untrusted", "sandboxed", "trusted", "basic", "anonymous",
];
pub(crate) const TAGS: [&str; 4] = ["claude-code", "dev-agent", "prod", "Dev-Agent"];
pub(crate) const AREAS: [&str; 4] = ["project", "home", "cwd", "tmp"];
pub(crate) const ZONES: [&str; 4] = ["UTC", "+05:30", "-03:00", "Europe/Berlin"];
pub(crate) const CONTEXT_KEYS: [&str; 5] = ["amount", "branch", "user.role", "a.b", "missing"];
