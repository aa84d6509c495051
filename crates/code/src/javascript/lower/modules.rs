//! Imports and exports.

use std::rc::Rc;

use oxc_ast::ast::{
    ExportDefaultDeclaration, ExportDefaultDeclarationKind, ImportDeclaration, ImportDeclarationSpecifier,
    ImportOrExportKind, ModuleExportName,
};

use super::{Lower, Lowered, at};
use crate::javascript::UNREAD;
use crate::tree::{Do, Stmt};

/// Stands for no name of the text.
const NONE: &str = " ";

impl Lower<'_> {
    pub(super) fn imports(&mut self, import: &ImportDeclaration<'_>, body: &mut Vec<Stmt>) -> Lowered<()> {
        // What is imported as a type is not loaded.
        if import.import_kind == ImportOrExportKind::Type {
            return Ok(());
        }
        if import.phase.is_some() || import.source.lone_surrogates {
            return self.refuse(UNREAD, import.span);
        }
        let module: Rc<str> = Rc::from(import.source.value.as_str());
        let mut names: Vec<(Option<Rc<str>>, Rc<str>)> = Vec::new();
        for specifier in import.specifiers.iter().flatten() {
            let name = |lower: &Self, local: &oxc_ast::ast::BindingIdentifier<'_>| {
                lower.name(&local.name, local.span)
            };
            match specifier {
                ImportDeclarationSpecifier::ImportDefaultSpecifier(one) => {
                    names.push((Some(Rc::from("default")), name(self, &one.local)?));
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(all) => {
                    names.push((None, name(self, &all.local)?));
                }
                ImportDeclarationSpecifier::ImportSpecifier(one) => {
                    if one.import_kind == ImportOrExportKind::Value {
                        let imported = Rc::from(exported(&one.imported));
                        names.push((Some(imported), name(self, &one.local)?));
                    }
                }
            }
        }
        if names.is_empty() {
            names.push((Some(Rc::from("default")), Rc::from(NONE)));
        }
        for (name, local) in names {
            let kind = Do::From { module: Rc::clone(&module), name, local };
            body.push(Stmt { kind, at: at(import.span) });
        }
        Ok(())
    }

    pub(super) fn exported_default(
        &mut self,
        export: &ExportDefaultDeclaration<'_>,
        body: &mut Vec<Stmt>,
    ) -> Lowered<()> {
        let kind = match &export.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => match self.function(function)? {
                Some(function) => Do::Function(Rc::new(function)),
                None => return Ok(()),
            },
            ExportDefaultDeclarationKind::ClassDeclaration(class) => Do::Class(Rc::new(self.class(class)?)),
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => return Ok(()),
            other => match other.as_expression() {
                Some(value) => Do::Expr(self.expression(value)?),
                None => return self.refuse(UNREAD, export.span),
            },
        };
        body.push(Stmt { kind, at: at(export.span) });
        Ok(())
    }
}

fn exported<'n>(name: &'n ModuleExportName<'_>) -> &'n str {
    match name {
        ModuleExportName::IdentifierName(name) => name.name.as_str(),
        ModuleExportName::IdentifierReference(name) => name.name.as_str(),
        ModuleExportName::StringLiteral(text) => text.value.as_str(),
    }
}
