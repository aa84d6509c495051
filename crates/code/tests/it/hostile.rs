//! Texts made to hurt: deep, long, broken, mutated.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::line::effects;
use crate::tables::{JAVASCRIPT, PERL, PYTHON, RUBY, TYPESCRIPT, rows};

const LANGUAGES: [&str; 5] = ["python", "javascript", "typescript", "perl", "ruby"];

/// More than any text may take, in a debug build on a busy machine.
const LONG: Duration = Duration::from_secs(20);

fn survives(text: &str) {
    for language in LANGUAGES {
        let start = Instant::now();
        let effects = effects(language, text);
        assert!(start.elapsed() < LONG, "{language} took {:?}", start.elapsed());
        for done in &effects.uses {
            assert!(done.span.start <= done.span.end && done.span.end <= text.len());
        }
        if let Some(why) = &effects.unknown {
            assert!(!why.text.is_empty() && why.span.start <= text.len());
        }
    }
}

#[test]
fn deep_texts_are_refused_not_followed() {
    let n = 10_000;
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("f(", ")"),
        ("a[", "]"),
        ("-", ""),
        ("!", ""),
        ("not ", ""),
        ("await ", ""),
        ("lambda:", ""),
        ("x=>", ""),
        ("`${", "}`"),
        ("f'{", "}'"),
        ("new ", ""),
        ("if(a){", "}"),
        ("function f(){", "}"),
        ("class A{", "}"),
        ("[a=", "]"),
        ("({a=", "})"),
        ("a?b:", ""),
        ("a if b else ", ""),
        ("(a=", ")"),
        ("async(", ")"),
        ("x<", ">"),
        ("let x:", ""),
        ("let x:(", ")"),
        ("let x:{", "}"),
    ] {
        let text = format!("{}1{}", open.repeat(n), close.repeat(n));
        survives(&text);
        let text = format!("x = {}1{}", open.repeat(n), close.repeat(n));
        survives(&text);
        for language in ["python", "javascript", "typescript"] {
            let text = format!("{}1{}", open.repeat(2_000), close.repeat(2_000));
            let effects = effects(language, &text);
            // What stands in brackets of a type is skipped, however deep: it does nothing.
            let skipped = language == "typescript" && open.starts_with("let x:") && effects.uses.is_empty();
            assert!(effects.unknown.is_some() || skipped, "{language} {open}");
        }
    }
    let indented: String = (0..2_000).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
    survives(&indented);
    let chains = [
        "x = 1".to_owned() + &"+1".repeat(n),
        "x".to_owned() + &".a".repeat(n),
        "x".to_owned() + &"()".repeat(n),
    ];
    chains.iter().for_each(|text| survives(text));
    let branches = "if x:\n  pass\n".to_owned() + &"elif x:\n  pass\n".repeat(2_000);
    survives(&branches);
    let braces = "if (x) {} ".to_owned() + &"else if (x) {} ".repeat(2_000);
    survives(&braces);
}

/// What may stand before Python's parser is as deep as it gets: its tree is dropped, ours is not made.
#[test]
fn python_s_deepest_trees_fit_a_small_stack() {
    let links = [
        ("x", ".a", ""),
        ("x", "()", ""),
        ("x", "[0]", ""),
        ("1", "+1", ""),
        ("1", "**1", ""),
        ("1", "if x else 1 ", ""),
        ("", "not ", "1"),
        ("", "-", "1"),
        ("", "await ", "1"),
        ("", "lambda:", "1"),
        ("", "lambda a,b:", "1"),
        ("", "yield ", "1"),
        ("", "*", "1"),
        ("", "x=", "1"),
        ("", "x:", "1"),
        ("", "async ", "def f(): pass"),
        ("", "@a\n", "def f(): pass"),
        ("", "type ", "x = 1"),
        ("with ", "a as ", "b: pass"),
        ("match x:\n case ", "a|", "b: pass"),
        ("match x:\n case ", "a.", "b: pass"),
        ("", "class A: ", "pass"),
        ("", "if x: ", "pass"),
        ("if x: pass\n", "elif x: pass\n", ""),
        ("try: pass\n", "except: pass\n", ""),
        ("f'", "{x:", "'"),
        ("", "f'{", "'"),
        ("", "(a:=", ""),
        ("", "[x for x in ", ""),
    ];
    let within: String = (0..60).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
    let mut texts = Vec::new();
    for (start, link, end) in links {
        for times in [30, 60, 126, 168, 255, 340, 505, 511, 600, 21_000] {
            let chain = format!("{start}{}{end}\n", link.repeat(times));
            texts.push(format!("{within}{}{chain}", " ".repeat(60)));
            texts.push(format!("{}{chain}{}", "(".repeat(50), ")".repeat(50)));
            texts.push(chain);
        }
    }
    let small = std::thread::Builder::new().stack_size(1024 * 1024);
    let thread = small.spawn(move || texts.iter().for_each(|text| drop(effects("python", text))));
    thread.expect("a thread").join().expect("no text is too deep");
}

/// What may be said again and again in JavaScript and TypeScript, each nested in the one before or not; `¦` stands
/// between them.
const UNITS: &str = "(¦[¦{¦<¦`${¦`¦}`¦}¦)¦]¦a¦1¦'x'¦/a/¦!¦-¦++¦=>¦x=>¦(a)=>¦async ¦async x=>¦async(¦?¦a?¦:¦b:¦a?b:¦=¦\
    a+¦a**¦a??¦new ¦typeof ¦await ¦yield ¦if(a)¦else ¦for(;;)¦while(a)¦do ¦with(a)¦try{¦\
    switch(a){case 1:¦case 1:¦default:¦function f(){¦class A{¦class A extends ¦static{¦({a(){¦\
    ({get a(){return ¦({a:¦({a=¦[a=¦(a=¦...¦@a ¦@a\n¦keyof ¦infer A ¦unique ¦type A=¦let x:¦import(¦\
    export default ¦namespace A{¦namespace A¦.A¦enum A{¦a as ¦A extends B?¦A<¦<T>¦<T>(¦<T>()=>¦()=>¦\
    in ¦of ¦,¦;¦\n¦b\nc¦} a¦}\na¦return ¦?.(¦<<¦=>{¦a?(b):c=>¦f<A,¦new (¦\u{e9}¦\\u0061¦for await(¦\
    a:b\n";

#[test]
fn nothing_said_again_and_again_overflows_a_small_stack() {
    let mut state = 1_usize;
    let mut below = |count: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % count
    };
    let units: Vec<&str> = UNITS.split('¦').collect();
    let found = ["a,class A extends ", "a,b,class extends "];
    let mut texts: Vec<String> = units.iter().chain(&found).map(|unit| unit.repeat(3_000)).collect();
    for _ in 0..800 {
        let unit: String = (0..2 + below(3)).map(|_| units[below(units.len())]).collect();
        texts.push(unit.repeat([40, 95, 500, 2_000][below(4)]));
    }
    let work = move || {
        for text in texts {
            for language in ["javascript", "typescript"] {
                effects(language, &text);
            }
        }
    };
    // A quarter of what the smallest thread has that this may run on; frames of a debug build are larger.
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work).expect("a thread");
    thread.join().expect("no panic");
}

#[test]
fn long_texts_end() {
    survives(&"x = 1\n".repeat(200_000));
    survives(&"f(a, b)\n".repeat(8_000));
    survives(&("[".to_owned() + &"1,".repeat(30_000) + "]"));
    survives(&"while x:\n for y in z:\n  while w:\n   a = b\n   b = c\n   c = a + 'x'\n".repeat(20));
    survives(&"for (;;) { for (;;) { for (;;) { for (;;) { a = b; b = c + 'x'; c = a } } } }\n".repeat(20));
    survives(
        &(0..400)
            .map(|n| format!("def f{n}(x):\n    return f{}(x) + f{}(x)\n", (n + 1) % 400, (n + 7) % 400))
            .collect::<String>(),
    );
    let doubled: String =
        (0..40).map(|n| format!("def f{n}(x):\n  f{}(x)\n  f{}(x)\n", n + 1, n + 1)).collect();
    survives(&(doubled + "f0(1)"));
    let doubled: String =
        (0..40).map(|n| format!("const f{n} = x => {{ f{}(x); f{}(x) }}\n", n + 1, n + 1)).collect();
    survives(&(doubled + "f0(1)"));
    survives(&("x = ['a']\n".to_owned() + &"x = x + x\n".repeat(60) + "print(x)"));
    survives(&("x = 'a'\n".to_owned() + &"x = x + x\n".repeat(60) + "print(x)"));
}

#[test]
fn a_megabyte_is_refused_at_once() {
    let text = "x = foo(a, 'b')[1] + 2\n".repeat(50_000);
    let start = Instant::now();
    for language in LANGUAGES {
        assert!(effects(language, &text).unknown.is_some());
    }
    assert!(start.elapsed() < Duration::from_secs(1));
}

fn seeds() -> Vec<String> {
    [PYTHON, JAVASCRIPT, TYPESCRIPT, PERL, RUBY]
        .iter()
        .flat_map(|table| rows(table))
        .map(|(_, code)| code.to_owned())
        .collect()
}

const BITS: [&str; 40] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "`",
    "\\",
    "\n",
    "    ",
    ":",
    ";",
    ",",
    ".",
    "=",
    "=>",
    "/",
    "/*",
    "*/",
    "#",
    "//",
    "${",
    "f'{",
    "'''",
    "\"\"\"",
    "\u{0}",
    "é",
    "\u{2028}",
    "\r",
    "\r\n",
    "\t",
    "lambda x:",
    "async ",
    "*",
    "**",
    "@",
    "1e",
    "0x",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn mutations_never_panic(
        seed in 0_usize..10_000,
        edits in proptest::collection::vec((any::<u16>(), 0_usize..BITS.len(), 0_u8..4), 1..12),
    ) {
        let seeds = seeds();
        let mut text = seeds[seed % seeds.len()].clone();
        for (at, bit, how) in edits {
            let at = (0..=usize::from(at) % (text.len() + 1)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            match how {
                0 | 1 => text.insert_str(at, BITS[bit]),
                2 => {
                    if at < text.len() {
                        text.remove(at);
                    }
                }
                _ => {
                    let other = &seeds[(seed * 31 + at) % seeds.len()];
                    text.insert_str(at, other);
                }
            }
        }
        survives(&text);
    }

    #[test]
    fn noise_never_panics(text in "\\PC{0,200}") {
        survives(&text);
    }
}
