//! Every construct in every other, three deep, around a quoted command. Bash reads the inside of some of them by
//! looking for their end only, takes quotes off there, and expands the rest later: what was quoted may then run.

/// Constructs, with `@` for what stands in them.
const FRAMES: [&str; 58] = [
    "tool @",
    "tool \"@\"",
    "tool \"`tool @`\"",
    "tool \"`tool \"@\"`\"",
    "tool \"$(tool \"@\")\"",
    "tool \"${x:-\"@\"}\"",
    "tool $((: $(tool @));)",
    "echo @",
    "echo \"@\"",
    "echo $(@)",
    "echo $(echo @)",
    "echo `@`",
    "echo `echo @`",
    "echo ${x:-@}",
    "echo ${x:-\"@\"}",
    "y=a; echo ${y#@}",
    "y=a; echo ${y/a/@}",
    "y=a; echo ${y/@/b}",
    "echo $((@))",
    "echo $((: @);)",
    "echo $[@]",
    "echo ${x[@]}",
    "echo ${x:@}",
    "((@))",
    "((: @) ;)",
    "for ((i=@;0;)); do :; done",
    "[[ @ ]]",
    "[[ a =~ (@) ]]",
    "[[ a =~ @ ]]",
    "a=(@)",
    "a=([@]=1)",
    "a[@]=1",
    "declare a[@]=1",
    "declare -a a=(@)",
    "declare -a a=@",
    "a=(1); declare a=@",
    "declare b=@",
    "x=@; echo $x",
    "x=@; declare -a a=$x",
    "x=@; echo ${!x}",
    "read a[@] <<<1",
    "printf -v a[@] x",
    "test -v a[@]",
    "[[ -v a[@] ]]",
    "[[ @ -eq 1 ]]",
    "unset a[@]",
    "let @",
    "set -- @; echo $1",
    "trap @ EXIT",
    "alias e=@",
    "eval @",
    "case @ in @) ;; esac",
    "cat <<E␤@␤E␤",
    "cat <<<@",
    "cat <(@)",
    ": >&@",
    ": > @",
    "f() { @; }; f",
];

/// Commands in quotes of each kind.
const KERNELS: [&str; 12] = [
    "$'$(tool 1)'",
    "$'\\x24(tool 1)'",
    "'$(tool 1)'",
    "\\$\\(tool\\ 1\\)",
    "$\"\\$(tool 1)\"",
    "\"'$(tool 1)'\"",
    "$'`tool 1`'",
    "'a b' $'\\'$(tool 1)\\''",
    "{,b}c",
    "'{,b}c'",
    "$'{,b}'\"{,c}\"",
    "\\{,b} {d..e}",
];

/// Number of texts.
pub(super) const ALL: u64 = (FRAMES.len() * FRAMES.len() * FRAMES.len() * KERNELS.len()) as u64;

/// The text of number `seed`: neighbours in number are far apart in form.
pub(super) fn line(seed: u64) -> String {
    // A step that has no divisor in common with the number of texts passes every one of them.
    let mut number = (seed.wrapping_mul(1_000_003) % ALL) as usize;
    let mut pick = |from: &[&'static str]| {
        let one = from[number % from.len()];
        number /= from.len();
        one
    };
    let mut text = pick(&KERNELS).to_owned();
    for depth in 0..3 {
        let frame = pick(&FRAMES);
        // Where a word is due and a command stands, and the other way round, it becomes one.
        let inside = if depth > 0 && !takes_command(frame) { word_of(&text) } else { text };
        text = frame.replace('@', &inside).replace('␤', "\n");
    }
    text
}

/// Whether what stands in the frame is a command.
fn takes_command(frame: &str) -> bool {
    ["$(@)", "`@`", "<(@)", "{ @; }"].iter().any(|form| frame.contains(form))
}

/// A command as the word that runs it; `echo word` as the word.
fn word_of(command: &str) -> String {
    match command.strip_prefix("echo ") {
        Some(word) if !command.contains('\n') => word.to_owned(),
        _ => format!("$({command})"),
    }
}
