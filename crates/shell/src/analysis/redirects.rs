//! Redirections: what they read and write, and what becomes of standard input.

use placet_model::{ActionKind, Arg, Command, Does, Location, Reach, Resource, Span, Stream};

use super::emit::Ready;
use super::value::Field;
use super::{Machine, Stdin};
use crate::programs::does_bit;
use crate::syntax::{Descriptor, Redirect, RedirectOperator};

/// A file touched by a redirection.
pub(super) struct Touched {
    kinds: &'static [ActionKind],
    field: Field,
    span: Span,
}

impl Machine<'_> {
    /// Evaluates redirections and sets standard input.
    pub(super) fn redirects(&mut self, redirects: &[Redirect]) -> (Vec<Stream>, Vec<Touched>) {
        let mut streams = Vec::new();
        let mut touched = Vec::new();
        for redirect in redirects {
            if let Descriptor::Variable(name) = &redirect.descriptor {
                self.state.set(name, super::value::Value::Number);
            }
            let input = matches!(redirect.descriptor, Descriptor::Default | Descriptor::Number(0));
            match redirect.operator {
                RedirectOperator::HereDocument => {
                    let body = redirect.body.as_deref().unwrap_or(&[]);
                    let text = self.parts_one(body, true);
                    if input {
                        self.stdin = text.stdin();
                    }
                }
                RedirectOperator::HereString => {
                    let text = self.one(&redirect.target);
                    if input {
                        self.stdin = text.stdin();
                    }
                }
                operator => self.redirect_file(operator, redirect, input, &mut streams, &mut touched),
            }
        }
        (streams, touched)
    }

    fn redirect_file(
        &mut self,
        operator: RedirectOperator,
        redirect: &Redirect,
        input: bool,
        streams: &mut Vec<Stream>,
        touched: &mut Vec<Touched>,
    ) {
        use RedirectOperator as Operator;
        let mut fields = Vec::new();
        self.word_into(&redirect.target, &mut fields);
        // More than one word is an error in Bash; then nothing runs, and the first is as good as any.
        let field = if fields.len() == 1 {
            fields.swap_remove(0)
        } else {
            Field { arg: Arg::unknown(), ..Field::unknown(false) }
        };
        let (stream, kinds): (fn(Arg) -> Stream, &'static [ActionKind]) = match operator {
            Operator::Read => (Stream::Read, &[ActionKind::ReadFile]),
            Operator::Write | Operator::Clobber | Operator::WriteBoth => {
                (Stream::Write, &[ActionKind::WriteFile])
            }
            Operator::Append | Operator::AppendBoth => (Stream::Append, &[ActionKind::WriteFile]),
            Operator::ReadWrite => (Stream::ReadWrite, &[ActionKind::ReadFile, ActionKind::WriteFile]),
            Operator::DuplicateRead
            | Operator::DuplicateWrite
            | Operator::HereDocument
            | Operator::HereString => {
                let number = match &field.arg {
                    Arg::Known(text) => {
                        text == "-" || text.trim_end_matches('-').bytes().all(|byte| byte.is_ascii_digit())
                    }
                    _ => field.safe,
                };
                if input && operator == Operator::DuplicateRead {
                    self.stdin = Stdin::Unknown;
                }
                if number || operator == Operator::DuplicateRead {
                    return;
                }
                (Stream::Write, &[ActionKind::WriteFile])
            }
        };
        if input && matches!(operator, Operator::Read | Operator::ReadWrite) {
            self.stdin = match field.text() {
                Some("/dev/null") => Stdin::Known(String::new()),
                Some(text) if !text.starts_with("/dev/") => self.file_as_input(&field),
                _ => Stdin::Unknown,
            };
        }
        streams.push(stream(field.arg.clone()));
        touched.push(Touched { kinds, field, span: redirect.span.clone() });
    }

    /// A file as standard input; what this text or this session wrote may have any content.
    fn file_as_input(&self, field: &Field) -> Stdin {
        let paths = self.paths(field, Reach::Entry, &self.state.dirs);
        match paths.first().map(|path| (self.memory.written(&path.absolute), path)) {
            Some((Some(Some(text)), _)) => Stdin::Known(text.to_string()),
            Some((Some(None), _)) => Stdin::Unknown,
            Some((None, path)) if self.context.facts.session_wrote(&path.absolute) => Stdin::Unknown,
            _ => Stdin::File,
        }
    }

    /// Writes the effects of redirections down. `target` is the command they stand at.
    pub(super) fn push_streams(&mut self, touched: Vec<Touched>, target: Option<usize>, _span: &Span) {
        for one in touched {
            let span = self.span(&one.span);
            if let Some(address) = one
                .field
                .text()
                .and_then(|text| text.strip_prefix("/dev/tcp/").or_else(|| text.strip_prefix("/dev/udp/")))
            {
                let host =
                    address.split('/').next().filter(|host| !host.is_empty()).map(str::to_ascii_lowercase);
                self.push_effect(
                    ActionKind::ConnectHost,
                    Resource::Host(host),
                    span.as_ref(),
                    "Bash connects to such a path",
                );
                if let Some(target) = target {
                    self.amend(target, does_bit(Does::Send), true);
                }
                continue;
            }
            if self.remote {
                continue;
            }
            let dirs = self.state.dirs.clone();
            let writes = one.kinds.contains(&ActionKind::WriteFile);
            if let Some(target) = target.filter(|target| writes && self.never_ends(*target)) {
                self.amend(target, does_bit(Does::System), true);
            }
            for path in self.paths(&one.field, Reach::Entry, &dirs) {
                let device = writes && super::danger::is_device(&path.absolute);
                let swept =
                    writes && self.sweeps && super::danger::is_vital(&path.absolute, self.context.home);
                if let Some(target) = target.filter(|_| device || swept) {
                    self.amend(target, does_bit(Does::Destroy) | does_bit(Does::Irreversible), true);
                }
                for kind in one.kinds {
                    self.push_effect(kind.clone(), Resource::Path(path.clone()), span.as_ref(), "");
                }
            }
        }
    }

    /// Whether the command at `target` writes without end: `yes`, or something that follows the file it appends to.
    fn never_ends(&self, target: usize) -> bool {
        let Some(Resource::Command(command)) = self.actions.get(target).map(|action| &action.resource) else {
            return false;
        };
        let appended = |arg: &Arg| {
            command.streams.iter().any(|stream| matches!(stream, Stream::Append(file) if file == arg))
        };
        match command.program.as_str() {
            "yes" => true,
            "tail" | "cat" => command.operands.iter().any(appended),
            _ => false,
        }
    }

    /// Redirections of a compound command: they hold for everything in it.
    pub(super) fn redirects_alone(&mut self, redirects: &[Redirect], span: &Span) {
        let (streams, touched) = self.redirects(redirects);
        let files = streams.iter().any(|stream| {
            !matches!(stream, Stream::Read(_))
                && !matches!(stream.target(), Arg::Known(text) if super::paths::is_harmless(text))
        });
        if files {
            self.push_redirections_only(streams, span);
        }
        let target = self.actions.len().checked_sub(1).filter(|_| files);
        self.push_streams(touched, target, span);
    }

    /// `> file` without a command empties the file.
    pub(super) fn push_redirections_only(&mut self, streams: Vec<Stream>, span: &Span) {
        let writes = streams.iter().any(|stream| {
            !matches!(stream, Stream::Read(_))
                && !matches!(stream.target(), Arg::Known(text) if super::paths::is_harmless(text))
        });
        let text = streams.iter().map(|stream| {
            let sign = match stream {
                Stream::Read(_) => "<",
                Stream::Write(_) => ">",
                Stream::Append(_) => ">>",
                Stream::ReadWrite(_) => "<>",
            };
            format!("{sign} {}", super::paths::shown(stream.target()))
        });
        let text = text.collect::<Vec<_>>().join(" ");
        let command = Command {
            program: String::new(),
            location: Location::Path,
            subcommand: Vec::new(),
            flags: Vec::new(),
            operands: Vec::new(),
            argv: Vec::new(),
            streams,
            does: vec![if writes { Does::Edit } else { Does::Inspect }],
            understood: true,
            text,
        };
        let span = self.span(span);
        self.push_command(Ready { command, span, why: None });
    }
}
