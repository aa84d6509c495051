//! Spellings of words and their parts, as they are met in scripts and in what agents write.

pub(super) const QUOTED_LITERALS: [&str; 16] = [
    "a b",
    "it's",
    "/x/",
    " - ",
    "\\\"q\\\"",
    "\\$5",
    "(see)",
    "{}",
    "100%",
    "a; b",
    "# no",
    "*",
    "!",
    "a\\nb",
    "<b>",
    "[x]",
];

pub(super) const LITERALS: [&str; 21] = [
    "a",
    "-n",
    "--all",
    "x.txt",
    "src/a.rs",
    "a=b",
    "1",
    "-",
    "@",
    "https://h/p?q=1",
    "u@h:/p",
    "+x",
    "%s",
    "a,b",
    "if",
    "in",
    "{}",
    "~",
    "key:v",
    "--x=y",
    "done",
];

pub(super) const SINGLES: [&str; 10] = [
    "'a b'",
    "'$x'",
    "'{print $1}'",
    "'s/a/b/'",
    "'\"x\"'",
    "'(a|b)'",
    "'a\nb'",
    "''",
    "'`'",
    "'{\"a\": 1}'",
];

pub(super) const CHANGES: [&str; 24] = [
    "${x%.*}",
    "${x##*/}",
    "${x#-}",
    "${x%/}",
    "${x/a/b}",
    "${x//\\//-}",
    "${x^^}",
    "${x,,}",
    "${x:0:2}",
    "${x: -1}",
    "${x%%[ ]*}",
    "${x#\"$y\"}",
    "${x%\"/\"}",
    "${x//[^a-z]/}",
    "${x// /_}",
    "${x/#a/b}",
    "${x@Q}",
    "${x%\\}}",
    "${x#'a'}",
    "${x//$'\\n'/ }",
    "${x%\"}",
    "${x#\"}",
    "${x//\"/}",
    "${x//[[:space:]]/}",
];

pub(super) const ELEMENTS: [&str; 10] = [
    "${a[@]}",
    "${a[0]}",
    "${#a[@]}",
    "${a[$i]}",
    "${!a[@]}",
    "${a[@]:1}",
    "${a[-1]}",
    "${a[i+1]}",
    "${a[\"$x\"]}",
    "${a[key]}",
];

pub(super) const ESCAPES: [&str; 11] =
    ["a\\ b", "\\$", "\\;", "\\*", "\\(", "\\)", "\\\"", "\\'", "\\\\", "\\{\\}", "\\n"];

pub(super) const GLOBS: [&str; 6] = ["*.txt", "*", "?", "[a-z]*", "**/x", "a/*"];

pub(super) const BRACES: [&str; 8] =
    ["{a,b}", "x.{c,h}", "{1..3}", "{a..c}", "{,.bak}", "{$x,b}", "{\"a b\",c}", "{'a',b}"];

pub(super) const ANSI: [&str; 3] = ["$'\\n'", "$'a\\tb'", "$'it\\'s'"];

pub(super) const NAMES: [(u32, &str); 9] =
    [(20, "$x"), (10, "$HOME"), (4, "$1"), (3, "$@"), (1, "$?"), (1, "$#"), (1, "$$"), (1, "$!"), (1, "$*")];

pub(super) const BRACED: [(u32, &str); 5] =
    [(20, "${x}"), (2, "${#x}"), (1, "${!x}"), (1, "${1}"), (1, "${10}")];
