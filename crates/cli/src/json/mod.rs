//! JSON that keeps its text: values know where they stand, changes are made to the text itself.
//!
//! Settings files belong to their owners. A parser that reads a document and writes it anew would change
//! order, spacing and number spelling, so [`parse`] only says where things are and [`edit`] replaces the
//! few bytes that must change.

mod edit;
mod parse;
mod tree;

pub(crate) use edit::{
    Edit, Style, apply, insert_element, insert_member, remove_element, remove_member, remove_members,
};
pub(crate) use parse::{Kind, Node, SyntaxError, line_and_column, parse};
pub(crate) use tree::Tree;
