//! One tree for both languages: only what matters to what a program does, with byte positions.
//!
//! Precedence, blanks and comments are gone. Patterns on the left of an assignment are expressions too.

use std::rc::Rc;

/// Byte positions, first and one past the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct At {
    pub(crate) from: u32,
    pub(crate) to: u32,
}

impl At {
    pub(crate) fn new(from: usize, to: usize) -> Self {
        Self { from: u32::try_from(from).unwrap_or(u32::MAX), to: u32::try_from(to).unwrap_or(u32::MAX) }
    }

    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// An expression or a pattern.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) at: At,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A text with this value.
    Text(Rc<str>),
    /// A whole number small enough to count with.
    Number(i64),
    Truth(bool),
    /// `None`, `null`.
    Nothing,
    /// Any other literal: a regular expression, a text that is not worked out.
    Constant,
    Name(Rc<str>),
    /// An f-string or a template literal.
    Template(Vec<Expr>),
    /// A list, tuple, set or array.
    Sequence(Vec<Expr>),
    /// A dictionary or an object; no key: the value is spread into it.
    Mapping(Vec<(Option<Expr>, Expr)>),
    Attribute(Box<Expr>, Rc<str>),
    Index(Box<Expr>, Box<Expr>),
    /// `a[1:2]`: the base and what is worked out on the way.
    Slice(Box<Expr>, Vec<Expr>),
    Call(Box<Call>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// Everything is worked out; the result is plain data (comparisons, negations).
    Plain(Vec<Expr>),
    /// The first is worked out, then one of the others is the result.
    Choice(Vec<Expr>),
    Function(Rc<Function>),
    Class(Rc<Class>),
    Comprehension(Box<Comprehension>),
    /// An assignment used as a value.
    Assign(Box<Expr>, Option<Operator>, Box<Expr>),
    Await(Box<Expr>),
    /// `yield`.
    Yield(Option<Box<Expr>>),
    /// `*x`, `...x`.
    Spread(Box<Expr>),
    /// `**x` among the arguments of a call or parameters.
    SpreadNamed(Box<Expr>),
    /// `import(x)`.
    Import(Box<Expr>),
}

/// Operators that can be told apart by what they do to texts and paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Divide,
    Modulo,
    Other,
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) callee: Expr,
    pub(crate) arguments: Vec<Argument>,
}

#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub(crate) name: Option<Rc<str>>,
    pub(crate) value: Expr,
}

#[derive(Clone, Debug)]
pub(crate) struct Comprehension {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) values: Vec<Expr>,
}

#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub(crate) target: Expr,
    pub(crate) source: Expr,
    pub(crate) tests: Vec<Expr>,
}

/// A function, lambda, arrow or method.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: Option<Rc<str>>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) decorators: Vec<Expr>,
    pub(crate) at: At,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// A name or, in JavaScript, a pattern.
    pub(crate) target: Expr,
    pub(crate) default: Option<Expr>,
    pub(crate) kind: ParameterKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterKind {
    One,
    Rest,
    Named,
    RestNamed,
}

#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) name: Option<Rc<str>>,
    pub(crate) bases: Vec<Argument>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) decorators: Vec<Expr>,
}

/// A statement.
#[derive(Clone, Debug)]
pub(crate) struct Stmt {
    pub(crate) kind: Do,
    pub(crate) at: At,
}

/// Where a declared name lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declares {
    /// Not a declaration.
    No,
    /// `let`, `const`: the block.
    Block,
    /// `var`: the function.
    Function,
}

/// What a statement does.
#[derive(Clone, Debug)]
pub(crate) enum Do {
    Expr(Expr),
    /// Targets, operator, value.
    Assign(Vec<Expr>, Expr, Declares),
    /// A declaration without a value, or an annotation.
    Declare(Expr, Declares),
    /// `import a.b as c`.
    Import {
        module: Rc<str>,
        name: Rc<str>,
        whole: bool,
    },
    /// `from m import n as k`, `import {n as k} from "m"`; no name: all of them.
    From {
        module: Rc<str>,
        name: Option<Rc<str>>,
        local: Rc<str>,
    },
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    While(Expr, Vec<Stmt>, Vec<Stmt>),
    For {
        target: Expr,
        source: Expr,
        body: Vec<Stmt>,
        otherwise: Vec<Stmt>,
        declares: Declares,
    },
    Try {
        body: Vec<Stmt>,
        handlers: Vec<Handler>,
        otherwise: Vec<Stmt>,
        last: Vec<Stmt>,
    },
    With(Vec<(Expr, Option<Expr>)>, Vec<Stmt>),
    Function(Rc<Function>),
    Class(Rc<Class>),
    Return(Option<Expr>),
    Raise(Vec<Expr>),
    /// `break`, `continue`.
    Leave,
    Global(Vec<Rc<str>>),
    Delete(Vec<Expr>),
    /// `match`, `switch`: subject, then per case what is bound, what is worked out, what is done.
    Match(Expr, Vec<Case>),
    Block(Vec<Stmt>),
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) struct Handler {
    pub(crate) types: Option<Expr>,
    pub(crate) target: Option<Expr>,
    pub(crate) body: Vec<Stmt>,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) binds: Vec<Rc<str>>,
    pub(crate) tests: Vec<Expr>,
    pub(crate) body: Vec<Stmt>,
}

/// Why a text was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) why: &'static str,
    pub(crate) at: At,
}

/// What could be read: statements up to the first that was refused.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) body: Vec<Stmt>,
    pub(crate) refusal: Option<Refusal>,
}

/// Nesting of the tree; deeper texts are refused, so that no walk over it runs out of stack.
pub(crate) const DEPTH: u16 = 64;
/// Longest text that is read, in bytes.
pub(crate) const LONGEST: usize = 64 * 1024;
