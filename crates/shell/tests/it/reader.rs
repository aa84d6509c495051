//! Shapes of the tree that commands and arguments alone do not show.

use placet_shell::read;
use placet_shell::syntax::{Descriptor, Entry, Kind, List, Node, Part, RedirectOperator, Simple};

fn tree(text: &str) -> List {
    read(text).unwrap_or_else(|refusal| panic!("{text:?} refused at {}: {}", refusal.at, refusal.why))
}

fn only(list: &List) -> &Entry {
    assert_eq!(list.entries.len(), 1);
    list.entries.first().unwrap()
}

fn first(list: &List) -> &Node {
    list.entries.first().unwrap().stages.first().unwrap()
}

fn simple(node: &Node) -> &Simple {
    match &node.kind {
        Kind::Simple(simple) => simple,
        other => panic!("not a simple command: {other:?}"),
    }
}

#[test]
fn redirect_operators() {
    use RedirectOperator as R;
    let table = [
        ("<f", Descriptor::Default, R::Read),
        (">f", Descriptor::Default, R::Write),
        ("2>f", Descriptor::Number(2), R::Write),
        ("{fd}>f", Descriptor::Variable("fd".to_owned()), R::Write),
        (">|f", Descriptor::Default, R::Clobber),
        (">>f", Descriptor::Default, R::Append),
        ("<>f", Descriptor::Default, R::ReadWrite),
        ("&>f", Descriptor::Default, R::WriteBoth),
        (">&f", Descriptor::Default, R::WriteBoth),
        ("&>>f", Descriptor::Default, R::AppendBoth),
        ("2>&1", Descriptor::Number(2), R::DuplicateWrite),
        (">&-", Descriptor::Default, R::DuplicateWrite),
        ("2>&$x", Descriptor::Number(2), R::DuplicateWrite),
        ("<&3", Descriptor::Default, R::DuplicateRead),
        ("<<<f", Descriptor::Default, R::HereString),
        ("<<f\nf", Descriptor::Default, R::HereDocument),
    ];
    for (text, descriptor, operator) in table {
        let list = tree(text);
        let redirect = first(&list).redirects.first().unwrap();
        assert_eq!((&redirect.descriptor, redirect.operator), (&descriptor, operator), "{text}");
    }
}

#[test]
fn bodies_go_to_their_own_redirection() {
    let list = tree("a <<X | b <<'Y' && c <<-Z\n1 $x\nX\n2 $y\nY\n\t3\n\tZ\nd");
    let bodies: Vec<_> = list
        .entries
        .iter()
        .flat_map(|entry| &entry.stages)
        .map(|node| node.redirects.first().and_then(|redirect| redirect.body.clone()))
        .collect();
    assert_eq!(bodies.len(), 4);
    assert!(
        matches!(bodies[0].as_deref(), Some([Part::Quoted(a), Part::Parameter(_), Part::Quoted(b)]) if a == "1 " && b == "\n")
    );
    assert_eq!(bodies[1], Some(vec![Part::Quoted("2 $y\n".to_owned())]));
    assert_eq!(bodies[2], Some(vec![Part::Quoted("3\n".to_owned())]));
    assert_eq!(bodies[3], None);
}

#[test]
fn a_body_inside_a_loop_is_found_again() {
    let list = tree("cat <<X | while read l; do\none\nX\necho; done");
    let entry = only(&list);
    let body = entry.stages[0].redirects[0].body.clone();
    assert_eq!(body, Some(vec![Part::Quoted("one\n".to_owned())]));
}

#[test]
fn background_takes_the_whole_chain() {
    let list = tree("a && b & c");
    let background: Vec<_> = list.entries.iter().map(|entry| entry.background).collect();
    assert_eq!(background, [true, true, false]);
}

#[test]
fn errors_go_along_with_output() {
    let list = tree("a 2>f |& b");
    let redirects = &only(&list).stages[0].redirects;
    assert_eq!(redirects.len(), 2);
    assert_eq!(redirects[1].operator, RedirectOperator::DuplicateWrite);
}

#[test]
fn time_is_a_keyword_only_where_bash_says_so() {
    for (text, keyword) in [
        ("time a", true),
        ("! time a", true),
        (">f time a", false),
        ("x=1 time a", false),
        ("\\time a", false),
        ("time", true),
    ] {
        let list = tree(text);
        assert_eq!(matches!(first(&list).kind, Kind::Prefixed(_)), keyword, "{text}");
    }
    let list = tree("a | time b");
    assert_eq!(simple(&only(&list).stages[1]).words.len(), 2);
}

#[test]
fn arrays_among_arguments_become_assignments() {
    let list = tree("declare -a x=(1 2) y=3");
    let command = simple(first(&list));
    assert_eq!((command.assignments.len(), command.words.len()), (1, 3));
    assert!(read("echo x=(1 2)").is_err());
}

#[test]
fn braces_follow_bash() {
    let braces = |text: &str| {
        let list = tree(&format!("e {text}"));
        simple(first(&list)).words[1]
            .parts
            .iter()
            .any(|part| matches!(part, Part::Braces(_) | Part::Range(_)))
    };
    for text in [
        "{a,b}",
        "{1..3}",
        "{a..c..2}",
        "x{a,}y",
        "{a}b,c}",
        "{{a,b}",
        "x{},b}",
        "{a,b}}",
        "{$x,b}",
        "{'a',b}",
    ] {
        assert!(braces(text), "{text}");
    }
    for text in [
        "{}", "{a}", "{a,b", "{},a}", "{a,{b}", "{1..a}", "{1..3..}", "{'1'..3}", "\\{a,b}", "{a\\,b}",
        "${x,b}",
    ] {
        assert!(!braces(text), "{text}");
    }
    let list = tree("x={a,b}");
    assert_eq!(simple(first(&list)).assignments.len(), 1);
}

#[test]
fn spans_cover_what_was_read() {
    let text = "a=1 'b' c >d; e";
    let list = tree(text);
    let node = first(&list);
    assert_eq!(&text[node.span.clone()], "a=1 'b' c >d");
    assert_eq!(&text[simple(node).words[0].span.clone()], "'b'");
    assert_eq!(&text[node.redirects[0].span.clone()], ">d");
}

#[test]
fn constructs_that_are_certain_are_read() {
    for text in [
        // Double parentheses that hold commands.
        "((a # why\n) ; (b))",
        "((a <<< b) ; (c <<E))\nx\nE",
        "echo $((a # why\n) ; b)",
        // Quotes in quoted expansions.
        "echo \"${x//$'\\n'/ }\"",
        "echo \"${x:-`f \"a b\" 'c'`}\"",
        "echo \"${x:-'`a`'}\"",
        "cat <<E\n${x:-\"a $(b) c\"}\nE",
        // Words that are reserved elsewhere.
        "[[ done == if && { != time ]]",
        "case x\nin a) b;; esac",
        // Here-documents up to the end of the text.
        "cat <<E\nbody",
        "cat <<E",
        "echo `cat <<E`",
        // Newlines in a substitution before a body.
        "cat <<E $(a\nb)\nbody\nE",
        "cat <<E \"$(cat <<F\nf\nF\n)\"\nbody\nE",
        // The expressions of a loop.
        "for ((i=$(a; b); i<`c; d`; i++)); do e; done",
        // Braces next to quotes in expansions.
        "e {a,\"${x:-\"b\"}\"}",
        "e {a,`b`,\"`c \"d e\"`\"}",
        "e \"a b\"{}",
        // Subscripts.
        "a[\"[x]: y\"]=1",
    ] {
        tree(text);
    }
}

#[test]
fn constructs_that_are_not_certain_are_refused() {
    for text in [
        "((a # it's\n) ; (b))",
        "((a <<E\nx\nE\n) ; (b))",
        "echo \"${x//$'\\''/ }\"",
        "echo \"${x:-'}'}\"",
        "cat <<E\n${x:-\"}\"}\nE",
        "case x\nin if) b;; esac",
        "echo $(cat <<E)\nbody\nE",
        "echo $(cat <<E",
        "e {$[1,2],b}",
        "e {a,\"${x:-\"{\"}\"}{,c}",
        "e \\ {}{a,b}",
        "e {$,x}HOME",
        "e {a,b$}c",
        "e $(time >x -p a)",
        "a[\"$(b)]\"]=1",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn a_semicolon_that_bash_may_lose_is_read_both_ways() {
    let words = |text: &str| -> Vec<usize> {
        let list = tree(text);
        let Part::Command(inner) = &simple(first(&list)).words[1].parts[0] else { panic!("{text}") };
        inner.entries.iter().map(|entry| simple(entry.stages.last().unwrap()).words.len()).collect()
    };
    assert_eq!(words("e $(cat <<E\nx\nE\na b; c d; f)"), [1, 2, 4, 2, 3, 1]);
    assert_eq!(words("e $(cat <<E\nx\nE\na b\nc d; f)"), [1, 2, 2, 1]);
    assert_eq!(words("e $(cat; a b; c d)"), [1, 2, 2]);
    tree("e $({ a <<E\nx\nE\n} ; b)");
    for text in
        ["e $(cat <<E\nx\nE\na; if b; then c; fi)", "e $(cat <<E\nx\nE\na; b $(c))", "e $(a <<E; b=1 c\nE\n)"]
    {
        assert!(read(text).is_err(), "{text}");
    }
}
