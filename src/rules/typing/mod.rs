//! Holds the expressions of rules against the schemas of what they look at, when the file is read:
//! a number that is compared with a text is found then, and not by the first request.

mod hooks;
mod kinds;
mod signatures;
mod types;
mod walk;

use super::expression::Expression;
use super::model::{Definition, OperationRules, Rules, SetRule};
use crate::spec::{LoadError, Location, Place, ShapeId, Shapes, Source};
use crate::wire::Pointer;
pub use hooks::HookFacts;
use kinds::Kinds;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use types::Type;
use walk::Walk;

/// What the contract says of what rules look at.
pub struct Facts<'f> {
    /// The shapes of the contract's schemas.
    pub shapes: &'f Shapes,
    /// What is said of an operation, by its number.
    pub operation: &'f dyn Fn(usize) -> OperationFacts,
    /// The schemas that an item of a collection is of.
    pub item: &'f dyn Fn(&str) -> Vec<ShapeId>,
    /// Whether fixtures have items with a property of this name.
    pub is_in_fixtures: &'f dyn Fn(&str) -> bool,
}

/// What the contract says of one operation.
#[derive(Debug, Default)]
pub struct OperationFacts {
    /// The parameters: where each is, its name, its schema.
    pub parameters: Vec<(Location, String, Option<ShapeId>)>,
    /// The schemas of its body; none where it takes what has none.
    pub body: Vec<ShapeId>,
    /// The schemas of what it makes of an item; none where that isn't known.
    pub next: Vec<ShapeId>,
    /// The collection of its item.
    pub collection: Option<String>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Mistyped {
    /// What can't be evaluated, or is the same whatever is sent.
    pub errors: Vec<LoadError>,
    /// What no schema tells of.
    pub warnings: Vec<LoadError>,
}

/// What an expression is wrong about.
struct Fault {
    /// The definition that it is in; nothing for the expression itself.
    definition: Option<usize>,
    /// The node of the expression.
    id: u64,
    message: String,
    help: Option<String>,
    /// Whether it is wrong whatever is sent.
    is_certain: bool,
}

/// What all expressions of a file know.
struct Known<'k> {
    shapes: &'k Shapes,
    definitions: &'k [Arc<Definition>],
    items: &'k dyn Fn(&str) -> Vec<ShapeId>,
    is_kept: &'k dyn Fn(&str) -> bool,
}

impl Known<'_> {
    fn now(&self) -> [(String, Type); 1] {
        [("now".to_owned(), Type::of(Kinds::TIMESTAMP))]
    }

    fn item(&self, collection: &str) -> Type {
        self.any_of(&(self.items)(collection))
    }

    fn any_of(&self, schemas: &[ShapeId]) -> Type {
        let schemas = schemas.iter();
        let types = schemas.map(|id| Type::of_schema(self.shapes, *id));
        types.reduce(Type::or).unwrap_or_else(Type::any)
    }
}

impl Rules {
    /// Holds every expression against what the contract says. Each fault is told once.
    pub fn held_against(&self, facts: &Facts<'_>) -> Mistyped {
        let set = self.operations.values().flat_map(OperationRules::all_sets);
        let set: HashSet<String> = set.flat_map(|rule| rule.at.tokens()).collect();
        let known = Known {
            shapes: facts.shapes,
            definitions: &self.definitions,
            items: facts.item,
            is_kept: &|name| set.contains(name) || (facts.is_in_fixtures)(name),
        };
        let mut found = Mistyped::default();
        let mut told = HashSet::new();
        let mut numbers: Vec<&usize> = self.operations.keys().collect();
        numbers.sort();
        for number in numbers {
            let rules = &self.operations[number];
            let said = (facts.operation)(*number);
            Reading::new(&known, &mut found, &mut told).operation(rules, &said);
        }
        found.sort();
        found
    }
}

impl Mistyped {
    /// In the order of the file.
    fn sort(&mut self) {
        for list in [&mut self.errors, &mut self.warnings] {
            list.sort_by_cached_key(|error| error.source.span(&error.place).start);
        }
    }
}

struct Reading<'r, 'k> {
    known: &'r Known<'k>,
    parts: usize,
    found: &'r mut Mistyped,
    /// What was told of, by file place and message: a definition is called from many places.
    told: &'r mut HashSet<String>,
}

type Scope = Vec<(String, Type)>;

impl<'r, 'k> Reading<'r, 'k> {
    fn new(
        known: &'r Known<'k>,
        found: &'r mut Mistyped,
        told: &'r mut HashSet<String>,
    ) -> Reading<'r, 'k> {
        Reading {
            known,
            parts: 0,
            found,
            told,
        }
    }
}

impl Reading<'_, '_> {
    fn operation(&mut self, rules: &OperationRules, said: &OperationFacts) {
        let (request, stored, next) = scopes(self.known, said);
        if let Some(rule) = &rules.authorize {
            self.hold(rule, &request, Kinds::BOOL);
        }
        let demands = rules.conditions.iter().map(|rule| (rule, &stored));
        for (rule, scope) in demands.chain(rules.requires.iter().map(|rule| (rule, &next))) {
            self.when(&rule.when, scope);
            let mut scope = scope.clone();
            if let Some(each) = &rule.each {
                let list = self.hold(&each.list, &scope, Kinds::LIST);
                if let Some(index) = &each.index {
                    scope.push((index.clone(), Type::of(Kinds::INT)));
                }
                scope.push((each.name.clone(), list.item(self.known.shapes)));
            }
            self.hold(&rule.that, &scope, Kinds::BOOL);
        }
        let whole = next.iter().rev().find(|(name, _)| name == "next");
        let whole = whole.map_or_else(Type::any, |(_, whole)| whole.clone());
        for rule in &rules.sets {
            self.set(rule, &next, &whole);
        }
        for cascade in &rules.cascades {
            self.when(&cascade.when, &next);
            let item = self.known.item(&cascade.collection);
            let mut scope = next.clone();
            scope.push(("item".to_owned(), item.clone()));
            self.hold(&cascade.filter, &scope, Kinds::BOOL);
            for rule in &cascade.sets {
                self.set(rule, &scope, &item);
            }
        }
        for announce in &rules.announces {
            self.when(&announce.when, &next);
            self.hold(&announce.to, &next, Kinds::STRING | Kinds::LIST);
            self.hold(&announce.body, &next, Kinds::ANY);
        }
    }

    fn when(&mut self, when: &Option<Expression>, scope: &Scope) {
        if let Some(when) = when {
            self.hold(when, scope, Kinds::BOOL);
        }
    }

    /// What is computed must fit where it goes.
    fn set(&mut self, rule: &SetRule, scope: &Scope, whole: &Type) {
        self.when(&rule.when, scope);
        let Some(to) = &rule.to else {
            return;
        };
        let wanted = place(self.known, whole, &rule.at);
        let got = self.hold(to, scope, Kinds::ANY).kinds.as_json();
        if !got.has(wanted) && !got.is_none() {
            let message = format!("{} must be {wanted}, and this is {got}", rule.at);
            let id = to.program().expression().id;
            self.tell(to, to.place(id), message, None, true);
        }
    }

    fn hold(&mut self, expression: &Expression, scope: &Scope, wanted: Kinds) -> Type {
        let mut walk = Walk {
            known: self.known,
            scope: scope.clone(),
            parts: self.parts,
            faults: Vec::new(),
            inside: None,
        };
        let program = expression.program().expression();
        let found = walk.need(program, wanted, "there must be");
        self.parts = walk.parts;
        for fault in walk.faults {
            let (expression, help) = match fault.definition {
                None => (expression, fault.help),
                Some(number) => (&self.known.definitions[number].expression, fault.help),
            };
            let at = expression.place(fault.id);
            self.tell(expression, at, fault.message, help, fault.is_certain);
        }
        found
    }

    fn tell(
        &mut self,
        expression: &Expression,
        at: Place,
        message: String,
        help: Option<String>,
        is_certain: bool,
    ) {
        self.tell_of(expression.source(), at, message, help, is_certain);
    }

    fn tell_of(
        &mut self,
        source: &Arc<Source>,
        at: Place,
        message: String,
        help: Option<String>,
        is_certain: bool,
    ) {
        let error = LoadError::new(source, at, message);
        if !self.told.insert(error.to_string()) {
            return;
        }
        let error = match help {
            Some(help) => error.with_help(help),
            None => error,
        };
        match is_certain {
            true => self.found.errors.push(error),
            false => self.found.warnings.push(error),
        }
    }
}

/// The kinds that may stand at a place of a value.
fn place(known: &Known<'_>, whole: &Type, at: &Pointer) -> Kinds {
    let mut here = whole.clone();
    for token in at.tokens() {
        let is_list = here.kinds.has(Kinds::LIST);
        here = match here.member(known.shapes, &token) {
            Ok(member) if !is_list => member,
            _ => return Kinds::ANY,
        };
    }
    here.kinds
}

/// The variables of what decides who may, of conditions, and of all the rest.
fn scopes(known: &Known<'_>, said: &OperationFacts) -> (Scope, Scope, Scope) {
    let of = |location: Location| {
        let parameters = said.parameters.iter().filter(|(at, _, _)| *at == location);
        let types = parameters.map(|(_, name, schema)| {
            let schema = schema.map(|id| Type::of_schema(known.shapes, id));
            (name.clone(), schema.unwrap_or_else(Type::any))
        });
        types.collect::<BTreeMap<_, _>>()
    };
    let text = || Type::of(Kinds::STRING);
    let request = Type::object([
        ("method", text()),
        ("path", Type::object(of(Location::Path))),
        ("query", Type::object(of(Location::Query))),
        // Any field may be sent.
        ("headers", Type::map(text())),
        ("body", known.any_of(&said.body)),
    ]);
    let auth = Type::object([
        ("claims", Type::of(Kinds::MAP)),
        ("permissions", Type::list(text())),
    ]);
    let mut scope = vec![("request".to_owned(), request), ("auth".to_owned(), auth)];
    scope.extend(known.now());
    let request = scope.clone();
    let item = said.collection.as_deref().map(|name| known.item(name));
    scope.push(("stored".to_owned(), item.unwrap_or_else(Type::any)));
    let stored = scope.clone();
    scope.push(("next".to_owned(), known.any_of(&said.next)));
    (request, stored, scope)
}
