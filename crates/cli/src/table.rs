//! Tables of at most 80 columns without borders.

use anstyle::{AnsiColor, Style};
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, Width};

use placet_model::visible::visible;

use crate::printer::WIDTH;

/// A cell in a style.
pub(crate) fn cell(text: impl ToString, style: Style) -> Cell {
    let mut cell = Cell::new(visible(&text.to_string()));
    if let Some(anstyle::Color::Ansi(color)) = style.get_fg_color() {
        cell = cell.fg(color_of(color));
    }
    let effects = style.get_effects();
    if effects.contains(anstyle::Effects::BOLD) {
        cell = cell.add_attribute(Attribute::Bold);
    }
    if effects.contains(anstyle::Effects::DIMMED) {
        cell = cell.add_attribute(Attribute::Dim);
    }
    cell
}

fn color_of(color: AnsiColor) -> Color {
    match color {
        AnsiColor::Red => Color::DarkRed,
        AnsiColor::Green => Color::DarkGreen,
        AnsiColor::Yellow => Color::DarkYellow,
        AnsiColor::Blue => Color::DarkBlue,
        AnsiColor::Cyan => Color::DarkCyan,
        _ => Color::Reset,
    }
}

/// A table with a heading. Columns whose index is in `fixed` never break; the others share what is left.
pub(crate) fn render(headings: &[&str], rows: Vec<Vec<Cell>>, fixed: &[usize]) -> String {
    let mut table = Table::new();
    table
        .load_style(comfy_table::presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(WIDTH).unwrap_or(80))
        .enforce_styling()
        .set_header(headings.iter().map(|heading| cell(heading, crate::style::HEADING)).collect::<Vec<_>>());
    for row in rows {
        table.add_row(row);
    }
    let widest = fixed.iter().map(|index| (*index, ColumnConstraint::ContentWidth)).collect::<Vec<_>>();
    for (index, constraint) in widest {
        if let Some(column) = table.column_mut(index) {
            column.set_constraint(constraint);
        }
    }
    let columns = headings.len();
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if index + 1 == columns { 0 } else { 2 }));
        if !fixed.contains(&index) {
            // Words longer than this are cut rather than pushing the others out.
            column.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(60)));
        }
    }
    table.to_string().lines().map(trim_styled).collect::<Vec<_>>().join("\n")
}

/// A line without the blanks at its end, which may stand before the codes that end a style.
fn trim_styled(line: &str) -> String {
    let mut text = line.trim_end();
    let mut codes = String::new();
    while let Some(code) = last_code(text) {
        let (before, _) = text.split_at_checked(text.len() - code.len()).unwrap_or((text, ""));
        codes.insert_str(0, code);
        text = before.trim_end();
    }
    format!("{text}{codes}")
}

/// The colour code a text ends in.
fn last_code(text: &str) -> Option<&str> {
    let code = text.get(text.rfind('\u{1b}')?..)?;
    let inner = code.strip_prefix("\u{1b}[")?.strip_suffix('m')?;
    inner.chars().all(|c| c.is_ascii_digit() || c == ';').then_some(code)
}
