//! Text literals, f-strings and numbers.

use std::rc::Rc;

use ruff_python_ast::str_prefix::{FStringPrefix, StringLiteralPrefix};
use ruff_python_ast::{
    BytesLiteral, ConversionFlag, FString, FStringPart, FStringValue, InterpolatedElement,
    InterpolatedStringElement, InterpolatedStringElements, Number, StringLiteral,
};
use ruff_text_size::TextRange;

use super::lower::{Lowered, Lowering};
use crate::tree::{At, Expr, Kind};

pub(super) fn number(number: &Number) -> Kind {
    match number {
        Number::Int(value) => value.as_i64().map_or(Kind::Constant, Kind::Number),
        Number::Float(_) | Number::Complex { .. } => Kind::Constant,
    }
}

/// Literals in a row are one.
fn joined(mut pieces: Vec<Expr>) -> Kind {
    match (pieces.len(), pieces.pop()) {
        (1, Some(one)) => one.kind,
        (_, last) => {
            pieces.extend(last);
            Kind::Template(pieces)
        }
    }
}

impl Lowering<'_> {
    pub(super) fn texts(&self, literals: &[StringLiteral]) -> Kind {
        joined(literals.iter().map(|literal| self.text_literal(literal)).collect())
    }

    pub(super) fn bytes(&self, literals: &[BytesLiteral]) -> Kind {
        joined(literals.iter().map(|literal| self.bytes_literal(literal)).collect())
    }

    fn text_literal(&self, literal: &StringLiteral) -> Expr {
        let raw = matches!(literal.flags.prefix(), StringLiteralPrefix::Raw { .. });
        self.value(&literal.value, raw, literal.range)
    }

    /// A text, unless Python could take one of its escapes for something else: characters by their names depend on
    /// Python's version, halves of surrogate pairs are no characters here.
    fn value(&self, value: &str, raw: bool, range: TextRange) -> Expr {
        let source = self.source(range);
        let doubtful =
            !raw && source.contains('\\') && (source.contains("\\N") || value.contains('\u{fffd}'));
        let kind = if doubtful { Kind::Constant } else { Kind::Text(Rc::from(value)) };
        Expr { kind, at: self.at(range) }
    }

    /// Bytes are followed as a text while they are ASCII.
    fn bytes_literal(&self, literal: &BytesLiteral) -> Expr {
        let text = std::str::from_utf8(&literal.value).ok().filter(|text| text.is_ascii());
        let kind = text.map_or(Kind::Constant, |text| Kind::Text(Rc::from(text)));
        Expr { kind, at: self.at(literal.range) }
    }

    pub(super) fn template(&mut self, value: &FStringValue) -> Lowered<Kind> {
        let mut pieces = Vec::new();
        for part in value {
            match part {
                FStringPart::Literal(literal) => pieces.push(self.text_literal(literal)),
                FStringPart::FString(format) => self.format(format, &mut pieces)?,
            }
        }
        Ok(Kind::Template(pieces))
    }

    fn format(&mut self, format: &FString, pieces: &mut Vec<Expr>) -> Lowered<()> {
        let raw = matches!(format.flags.prefix(), FStringPrefix::Raw { .. });
        self.elements(&format.elements, raw, pieces)
    }

    fn elements(
        &mut self,
        elements: &InterpolatedStringElements,
        raw: bool,
        pieces: &mut Vec<Expr>,
    ) -> Lowered<()> {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    pieces.push(self.value(&literal.value, raw, literal.range));
                }
                InterpolatedStringElement::Interpolation(element) => {
                    self.within(element, |lowering| lowering.replacement(element, raw, pieces))?;
                }
            }
        }
        Ok(())
    }

    /// `{x!r:>{width}}`
    fn replacement(
        &mut self,
        element: &InterpolatedElement,
        raw: bool,
        pieces: &mut Vec<Expr>,
    ) -> Lowered<()> {
        let value = self.expression(&element.expression)?;
        let bare = element.debug_text.is_none()
            && element.format_spec.is_none()
            && matches!(element.conversion, ConversionFlag::None | ConversionFlag::Str);
        if bare {
            pieces.push(value);
            return Ok(());
        }
        let at: At = value.at;
        let mut parts = vec![value];
        if let Some(format) = &element.format_spec {
            self.elements(&format.elements, raw, &mut parts)?;
        }
        // Cut to a width, quoted: some text made of these.
        pieces.push(Expr { kind: Kind::Plain(parts), at });
        Ok(())
    }
}
