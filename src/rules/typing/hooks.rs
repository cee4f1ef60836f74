//! Holds the expressions of hooks against the contract, and the places that they set.

use super::kinds::Kinds;
use super::types::{NoMember, Type};
use super::{Known, Mistyped, OperationFacts, Reading};
use crate::rules::hooks::{Hook, Hooks};
use crate::rules::model::{Look, SetRule};
use crate::rules::names::suggestion;
use crate::spec::{Location, Place, ShapeId, Shapes};
use std::collections::HashSet;

/// What the contract says of what hooks look at, and of what they set.
pub struct HookFacts<'f> {
    /// The shapes of the contract's schemas.
    pub shapes: &'f Shapes,
    /// What is said of an operation, by its number, all parameters included.
    pub operation: &'f dyn Fn(usize) -> OperationFacts,
    /// The names of operations, by their numbers.
    pub names: &'f [Vec<String>],
    /// The schemas of what an operation answers when it is done; none where one isn't known.
    pub done: &'f dyn Fn(usize) -> Vec<ShapeId>,
}

impl Hooks {
    /// Holds every expression, and every place that is set, against what the contract says.
    pub fn held_against(&self, facts: &HookFacts<'_>) -> Mistyped {
        let hooks = self.operations.values();
        let set = hooks.flat_map(|hook| &hook.sets);
        let set: HashSet<String> = set.flat_map(|rule| rule.at.tokens()).collect();
        let known = Known {
            shapes: facts.shapes,
            definitions: &self.definitions,
            items: &|_| Vec::new(),
            is_kept: &|name| set.contains(name),
        };
        let mut found = Mistyped::default();
        let mut told = HashSet::new();
        let mut numbers: Vec<&usize> = self.operations.keys().collect();
        numbers.sort();
        for number in numbers {
            let hook = &self.operations[number];
            let said = (facts.operation)(*number);
            let mut reading = Reading::new(&known, &mut found, &mut told);
            let scope = [
                ("request".to_owned(), request(&known, &said, |_| text())),
                ("replies".to_owned(), replies(&known, facts, hook)),
                ("count".to_owned(), Type::of(Kinds::INT)),
            ];
            let scope = scope.into_iter().chain(known.now()).collect();
            let whole = request(&known, &said, |id| {
                let declared = id.map(|id| Type::of_schema(known.shapes, id));
                declared.unwrap_or_else(Type::any).or(text())
            });
            for rule in &hook.sets {
                if reading.is_place(rule, &whole) {
                    reading.set(rule, &scope, &whole);
                }
            }
        }
        found.sort();
        found
    }
}

fn text() -> Type {
    Type::of(Kinds::STRING)
}

/// What a request is, its parameters of these types.
fn request(
    known: &Known<'_>,
    said: &OperationFacts,
    parameter: impl Fn(Option<ShapeId>) -> Type,
) -> Type {
    let of = |location: Location| {
        let parameters = said.parameters.iter().filter(|(at, ..)| *at == location);
        let named = parameters.map(|(_, name, schema)| (name.clone(), parameter(*schema)));
        Type::object(named.collect::<Vec<_>>())
    };
    Type::object([
        ("path", of(Location::Path)),
        ("query", of(Location::Query)),
        ("headers", of(Location::Header)),
        ("body", known.any_of(&said.body)),
    ])
}

/// A reply to each operation, as far as this hook looks at it.
fn replies(known: &Known<'_>, facts: &HookFacts<'_>, hook: &Hook) -> Type {
    let look = Look::of(&hook.uses, "replies");
    let all = facts.names.iter().enumerate().flat_map(|(number, names)| {
        let names = names.iter();
        names.map(move |name| (number, name))
    });
    let all = all.map(|(number, name)| {
        let body = match look.sees(name) {
            true => known.any_of(&(facts.done)(number)),
            false => Type::any(),
        };
        let reply = Type::object([
            ("status", Type::of(Kinds::INT)),
            ("headers", Type::map(text())),
            ("body", body),
        ]);
        (name.clone(), reply)
    });
    Type::object(all.collect::<Vec<_>>())
}

impl Reading<'_, '_> {
    /// Whether a request has the place that a hook sets; tells where it hasn't.
    fn is_place(&mut self, rule: &SetRule, whole: &Type) -> bool {
        let mut tokens = rule.at.tokens();
        let part = tokens.next().unwrap_or_default();
        let kind = match part.as_str() {
            "path" => "path parameter",
            "query" => "query parameter",
            "headers" => "header parameter",
            _ => "property",
        };
        let mut here = match whole.member(self.known.shapes, &part) {
            Ok(here) => here,
            Err(_) => return true, // told when the file was read
        };
        for name in tokens {
            // A list is set whole, or item by item.
            if here.kinds.has(Kinds::LIST) {
                return true;
            }
            let unknown = match self.member(&here, kind, &name) {
                Ok(member) => {
                    here = member;
                    continue;
                }
                Err(unknown) => unknown,
            };
            let (message, help, is_certain) = unknown;
            let at = Place::Value(rule.written.pointer.clone());
            self.tell_of(&rule.written.source, at, message, help, is_certain);
            return false;
        }
        true
    }

    fn member(
        &self,
        of: &Type,
        kind: &str,
        name: &str,
    ) -> Result<Type, (String, Option<String>, bool)> {
        let is_header = kind == "header parameter";
        let found = match of.member(self.known.shapes, name) {
            Err(NoMember::Unknown(names)) if is_header => {
                let mut names_of = names.iter();
                match names_of.find(|known| known.eq_ignore_ascii_case(name)) {
                    Some(known) => of.member(self.known.shapes, known),
                    None => Err(NoMember::Unknown(names)),
                }
            }
            found => found,
        };
        let (names, is_certain) = match found {
            Ok(member) => return Ok(member),
            Err(NoMember::Scalar) => {
                let message = format!(
                    "what stands there is {}, which has no member `{name}`",
                    of.kinds
                );
                return Err((message, None, true));
            }
            Err(NoMember::Unknown(names)) => (names, true),
            Err(NoMember::Undeclared(names)) => (names, false),
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let message = match kind {
            "property" => format!("no schema of the body has a property `{name}` here"),
            kind => format!("the operation has no {kind} `{name}`"),
        };
        Err((
            message,
            Some(suggestion(name, &names, "there are")),
            is_certain,
        ))
    }
}
