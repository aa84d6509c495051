//! `git push` that overwrites only what is known of the other side.

use placet_model::Command;

use super::subcommand_at;

/// Letters of `git push` without a value, so that a cluster of them can be taken apart.
const LETTERS: &str = "uqvn46f";

/// `--force`, `-f` and `+refspec` become `--force-with-lease`.
///
/// A lease on everything pushed allows to overwrite everything pushed, so marks at single refspecs are only
/// taken for it where all refspecs have one.
pub(super) fn with_lease(command: &Command, argv: &[&str]) -> Option<Vec<String>> {
    if command.program != "git" || command.subcommand != ["push"] {
        return None;
    }
    let at = subcommand_at(argv, "push")?;
    let (before, behind) = argv.split_at_checked(at + 1)?;
    let mut words: Vec<String> = super::owned(before);
    words.push("--force-with-lease".to_owned());
    let (mut forced, mut leased, mut options) = (false, false, true);
    let (mut operands, mut marked) = (0_usize, 0_usize);
    for word in behind {
        match *word {
            word if !options || !word.starts_with('-') || word == "-" => {
                operands += 1;
                // The first operand is the other side.
                let bare = word.strip_prefix('+').filter(|_| operands > 1);
                marked += usize::from(bare.is_some());
                words.push(bare.unwrap_or(word).to_owned());
            }
            "--" => {
                options = false;
                words.push("--".to_owned());
            }
            "--force" => forced = true,
            // One that names what it expects says more than the one put in here.
            word if word.starts_with("--force-w") => {
                leased = true;
                words.push(word.to_owned());
            }
            "--mirror" | "--no-force" | "--no-force-with-lease" | "--delete" | "--prune" => return None,
            // The next word would be a value.
            "--repo" | "--push-option" | "--receive-pack" | "--exec" => return None,
            word if word.starts_with("--") => words.push(word.to_owned()),
            word => {
                let letters = word.strip_prefix('-')?;
                if !letters.chars().all(|letter| LETTERS.contains(letter)) {
                    return None;
                }
                forced |= letters.contains('f');
                let rest = letters.replace('f', "");
                if !rest.is_empty() {
                    words.push(format!("-{rest}"));
                }
            }
        }
    }
    let all_marked = marked > 0 && marked + 1 == operands;
    if !(forced || all_marked) {
        return None;
    }
    if leased {
        words.remove(at + 1);
    }
    Some(words)
}
