//! Inputs made to break a reader: deep nesting, endless repetition, every byte. None may panic, overflow the
//! stack or take more work than the budget allows.

use placet_shell::{MAX_TEXT, STEPS_PER_BYTE, read, read_counting};
use proptest::prelude::*;

/// Pieces that open something.
const OPENERS: [&str; 44] = [
    "(",
    "((",
    "( ",
    "$(",
    "$((",
    "${",
    "${x:-",
    "\"${x:-",
    "\"$(",
    "`",
    "{ ",
    "{",
    "{a,",
    "[[ ",
    "[[ ( ",
    "[[ ! ",
    "<(",
    "> >(",
    "<<E\n",
    "<<E ",
    "<<-'E' $(",
    "if ",
    "while ",
    "for x in ",
    "for ((",
    "case x in ",
    "case x in a) ",
    "f() { ",
    "function f ",
    "coproc ",
    "time ",
    "! ",
    "a=(",
    "a[",
    "$[",
    "$'",
    "\"",
    "'",
    "\\",
    "\\\n",
    "x=$((a[",
    "${a[",
    "((a[${x:",
    "$(( $(",
];

/// Pieces that are complete but of some weight.
const PIECES: [&str; 34] = [
    "a", " ", ";", "\n", "&", "|", "&&", "||", ")", "}", "]", "#", "$", "$x", "=", "a=", "a ", "a;", "a\n",
    ">", ">a ", "2>", "{fd}>", "&>", ">&-", "<<<a ", "*", "{}", "{a,b}", "{1..9}", "~", "]] ", "done ",
    "\u{e9}",
];

/// Reads `text` and checks the bounds.
fn bounded(text: &str) {
    let (_, steps) = read_counting(text);
    let most = STEPS_PER_BYTE * text.len() as u64 + 200_000;
    assert!(
        steps <= most,
        "{steps} steps for {} bytes starting {:?}",
        text.len(),
        &text.chars().take(20).collect::<String>()
    );
}

#[test]
fn ten_thousand_openers_are_refused_in_bounds() {
    for opener in OPENERS {
        bounded(&opener.repeat(10_000));
        bounded(&format!("{}a", opener.repeat(10_000)));
        for closer in [")", "))", "}", "\"", "`", "]]", "E\n", "; done", "; fi", "; }", "'", "]"] {
            bounded(&format!("{}a{}", opener.repeat(300), closer.repeat(300)));
        }
    }
}

/// A sixteenth of the longest text, or all of it when `PLACET_HOSTILE_FULL` is set.
#[test]
fn a_long_text_of_one_piece_stays_linear() {
    let length = if std::env::var_os("PLACET_HOSTILE_FULL").is_some() { MAX_TEXT } else { MAX_TEXT / 16 };
    for piece in OPENERS.iter().chain(&PIECES) {
        bounded(&piece.repeat(length / piece.len()));
    }
}

#[test]
fn pairs_of_pieces_stay_linear() {
    for first in OPENERS.iter().chain(&PIECES) {
        for second in OPENERS.iter().chain(&PIECES) {
            bounded(&format!("{first}{second}").repeat(40));
        }
    }
}

#[test]
fn nesting_within_the_limit_is_read() {
    let depth = 12;
    for (open, close) in
        [("( ", " )"), ("$(", ")"), ("{ ", "; }"), ("\"${x:-", "}\""), ("if a; then ", "; fi")]
    {
        let inside = if open == "\"${x:-" { "b" } else { "a" };
        let text = format!("{}{inside}{}", open.repeat(depth), close.repeat(depth));
        assert!(read(&text).is_ok(), "{text}");
    }
}

#[test]
fn long_plain_texts_are_read() {
    for piece in [
        "echo a\n",
        "a=b ",
        "echo 'x y' \"$z\" | cat; ",
        "cat <<E\nbody $x\nE\n",
        "echo $(a $(b))\n",
        "# c\n",
    ] {
        let text = piece.repeat(MAX_TEXT / piece.len());
        assert!(read(&text).is_ok(), "{piece:?}: {:?}", read(&text).err());
    }
    assert!(read(&"a ".repeat(MAX_TEXT / 2 + 1)).is_err());
}

#[test]
fn surprising_bytes_are_refused() {
    for text in ["a\0b", "a\u{1}b", "a\u{7f}b", "a\rb", "a\r\n", "echo \\\r\n"] {
        assert!(read(text).is_err(), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_is_bounded(text in "\\PC{0,200}") {
        bounded(&text);
    }

    #[test]
    fn any_mixture_is_bounded(pieces in prop::collection::vec(
        prop::sample::select(OPENERS.iter().chain(&PIECES).copied().collect::<Vec<_>>()), 0..60)) {
        bounded(&pieces.concat());
    }

    #[test]
    fn any_bytes_are_bounded(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        bounded(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn spans_lie_in_the_text(pieces in prop::collection::vec(
        prop::sample::select(vec!["echo ", "$(a b)", "\"c d\"", "'e'", ";", " | ", "`f \\`g\\``", "x=1 ", ">h "]), 0..12)) {
        let text = pieces.concat();
        if let Ok(list) = read(&text) {
            for node in list.entries.iter().flat_map(|entry| &entry.stages) {
                prop_assert!(text.get(node.span.clone()).is_some());
            }
        }
    }
}
