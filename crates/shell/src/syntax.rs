//! The tree that the reader builds: Bash's grammar as far as the analysis needs it.
//!
//! Every construct that can hold a command holds it here as a [`List`], whatever the quoting around it.

use placet_model::Span;

/// Commands joined by `;`, newline, `&`, `&&`, `||`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// In the order written.
    pub entries: Vec<Entry>,
}

/// One pipeline of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// How it is joined to the one before.
    pub join: Join,
    /// Ended by `&`.
    pub background: bool,
    /// `!` before it (an even number of them counts as none).
    pub negated: bool,
    /// The commands joined by `|` or `|&`.
    pub stages: Vec<Node>,
}

/// How a pipeline follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// First of the list, or after `;`, newline, `&`.
    Then,
    /// `&&`
    And,
    /// `||`
    Or,
}

/// A command of any kind, with its redirections.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Redirections, in the order written.
    pub redirects: Vec<Redirect>,
    /// Bytes it covers, redirections included.
    pub span: Span,
}

/// Kinds of command.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Assignments and words.
    Simple(Simple),
    /// `{ …; }`
    Group(List),
    /// `( … )`
    Subshell(List),
    /// `if`/`elif`: each condition with its body, then `else`.
    If {
        /// Condition and body of `if` and every `elif`.
        branches: Vec<(List, List)>,
        /// Body of `else`.
        otherwise: Option<List>,
    },
    /// `while` and `until`.
    While {
        /// Condition.
        condition: List,
        /// Body.
        body: List,
    },
    /// `for name in words` and `select`.
    For {
        /// Loop variable.
        variable: String,
        /// Words after `in`; `None` means `"$@"`.
        words: Option<Vec<Word>>,
        /// Body.
        body: List,
    },
    /// `for ((init; condition; step))`
    ForArithmetic {
        /// The three expressions together.
        expression: Vec<Part>,
        /// Body.
        body: List,
    },
    /// `case word in …`
    Case {
        /// Word compared.
        subject: Word,
        /// Patterns and bodies.
        arms: Vec<(Vec<Word>, List)>,
    },
    /// `name() body` and `function name body`.
    Function {
        /// Name.
        name: String,
        /// Body, a compound command.
        body: Box<Node>,
    },
    /// `[[ … ]]`: every word and operator, in order.
    Test(Vec<Word>),
    /// `(( … ))`
    Arithmetic(Vec<Part>),
    /// `time` before a pipeline, as Bash's keyword; also `coproc`.
    Prefixed(Vec<Node>),
}

/// A simple command: assignments, then words. Either may be empty, not both (unless there are redirections).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Simple {
    /// Leading `name=value`.
    pub assignments: Vec<Assignment>,
    /// Command word and arguments.
    pub words: Vec<Word>,
}

/// `name=value`, `name+=value`, `name[index]=value`, `name=(…)`. Also as an argument of `declare` and friends,
/// where the reader leaves it a plain word unless it holds an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Variable name.
    pub name: String,
    /// Subscript, when there is one.
    pub index: Option<Vec<Part>>,
    /// `+=`.
    pub append: bool,
    /// What is assigned.
    pub value: Value,
    /// Bytes it covers.
    pub span: Span,
}

/// Right-hand side of an assignment.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One word, possibly empty.
    Scalar(Word),
    /// `( … )`: elements; a subscripted element is its subscript's parts and its word.
    Array(Vec<(Option<Vec<Part>>, Word)>),
}

/// A word: parts that stand side by side.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Word {
    /// Parts in order; none for an empty word.
    pub parts: Vec<Part>,
    /// Bytes it covers.
    pub span: Span,
}

/// Part of a word.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Unquoted text. `*`, `?`, `[`, `~` and the like still have their meaning.
    Bare(String),
    /// Text from `'…'`, `$'…'`, `\x` or inside `"…"`: nothing in it has a meaning any more.
    Quoted(String),
    /// `"…"`, and `$"…"`.
    Double(Vec<Part>),
    /// `$name`, `${…}`
    Parameter(Parameter),
    /// `$( … )` or back-quotes.
    Command(List),
    /// `<( … )` or `>( … )`
    Process(Direction, List),
    /// `$(( … ))`: literal text and nested substitutions, in order.
    Arithmetic(Vec<Part>),
    /// `{a,b}`: at least two alternatives.
    Braces(Vec<Vec<Part>>),
    /// `{1..5}`, `{a..e..2}`: text between the braces.
    Range(String),
}

/// Direction of a process substitution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `<( … )`
    Read,
    /// `>( … )`
    Write,
}

/// A parameter expansion.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `name`, a number, or one of `@*#?-$!0`.
    pub name: String,
    /// `[…]` behind the name.
    pub index: Option<Vec<Part>>,
    /// `${!name}`, and `${!prefix*}`.
    pub indirect: bool,
    /// `${#name}`
    pub length: bool,
    /// What is done with the value.
    pub operator: Operator,
}

/// Operator of a parameter expansion with the words it holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Operator {
    /// None.
    Plain,
    /// `:-` and `-`
    Default(Word),
    /// `:=` and `=`
    Assign(Word),
    /// `:?` and `?`
    Error(Word),
    /// `:+` and `+`
    Alternative(Word),
    /// Anything that changes the value: `#`, `##`, `%`, `%%`, `/`, `//`, `^`, `,`, `:offset:length`, `@U`. Holds
    /// the operator and every part behind it.
    Change(String, Vec<Part>),
}

/// A redirection.
#[derive(Clone, Debug, PartialEq)]
pub struct Redirect {
    /// Descriptor before the operator.
    pub descriptor: Descriptor,
    /// Operator.
    pub operator: RedirectOperator,
    /// Word behind it. For here-documents the delimiter, quotes removed.
    pub target: Word,
    /// Body of a here-document: parts of the text, expanded unless the delimiter was quoted. `None` otherwise.
    pub body: Option<Vec<Part>>,
    /// Bytes of operator and word.
    pub span: Span,
}

/// Descriptor before a redirection operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Descriptor {
    /// None written.
    Default,
    /// `2>`
    Number(u32),
    /// `{fd}>`
    Variable(String),
}

/// Redirection operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectOperator {
    /// `<`
    Read,
    /// `>`
    Write,
    /// `>|`
    Clobber,
    /// `>>`
    Append,
    /// `<>`
    ReadWrite,
    /// `&>` and `>&word` where word is no descriptor
    WriteBoth,
    /// `&>>`
    AppendBoth,
    /// `<&`
    DuplicateRead,
    /// `>&` with a descriptor, `-`, or a word that could be one
    DuplicateWrite,
    /// `<<` and `<<-`
    HereDocument,
    /// `<<<`
    HereString,
}

/// Why a text was turned down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Byte where the reader stopped.
    pub at: usize,
    /// What it did not understand, as a short phrase in lower case.
    pub why: &'static str,
}
