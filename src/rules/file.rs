//! The text of a rules file into [`Rules`], every error of it with its place.

use super::expression::Expression;
use super::model::{
    Announce, Cascade, Definition, Each, Known, Merge, OperationRules, Require, Rules, SetRule,
};
use super::names::{Defined, Scope, suggestion};
use super::texts::Patterns;
use crate::spec::{Fields, LoadError, Origin, Place, Source, nearest};
use crate::wire::Pointer;
use serde_json::Value;
use std::sync::Arc;

impl Rules {
    /// Reads and compiles a rules file against the operations and collections that there are.
    /// Every error of the file is given.
    pub fn read(
        source: &Arc<Source>,
        operations: &[Known],
        collections: &[String],
    ) -> (Rules, Vec<LoadError>) {
        let value = match source.parse() {
            Ok(value) => value,
            Err(error) => return (Rules::default(), vec![error]),
        };
        if value.is_null() {
            return Default::default(); // nothing but comments
        }
        let scope = Scope {
            collections: collections.to_vec(),
            ..Scope::default()
        };
        let mut reader = Reader::new(source, scope);
        let rules = reader.file(&value, operations);
        (rules, reader.sorted())
    }

    /// Whether they say of an operation's callback when it is sent, and where to.
    pub fn announces(&self, operation: usize, callback: &str) -> bool {
        let rules = self.of(operation);
        let mut announces = rules.into_iter().flat_map(|rules| &rules.announces);
        announces.any(|rule| rule.callback == callback)
    }

    /// The rules of an operation, by its number.
    pub fn of(&self, operation: usize) -> Option<&OperationRules> {
        self.operations.get(&operation)
    }
}

pub(super) struct Reader<'r> {
    source: &'r Arc<Source>,
    pub(super) scope: Scope,
    pub(super) errors: Vec<LoadError>,
    /// The patterns that stand in what was compiled.
    pub(super) patterns: Patterns,
}

const REQUEST: [&str; 3] = ["request", "auth", "now"];

impl<'r> Reader<'r> {
    pub(super) fn new(source: &'r Arc<Source>, scope: Scope) -> Reader<'r> {
        Reader {
            source,
            scope,
            errors: Vec::new(),
            patterns: Patterns::new(),
        }
    }

    /// The errors, as they stand in the file.
    pub(super) fn sorted(self) -> Vec<LoadError> {
        let mut errors = self.errors;
        errors.sort_by_cached_key(|error| self.source.span(&error.place).start);
        errors
    }

    fn file(&mut self, value: &'r Value, known: &[Known]) -> Rules {
        let mut rules = Rules::default();
        let keys = ["define", "operations"];
        let Some(file) = self.fields(value, Pointer::root(), &keys) else {
            return rules;
        };
        rules.definitions = self.definitions(&file);
        for (number, value, at) in self.of_operations(&file, known) {
            if let Some(mut operation) = self.operation(value, at, &known[number]) {
                operation.uses = operation.names(&rules.definitions);
                rules.operations.insert(number, operation);
            }
        }
        rules.patterns = Arc::new(std::mem::take(&mut self.patterns));
        rules
    }

    /// The functions under `define`; they are in the scope from then on.
    pub(super) fn definitions(&mut self, file: &Fields<'r>) -> Vec<Arc<Definition>> {
        let mut definitions = Vec::new();
        if let Some((value, at)) = file.get("define") {
            for (head, body) in self.mapping(value, &at) {
                let at = at.child(head);
                definitions.extend(self.definition(head, body, at).map(Arc::new));
            }
        }
        definitions
    }

    /// The operations under `operations`: the number of each, what is said of it, and where.
    pub(super) fn of_operations(
        &mut self,
        file: &Fields<'r>,
        known: &[Known],
    ) -> Vec<(usize, &'r Value, Pointer)> {
        let mut all: Vec<(usize, &Value, Pointer)> = Vec::new();
        let Some((value, at)) = file.get("operations") else {
            return all;
        };
        for (name, value) in self.mapping(value, &at) {
            let at = at.child(name);
            let number = known.iter().position(|known| known.names.contains(name));
            let named = known.iter().filter(|known| known.names.contains(name));
            if named.count() > 1 {
                let message = format!("several operations have the operationId `{name}`");
                let help = "name it as `PATCH /path`";
                self.error_with_help(Place::Key(at), message, help);
                continue;
            }
            let Some(number) = number else {
                let names = known.iter().flat_map(|k| &k.names);
                let names: Vec<&str> = names.map(String::as_str).collect();
                let message = format!("the contract has no operation `{name}`");
                let help = match nearest(name, &names) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "name it by its operationId, or as `PATCH /path`".to_owned(),
                };
                self.error_with_help(Place::Key(at), message, help);
                continue;
            };
            if all.iter().any(|(other, ..)| *other == number) {
                self.error(Place::Key(at.clone()), "this operation stands here already");
            }
            all.push((number, value, at));
        }
        all
    }

    /// `name(a, b): expression`. It may call what is defined above it, so none calls itself.
    fn definition(&mut self, head: &str, body: &Value, at: Pointer) -> Option<Definition> {
        let is_name = |text: &str| {
            text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let parts = head.strip_suffix(')').and_then(|head| head.split_once('('));
        let (name, parameters): (&str, Vec<String>) = match parts {
            Some((name, list)) if is_name(name) => (
                name,
                list.split(',')
                    .map(|p| p.trim().to_owned())
                    .filter(|p| !p.is_empty())
                    .collect(),
            ),
            _ => {
                self.error(Place::Key(at), "a definition is named like `length(item)`");
                return None;
            }
        };
        if self.scope.is_taken(name) {
            self.error(
                Place::Key(at),
                format!("there is a function `{name}` already"),
            );
            return None;
        }
        let Some(text) = body.as_str() else {
            self.error(Place::Value(at), "a definition is an expression");
            return None;
        };
        let names: Vec<&str> = parameters
            .iter()
            .map(String::as_str)
            .chain(["now"])
            .collect();
        let scope = self.scope.with(&names);
        let expression = self.compile(text, at, &scope);
        // A broken one is known too, so that what calls it isn't told of as well.
        self.scope.defined.push(Defined {
            name: name.to_owned(),
            arity: parameters.len(),
            depth: expression.as_ref().map_or(0, |known| known.depth),
        });
        Some(Definition {
            name: name.to_owned(),
            parameters,
            expression: expression?,
        })
    }

    fn operation(
        &mut self,
        value: &'r Value,
        at: Pointer,
        known: &Known,
    ) -> Option<OperationRules> {
        let keys = [
            "merge",
            "authorize",
            "condition",
            "require",
            "set",
            "cascade",
            "announce",
        ];
        let fields = self.fields(value, at, &keys)?;
        let request = self.scope.with(&REQUEST);
        let stored = request.with(&["stored"]);
        let next = stored.with(&["next"]);
        let mut rules = OperationRules {
            merge: self.merge(&fields),
            authorize: self.expression(&fields, "authorize", &request),
            ..OperationRules::default()
        };
        for (value, at) in fields.list("condition", &mut self.errors) {
            rules.conditions.extend(self.require(value, at, &stored));
        }
        for (value, at) in fields.list("require", &mut self.errors) {
            rules.requires.extend(self.require(value, at, &next));
        }
        for (value, at) in fields.list("set", &mut self.errors) {
            rules.sets.extend(self.set(value, at, &next));
        }
        for (value, at) in fields.list("cascade", &mut self.errors) {
            rules.cascades.extend(self.cascade(value, at, &next));
        }
        for (value, at) in fields.list("announce", &mut self.errors) {
            rules
                .announces
                .extend(self.announce(value, at, &next, known));
        }
        Some(rules)
    }

    fn merge(&mut self, fields: &Fields<'_>) -> Option<Merge> {
        let (text, at) = fields.text("merge", &mut self.errors)?;
        match text.as_str() {
            "deep" => Some(Merge::Deep),
            "properties" => Some(Merge::Properties),
            "whole" => Some(Merge::Whole),
            _ => {
                let help = suggestion(&text, &["deep", "properties", "whole"], "there are");
                let message = format!("there is no way to merge called `{text}`");
                self.error_with_help(Place::Value(at), message, help);
                None
            }
        }
    }

    fn require(&mut self, value: &'r Value, at: Pointer, scope: &Scope) -> Option<Require> {
        let keys = ["when", "for", "that", "at", "message", "status"];
        let fields = self.fields(value, at, &keys)?;
        let when = self.expression(&fields, "when", scope);
        let mut scope = scope.clone();
        let each = self.each(&fields, &mut scope);
        let that = self.needed(&fields, "that", &scope);
        let message = fields.needed("message", &mut self.errors);
        let at = fields.text("at", &mut self.errors);
        if let Some((text, at)) = &at
            && Pointer::parse(text).is_none()
        {
            self.error_with_help(
                Place::Value(at.clone()),
                "this is no JSON Pointer: it starts with /",
                format!("write it as `/{text}`"),
            );
        }
        let loop_names = each.as_ref().map_or(Vec::new(), Each::names);
        for (text, place) in message.iter().chain(&at) {
            let unknown = placeholders(text).find(|name| !loop_names.contains(name));
            if let Some(name) = unknown {
                let message = format!("there is no loop variable `{name}` here");
                let error = LoadError::new(self.source, Place::Value(place.clone()), message);
                self.errors
                    .push(error.with_help("in braces stand the variables of `for`"));
            }
        }
        let status = match fields.get("status") {
            None => None,
            Some((value, at)) => {
                let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
                let status = status.filter(|status| (400..600).contains(status));
                if status.is_none() {
                    let help = match value.is_string() {
                        true => "it is a number, without quotes",
                        false => "without a status it is the one for invalid requests",
                    };
                    let message = "a refusal's status is from 400 to 599";
                    self.error_with_help(Place::Value(at), message, help);
                }
                status
            }
        };
        Some(Require {
            when,
            each,
            that: that?,
            at: at.map(|(text, _)| text),
            message: message?.0,
            status,
        })
    }

    /// The loop; its variables are added to the scope even where its list is broken, so that what
    /// uses them isn't told of too.
    fn each(&mut self, fields: &Fields<'_>, scope: &mut Scope) -> Option<Each> {
        let (text, at) = fields.text("for", &mut self.errors)?;
        let Some((names, list)) = text.split_once(" in ") else {
            self.error(
                Place::Value(at),
                "a loop reads `item in list` or `index, item in list`",
            );
            return None;
        };
        let (index, name) = match names.split_once(',') {
            Some((index, name)) => (Some(index.trim().to_owned()), name.trim().to_owned()),
            None => (None, names.trim().to_owned()),
        };
        let outer = scope.clone();
        let names: Vec<&str> = index.iter().chain([&name]).map(String::as_str).collect();
        *scope = scope.with(&names);
        let before = text.strip_suffix(list).unwrap_or_default();
        let before = before.chars().filter(|c| !c.is_whitespace()).count();
        let list = self.compile_behind(before, list, at, &outer);
        Some(Each {
            index,
            name,
            list: list?,
        })
    }

    pub(super) fn set(&mut self, value: &'r Value, at: Pointer, scope: &Scope) -> Option<SetRule> {
        let fields = self.fields(value, at, &["when", "at", "to", "remove"])?;
        let when = self.expression(&fields, "when", scope);
        let (text, place) = fields.needed("at", &mut self.errors)?;
        let Some(at) = Pointer::parse(&text).filter(|at| *at != Pointer::root()) else {
            self.error_with_help(
                Place::Value(place.clone()),
                "this is no JSON Pointer to a property: it starts with /",
                format!(
                    "write it as `/{}`",
                    if text.is_empty() { "name" } else { &text }
                ),
            );
            return None;
        };
        let remove = fields
            .get("remove")
            .map(|(value, _)| value == &Value::Bool(true));
        let to = self.expression(&fields, "to", scope);
        if fields.get("to").is_some() == (remove == Some(true)) {
            self.error(
                Place::Value(fields.at.clone()),
                "a computed property has either `to` or `remove: true`",
            );
        }
        Some(SetRule {
            when,
            at,
            to,
            written: Origin {
                source: Arc::clone(self.source),
                pointer: place,
            },
        })
    }

    fn cascade(&mut self, value: &'r Value, at: Pointer, scope: &Scope) -> Option<Cascade> {
        let fields = self.fields(value, at, &["when", "collection", "where", "set"])?;
        let when = self.expression(&fields, "when", scope);
        let (collection, place) = fields.needed("collection", &mut self.errors)?;
        if !self.scope.collections.contains(&collection) {
            let names: Vec<&str> = self.scope.collections.iter().map(String::as_str).collect();
            let help = suggestion(&collection, &names, "there are");
            let message = format!("there is no collection `{collection}`");
            self.error_with_help(Place::Value(place), message, help);
        }
        let scope = scope.with(&["item"]);
        let filter = self.needed(&fields, "where", &scope);
        let sets = fields.list("set", &mut self.errors);
        let sets = sets
            .into_iter()
            .filter_map(|(value, at)| self.set(value, at, &scope))
            .collect();
        Some(Cascade {
            when,
            collection,
            filter: filter?,
            sets,
        })
    }

    fn announce(
        &mut self,
        value: &'r Value,
        at: Pointer,
        scope: &Scope,
        known: &Known,
    ) -> Option<Announce> {
        let fields = self.fields(value, at, &["when", "callback", "to", "body"])?;
        let when = self.expression(&fields, "when", scope);
        let (callback, place) = fields.needed("callback", &mut self.errors)?;
        if !known.callbacks.contains(&callback) {
            let names: Vec<&str> = known.callbacks.iter().map(String::as_str).collect();
            let help = suggestion(&callback, &names, "there are");
            let message = format!("the operation has no callback `{callback}`");
            self.error_with_help(Place::Value(place), message, help);
        }
        let to = self.needed(&fields, "to", scope);
        let body = self.needed(&fields, "body", scope);
        Some(Announce {
            when,
            callback,
            to: to?,
            body: body?,
        })
    }

    pub(super) fn fields(
        &mut self,
        value: &'r Value,
        at: Pointer,
        known: &[&str],
    ) -> Option<Fields<'r>> {
        Fields::new(self.source, at, value, known, &mut self.errors)
    }

    fn expression(&mut self, fields: &Fields<'_>, key: &str, scope: &Scope) -> Option<Expression> {
        let (text, at) = fields.text(key, &mut self.errors)?;
        self.compile(&text, at, scope)
    }

    fn needed(&mut self, fields: &Fields<'_>, key: &str, scope: &Scope) -> Option<Expression> {
        let (text, at) = fields.needed(key, &mut self.errors)?;
        self.compile(&text, at, scope)
    }

    fn compile(&mut self, text: &str, at: Pointer, scope: &Scope) -> Option<Expression> {
        self.compile_behind(0, text, at, scope)
    }

    /// An expression that stands behind so many characters.
    fn compile_behind(
        &mut self,
        before: usize,
        text: &str,
        at: Pointer,
        scope: &Scope,
    ) -> Option<Expression> {
        let compiled = Expression::compile(self.source, at, (before, text), scope);
        let mut compiled = compiled.map_err(|error| self.errors.push(error)).ok()?;
        self.patterns.extend(std::mem::take(&mut compiled.patterns));
        Some(compiled)
    }

    /// The members of a mapping; an error where it is something else.
    fn mapping(
        &mut self,
        value: &'r Value,
        at: &Pointer,
    ) -> impl Iterator<Item = (&'r String, &'r Value)> + use<'r> {
        if !value.is_object() && !value.is_null() {
            self.error(Place::Value(at.clone()), "a mapping is expected here");
        }
        value.as_object().into_iter().flatten()
    }

    fn error_with_help(
        &mut self,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let error = LoadError::new(self.source, place, message);
        self.errors.push(error.with_help(help));
    }

    fn error(&mut self, place: Place, message: impl Into<String>) {
        self.errors
            .push(LoadError::new(self.source, place, message));
    }
}

/// The names in braces: `{index}`. What else stands in braces is plain text.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| {
        let (name, _) = rest.split_once('}')?;
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        (!name.is_empty() && name.chars().all(is_name)).then_some(name)
    })
}
