//! The names in an expression: which there may be, and which there are.

use super::functions::{OWN, STANDARD};
use super::texts::{self, Patterns};
use crate::spec::nearest;
use cel::common::ast::{EntryExpr, Expr, IdedExpr, LiteralValue};
use std::collections::BTreeSet;

/// The names of types, as `type(…)` gives them.
pub(super) const TYPES: [&str; 10] = [
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
];

/// The names that an expression may use.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) variables: Vec<String>,
    /// The functions of `define`.
    pub(super) defined: Vec<Defined>,
    pub(super) collections: Vec<String>,
}

/// A function of `define`, as those know it that call it.
#[derive(Debug, Clone)]
pub(super) struct Defined {
    pub(super) name: String,
    /// How many arguments it takes.
    pub(super) arity: usize,
    /// How many operations hang on each other in it.
    pub(super) depth: usize,
}

impl Scope {
    /// Whether it has a variable of this name.
    fn knows(&self, name: &str) -> bool {
        self.variables.iter().any(|known| known == name)
    }

    /// Whether a function of this name is there already.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        let is_defined = self.defined.iter().any(|known| known.name == name);
        is_defined || STANDARD.contains(&name) || OWN.contains(&name)
    }

    pub(super) fn with(&self, names: &[&str]) -> Scope {
        let mut scope = self.clone();
        scope
            .variables
            .extend(names.iter().map(|name| (*name).to_owned()));
        scope
    }
}

/// How many operations may hang on each other: each takes room on the stack when it is evaluated.
const DEEPEST: usize = 64;
/// How many where definitions call each other.
const DEEPEST_IN_ALL: usize = 128;

/// Checks that every name is known. The interpreter would tell only when it comes to one.
pub(super) struct Names<'s> {
    scope: &'s Scope,
    bound: Vec<String>,
    /// In how many others the part is that is looked at.
    depth: usize,
    /// How deep it goes, definitions included.
    pub(super) deepest: usize,
    /// Those of the scope that were named.
    pub(super) used: BTreeSet<String>,
    /// The patterns that stand in it.
    pub(super) patterns: Patterns,
}

/// A node, what is wrong with its name, and what would mend it.
type Unknown = (u64, String, String);

impl<'s> Names<'s> {
    pub(super) fn of(scope: &'s Scope) -> Names<'s> {
        Names {
            scope,
            bound: Vec::new(),
            depth: 0,
            deepest: 0,
            used: BTreeSet::new(),
            patterns: Patterns::new(),
        }
    }

    /// Goes through an expression, noting the names of the scope.
    pub(super) fn check(&mut self, node: &IdedExpr) -> Result<(), Unknown> {
        if self.depth >= DEEPEST {
            let message = format!("no more than {DEEPEST} operations hang on each other");
            let help = "a part of it may be a function under `define`".to_owned();
            return Err((node.id, message, help));
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        let found = self.parts(node);
        self.depth -= 1;
        found
    }

    fn parts(&mut self, node: &IdedExpr) -> Result<(), Unknown> {
        match &node.expr {
            Expr::Ident(name) => self.variable(node.id, name),
            Expr::Select(select) => match &select.operand.expr {
                // Of a variable of which only members are named, only those need be made.
                Expr::Ident(name) if self.scope.knows(name) && !self.bound.contains(name) => {
                    self.used.insert(format!("{name}.{}", select.field));
                    Ok(())
                }
                _ => self.check(&select.operand),
            },
            Expr::Call(call) => {
                if let Some(target) = &call.target {
                    self.check(target)?;
                }
                self.function(node.id, &call.func_name, call.target.is_some(), &call.args)?;
                call.args
                    .iter()
                    .try_for_each(|argument| self.check(argument))
            }
            Expr::List(list) => list
                .elements
                .iter()
                .try_for_each(|element| self.check(element)),
            Expr::Map(map) => map.entries.iter().try_for_each(|entry| match &entry.expr {
                EntryExpr::MapEntry(entry) => {
                    self.check(&entry.key)?;
                    self.check(&entry.value)
                }
                EntryExpr::StructField(field) => self.check(&field.value),
            }),
            Expr::Comprehension(comprehension) => {
                self.check(&comprehension.iter_range)?;
                self.check(&comprehension.accu_init)?;
                let before = self.bound.len();
                self.bound.push(comprehension.iter_var.clone());
                self.bound.extend(comprehension.iter_var2.clone());
                self.bound.push(comprehension.accu_var.clone());
                self.check(&comprehension.loop_cond)?;
                self.check(&comprehension.loop_step)?;
                self.check(&comprehension.result)?;
                self.bound.truncate(before);
                Ok(())
            }
            Expr::Struct(_) | Expr::Literal(_) | Expr::Unspecified => Ok(()),
        }
    }

    fn variable(&mut self, id: u64, name: &str) -> Result<(), Unknown> {
        if name.starts_with('@') || self.bound.iter().any(|known| known == name) {
            return Ok(());
        }
        if self.scope.knows(name) {
            self.used.insert(name.to_owned());
            return Ok(());
        }
        if TYPES.contains(&name) {
            return Ok(());
        }
        let bound = self.bound.iter().filter(|name| !name.starts_with('@'));
        let all = self.scope.variables.iter().chain(bound);
        let names: Vec<&str> = all.map(String::as_str).collect();
        Err((
            id,
            format!("there is no variable `{name}` here"),
            suggestion(name, &names, "there are"),
        ))
    }

    fn function(
        &mut self,
        id: u64,
        name: &str,
        is_method: bool,
        arguments: &[IdedExpr],
    ) -> Result<(), Unknown> {
        self.used.insert(name.to_owned());
        let is_operator = !name.starts_with(|c: char| c.is_ascii_alphabetic());
        if let Some(known) = self.scope.defined.iter().find(|known| known.name == name) {
            let given = arguments.len() + usize::from(is_method);
            self.deepest = self.deepest.max(self.depth + known.depth);
            if self.deepest > DEEPEST_IN_ALL {
                let message = format!(
                    "no more than {DEEPEST_IN_ALL} operations hang on each other, those of definitions included"
                );
                return Err((
                    id,
                    message,
                    "it calls definitions that call others".to_owned(),
                ));
            }
            if given == known.arity {
                return Ok(());
            }
            let arity = known.arity;
            return Err((
                id,
                format!("`{name}` is given {given} arguments, and takes {arity}"),
                "it is defined under `define`".to_owned(),
            ));
        }
        if (name == "item" || name == "items")
            && let Some(Expr::Literal(LiteralValue::String(collection))) =
                arguments.first().map(|argument| &argument.expr)
            && !self
                .scope
                .collections
                .iter()
                .any(|known| known == collection.inner())
        {
            let known: Vec<&str> = self.scope.collections.iter().map(String::as_str).collect();
            return Err((
                arguments[0].id,
                format!("there is no collection `{}`", collection.inner()),
                match known.is_empty() {
                    true => "those are known that have a file of fixtures".to_owned(),
                    false => suggestion(collection.inner(), &known, "with fixtures there are"),
                },
            ));
        }
        if name == "matches"
            && let Some(last) = arguments.last()
            && let Expr::Literal(LiteralValue::String(pattern)) = &last.expr
        {
            self.pattern(last.id, pattern.inner())?;
        }
        if is_operator || STANDARD.contains(&name) || OWN.contains(&name) {
            return Ok(());
        }
        let own: Vec<&str> = OWN
            .iter()
            .copied()
            .chain(self.scope.defined.iter().map(|known| known.name.as_str()))
            .collect();
        let all: Vec<&str> = own.iter().copied().chain(STANDARD).collect();
        let help = match nearest(name, &all) {
            Some(known) => format!("did you mean `{known}`?"),
            None => format!("beside CEL's own there are {}", own.join(", ")),
        };
        Err((id, format!("there is no function `{name}`"), help))
    }
}

impl Names<'_> {
    /// A pattern that stands in the expression is compiled once, with it.
    fn pattern(&mut self, id: u64, text: &str) -> Result<(), Unknown> {
        let made = texts::pattern(text).map_err(|error| {
            let said = error.to_string();
            let said = said.lines().last().unwrap_or_default();
            let said = said.strip_prefix("error: ").unwrap_or(said);
            let message = format!("this is no regular expression: {said}");
            let help = "it is one of RE2's syntax, without look-around and back-references";
            (id, message, help.to_owned())
        })?;
        self.patterns.insert(text.to_owned(), made);
        Ok(())
    }
}

/// The known name that may have been meant, else all of them.
pub(super) fn suggestion(name: &str, known: &[&str], there_are: &str) -> String {
    // Any letter is one edit away from any other.
    match nearest(name, known).filter(|_| name.chars().count() > 2) {
        Some(known) => format!("did you mean `{known}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None => {
            let mut told: Vec<&str> = Vec::new();
            for name in known {
                if !told.contains(name) {
                    told.push(name);
                }
            }
            format!("{there_are} {}", told.join(", "))
        }
    }
}
