use super::functions::{OWN, STANDARD};
use crate::spec::{LoadError, Origin, Place, Source};
use crate::wire::Pointer;
use cel::common::ast::{EntryExpr, Expr, IdedExpr, LiteralValue};
use cel::{Context, Env, Program, Value as Cel, extensions};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, LazyLock};

/// A compiled expression, with its place.
#[derive(Debug)]
pub struct Expression {
    program: Program,
    source: Arc<Source>,
    at: Pointer,
    /// The variables and functions that it names, those of its own loops aside.
    pub(super) names: BTreeSet<String>,
}

/// The names that an expression may use.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) variables: Vec<String>,
    /// The functions of `define`, with how many arguments each takes.
    pub(super) defined: Vec<(String, usize)>,
    pub(super) collections: Vec<String>,
}

/// An expression that failed on a request: a fault of the rules, not of the client.
#[derive(Debug, Clone)]
pub struct RuleFault {
    /// Where it stands.
    pub origin: Origin,
    /// Why it failed.
    pub message: String,
}

impl fmt::Display for RuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the rule can't be evaluated: {}",
            self.origin, self.message
        )
    }
}

/// CEL's standard environment with its string extension, built once.
pub(super) fn environment() -> Arc<Env> {
    static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
        let mut environment = Env::stdlib();
        // The extension's names are new to the standard ones.
        let added = environment.add_extension(extensions::strings);
        debug_assert!(added.is_ok());
        Arc::new(environment)
    });
    Arc::clone(&ENVIRONMENT)
}

impl Scope {
    /// Whether a function of this name is there already.
    pub(super) fn is_taken(&self, name: &str) -> bool {
        let defined = self.defined.iter().any(|(known, _)| known == name);
        defined || STANDARD.contains(&name) || OWN.contains(&name)
    }

    pub(super) fn with(&self, names: &[&str]) -> Scope {
        let mut scope = self.clone();
        scope
            .variables
            .extend(names.iter().map(|name| (*name).to_owned()));
        scope
    }
}

impl Expression {
    /// Compiles the text that stands at `at`; every name in it must be one of the scope's.
    pub(super) fn compile(
        source: &Arc<Source>,
        at: Pointer,
        text: &str,
        scope: &Scope,
    ) -> Result<Expression, LoadError> {
        // How many characters other than white space stand before an offset: see `Place::Inside`.
        let place = |offset: usize| {
            let before = text.chars().take(offset).filter(|c| !c.is_whitespace());
            Place::Inside(at.clone(), before.count())
        };
        let program = environment().compile(text).map_err(|errors| {
            let first = errors.errors.first();
            let (line, column) = first.map_or((1, 1), |error| error.pos);
            let line_start: usize = text
                .split_inclusive('\n')
                .take(usize::try_from(line - 1).unwrap_or(0))
                .map(|line| line.chars().count())
                .sum();
            let offset = line_start + usize::try_from(column - 1).unwrap_or(0);
            let message = first.map_or("", |error| error.msg.as_str());
            let message = message.lines().next().unwrap_or("");
            LoadError::new(source, place(offset), format!("this is not CEL: {message}"))
        })?;
        let mut names = Names {
            scope,
            bound: Vec::new(),
            used: BTreeSet::new(),
        };
        if let Err((id, message, help)) = names.check(program.expression()) {
            let offset = program
                .source_info()
                .offset_for(id)
                .map_or(0, |(start, _)| start);
            let error = LoadError::new(source, place(offset as usize), message);
            return Err(error.with_help(help));
        }
        let names = names.used;
        Ok(Expression {
            program,
            source: Arc::clone(source),
            at,
            names,
        })
    }

    pub(super) fn evaluate(&self, context: &Context<'_, '_>) -> Result<Cel, RuleFault> {
        self.program
            .execute(context)
            .map_err(|error| self.fault(error.to_string()))
    }

    pub(super) fn is_true(&self, context: &Context<'_, '_>) -> Result<bool, RuleFault> {
        match self.evaluate(context)? {
            Cel::Bool(flag) => Ok(flag),
            other => Err(self.fault(format!("it must be true or false, and is {other:?}"))),
        }
    }

    pub(super) fn program(&self) -> &Program {
        &self.program
    }

    pub(super) fn fault(&self, message: impl Into<String>) -> RuleFault {
        RuleFault {
            origin: self.origin(),
            message: message.into(),
        }
    }

    pub(super) fn origin(&self) -> Origin {
        Origin {
            source: Arc::clone(&self.source),
            pointer: self.at.clone(),
        }
    }
}

/// Checks that every name is known. The interpreter would tell only when it comes to one.
struct Names<'s> {
    scope: &'s Scope,
    bound: Vec<String>,
    used: BTreeSet<String>,
}

type Unknown = (u64, String, String);

impl Names<'_> {
    fn check(&mut self, node: &IdedExpr) -> Result<(), Unknown> {
        match &node.expr {
            Expr::Ident(name) => self.variable(node.id, name),
            Expr::Select(select) => self.check(&select.operand),
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
        if self.scope.variables.iter().any(|known| known == name) {
            self.used.insert(name.to_owned());
            return Ok(());
        }
        let names = self.scope.variables.join(", ");
        Err((
            id,
            format!("there is no variable `{name}` here"),
            format!("there are {names}"),
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
        if let Some((_, arity)) = self.scope.defined.iter().find(|(known, _)| known == name) {
            let given = arguments.len() + usize::from(is_method);
            if given == *arity {
                return Ok(());
            }
            return Err((
                id,
                format!("`{name}` takes {arity} arguments, and is given {given}"),
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
            return Err((
                arguments[0].id,
                format!("there is no collection `{}`", collection.inner()),
                format!("there are {}", self.scope.collections.join(", ")),
            ));
        }
        if is_operator || STANDARD.contains(&name) || OWN.contains(&name) {
            return Ok(());
        }
        let own: Vec<&str> = OWN
            .iter()
            .copied()
            .chain(self.scope.defined.iter().map(|(name, _)| name.as_str()))
            .collect();
        Err((
            id,
            format!("there is no function `{name}`"),
            format!("beside CEL's own there are {}", own.join(", ")),
        ))
    }
}
