//! The type of an expression, from those of its parts.

use super::kinds::Kinds;
use super::signatures::signature;
use super::types::{NoMember, Type};
use super::{Fault, Known};
use crate::rules::expression::environment;
use crate::rules::names::{TYPES, suggestion};
use cel::common::ast::SelectExpr;
use cel::common::ast::operators as op;
use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue};
use cel::{Context, Value as Cel};
use std::collections::BTreeMap;

/// How many parts of expressions are looked at for one operation: definitions that call each other
/// twice are looked at each time.
const PARTS: usize = 100_000;

/// How many texts are told of those that there may be.
const TEXTS: usize = 20;

/// What can be put in order. Of numbers it is those of one kind alone, which JSON doesn't tell
/// apart.
const ORDERED: [Kinds; 6] = [
    Kinds::INT.or(Kinds::DOUBLE),
    Kinds::STRING,
    Kinds::BOOL,
    Kinds::BYTES,
    Kinds::TIMESTAMP,
    Kinds::DURATION,
];
const NUMBER: Kinds = Kinds::INT.or(Kinds::DOUBLE);

/// What two kinds make by an operator.
type Made = (Kinds, Kinds, Kinds);

const SUMS: [Made; 8] = [
    (Kinds::INT, Kinds::INT, Kinds::INT),
    (Kinds::DOUBLE, Kinds::DOUBLE, Kinds::DOUBLE),
    (Kinds::STRING, Kinds::STRING, Kinds::STRING),
    (Kinds::BYTES, Kinds::BYTES, Kinds::BYTES),
    (Kinds::LIST, Kinds::LIST, Kinds::LIST),
    (Kinds::TIMESTAMP, Kinds::DURATION, Kinds::TIMESTAMP),
    (Kinds::DURATION, Kinds::TIMESTAMP, Kinds::TIMESTAMP),
    (Kinds::DURATION, Kinds::DURATION, Kinds::DURATION),
];
const DIFFERENCES: [Made; 5] = [
    (Kinds::INT, Kinds::INT, Kinds::INT),
    (Kinds::DOUBLE, Kinds::DOUBLE, Kinds::DOUBLE),
    (Kinds::TIMESTAMP, Kinds::TIMESTAMP, Kinds::DURATION),
    (Kinds::TIMESTAMP, Kinds::DURATION, Kinds::TIMESTAMP),
    (Kinds::DURATION, Kinds::DURATION, Kinds::DURATION),
];
const PRODUCTS: [Made; 2] = [
    (Kinds::INT, Kinds::INT, Kinds::INT),
    (Kinds::DOUBLE, Kinds::DOUBLE, Kinds::DOUBLE),
];

/// One expression on its way.
pub(super) struct Walk<'w> {
    pub(super) known: &'w Known<'w>,
    /// The variables, the innermost last.
    pub(super) scope: Vec<(String, Type)>,
    pub(super) parts: usize,
    pub(super) faults: Vec<Fault>,
    /// Which of the definitions it is in.
    pub(super) inside: Option<usize>,
}

impl Walk<'_> {
    /// The type of an expression. What is wrong with it is told once, and is of any type for what it
    /// stands in.
    pub(super) fn visit(&mut self, node: &IdedExpr) -> Type {
        self.parts += 1;
        if self.parts > PARTS {
            return Type::any();
        }
        match &node.expr {
            Expr::Literal(LiteralValue::String(text)) => Type::text(text.inner()),
            Expr::Literal(value) => Type::of(match value {
                LiteralValue::Null => Kinds::NULL,
                LiteralValue::Boolean(_) => Kinds::BOOL,
                LiteralValue::Int(_) | LiteralValue::UInt(_) => Kinds::INT,
                LiteralValue::Double(_) => Kinds::DOUBLE,
                LiteralValue::String(_) => Kinds::STRING,
                LiteralValue::Bytes(_) => Kinds::BYTES,
            }),
            Expr::Ident(name) => {
                let mut known = self.scope.iter().rev();
                let found = known.find(|(known, _)| known == name);
                match found {
                    Some((_, found)) => found.clone(),
                    None if TYPES.contains(&name.as_str()) => Type::of(Kinds::TYPE),
                    None => Type::any(),
                }
            }
            Expr::Select(select) => self.select(node.id, select),
            Expr::List(list) => {
                let items: Vec<Type> = list.elements.iter().map(|item| self.visit(item)).collect();
                let items = items.into_iter().reduce(Type::or);
                Type::list(items.unwrap_or_else(|| Type::of(Kinds::NONE)))
            }
            Expr::Map(map) => {
                let mut members = BTreeMap::new();
                let mut is_named = true;
                for entry in &map.entries {
                    let EntryExpr::MapEntry(entry) = &entry.expr else {
                        continue;
                    };
                    self.visit(&entry.key);
                    let value = self.visit(&entry.value);
                    match literal(&entry.key) {
                        Some(name) => {
                            members.insert(name.to_owned(), value);
                        }
                        None => is_named = false,
                    }
                }
                match is_named {
                    true => Type::object(members),
                    false => Type::of(Kinds::MAP),
                }
            }
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::Call(call) => self.call(node, call),
            Expr::Struct(_) | Expr::Unspecified => Type::any(),
        }
    }

    /// What must be of one of these kinds, as `what` has it.
    pub(super) fn need(&mut self, node: &IdedExpr, wanted: Kinds, what: &str) -> Type {
        let got = self.visit(node);
        self.held(node.id, &got, wanted, what);
        got
    }

    fn held(&mut self, id: u64, got: &Type, wanted: Kinds, what: &str) {
        if got.kinds.has(wanted) || got.kinds.is_none() {
            return;
        }
        let message = format!("{what} {wanted}, and this is {}", got.kinds);
        self.tell(id, message, help(got.kinds, wanted));
    }

    fn tell(&mut self, id: u64, message: String, help: Option<String>) {
        self.faults.push(Fault {
            definition: self.inside,
            id,
            message,
            help,
            is_certain: true,
        });
    }

    fn select(&mut self, id: u64, select: &SelectExpr) -> Type {
        let of = self.visit(&select.operand);
        let found = self.member(id, &of, &select.field);
        match select.test {
            true => Type::of(Kinds::BOOL),
            false => found,
        }
    }

    fn member(&mut self, id: u64, of: &Type, name: &str) -> Type {
        match of.member(self.known.shapes, name) {
            Ok(found) => return found,
            Err(NoMember::Scalar) => {
                let message = format!("this is {}, which has no member `{name}`", of.kinds);
                self.tell(id, message, None);
            }
            Err(NoMember::Unknown(names)) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let help = suggestion(name, &names, "there are");
                self.tell(id, format!("there is no member `{name}` here"), Some(help));
            }
            // Schemas that aren't closed leave room for what rules and fixtures keep for themselves.
            Err(NoMember::Undeclared(_)) if (self.known.is_kept)(name) => {}
            Err(NoMember::Undeclared(names)) => {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.faults.push(Fault {
                    definition: self.inside,
                    id,
                    message: format!("no schema has a property `{name}` here"),
                    help: Some(suggestion(name, &names, "there are")),
                    is_certain: false,
                });
            }
        }
        Type::any()
    }

    fn comprehension(&mut self, loops: &ComprehensionExpr) -> Type {
        let range = self.need(&loops.iter_range, Kinds::LIST | Kinds::MAP, "a loop takes");
        let before = self.scope.len();
        let items = range.item(self.known.shapes);
        // A loop over an object is over its names.
        let first = match (range.kinds.has(Kinds::LIST), range.kinds.has(Kinds::MAP)) {
            (true, false) => items.clone(),
            (false, true) => Type::of(Kinds::STRING),
            _ => Type::any(),
        };
        let accumulated = self.visit(&loops.accu_init);
        match &loops.iter_var2 {
            None => self.scope.push((loops.iter_var.clone(), first)),
            Some(second) => {
                self.scope.push((loops.iter_var.clone(), Type::any()));
                self.scope.push((second.clone(), Type::any()));
            }
        }
        self.scope
            .push((loops.accu_var.clone(), accumulated.clone()));
        self.visit(&loops.loop_cond);
        let step = self.visit(&loops.loop_step);
        self.scope.truncate(before);
        self.scope
            .push((loops.accu_var.clone(), accumulated.or(step)));
        let result = self.visit(&loops.result);
        self.scope.truncate(before);
        result
    }

    fn call(&mut self, node: &IdedExpr, call: &CallExpr) -> Type {
        let arguments: Vec<&IdedExpr> = call
            .target
            .as_deref()
            .into_iter()
            .chain(&call.args)
            .collect();
        match (call.func_name.as_str(), arguments.as_slice()) {
            (op::LOGICAL_AND | op::LOGICAL_OR, all) => {
                for part in all {
                    self.need(part, Kinds::BOOL, "each side must be");
                }
                Type::of(Kinds::BOOL)
            }
            (op::LOGICAL_NOT, [part]) => {
                self.need(part, Kinds::BOOL, "`!` takes");
                Type::of(Kinds::BOOL)
            }
            (op::CONDITIONAL, [when, then, otherwise]) => {
                self.need(when, Kinds::BOOL, "before `?` stands what is");
                let then = self.visit(then);
                then.or(self.visit(otherwise))
            }
            (op::EQUALS | op::NOT_EQUALS, [one, other]) => {
                let (one, other) = (self.visit(one), self.visit(other));
                self.equal(node.id, &one, &other);
                Type::of(Kinds::BOOL)
            }
            (op::LESS | op::LESS_EQUALS | op::GREATER | op::GREATER_EQUALS, [one, other]) => {
                let (one, other) = (self.visit(one).kinds, self.visit(other).kinds);
                let mut ordered = ORDERED.iter();
                let is_possible = ordered.any(|kind| one.has(*kind) && other.has(*kind));
                self.possible(node.id, is_possible, "has no order with", (one, other));
                Type::of(Kinds::BOOL)
            }
            (op::ADD, [one, other]) => {
                let (one, other) = (self.visit(one), self.visit(other));
                let made = self.made(node.id, &SUMS, "can't be added to", (&one, &other));
                match made.kinds == Kinds::LIST {
                    true => one.or(other),
                    false => made,
                }
            }
            (op::SUBSTRACT, [one, other]) => {
                let (one, other) = (self.visit(one), self.visit(other));
                self.made(node.id, &DIFFERENCES, "takes no", (&one, &other))
            }
            (op::MULTIPLY | op::DIVIDE | op::MODULO, [one, other]) => {
                let (one, other) = (self.visit(one), self.visit(other));
                self.made(
                    node.id,
                    &PRODUCTS,
                    "can't be multiplied with or divided by",
                    (&one, &other),
                )
            }
            (op::NEGATE, [part]) => {
                let part = self.need(part, NUMBER, "`-` takes");
                Type::of(part.kinds.and(NUMBER))
            }
            (op::IN, [one, other]) => {
                let one = self.visit(one);
                let of = self.need(other, Kinds::LIST | Kinds::MAP, "`in` looks into");
                let item = of.item(self.known.shapes);
                match &other.expr {
                    _ if of.kinds.has(Kinds::MAP) => {}
                    Expr::List(list) => {
                        if self.equal_kinds(node.id, &one, &item) {
                            self.each_text(&one, &list.elements);
                        }
                    }
                    _ => self.equal(node.id, &one, &item),
                }
                Type::of(Kinds::BOOL)
            }
            (op::INDEX, [of, index]) => {
                let of = self.need(of, Kinds::LIST | Kinds::MAP, "`[…]` looks into");
                match of.kinds == Kinds::LIST {
                    true => self.need(index, NUMBER, "the place in a list is"),
                    false => self.visit(index),
                };
                match literal(index) {
                    Some(name) if !of.kinds.has(Kinds::LIST) => self.member(node.id, &of, name),
                    _ => of.item(self.known.shapes),
                }
            }
            (name, all) => self.function(name, all),
        }
    }

    fn equal(&mut self, id: u64, one: &Type, other: &Type) {
        if self.equal_kinds(id, one, other) && one.kinds.and(other.kinds) == Kinds::STRING {
            self.one_text(id, one, other);
        }
    }

    /// Whether values of these types may be equal as far as their kinds go.
    fn equal_kinds(&mut self, id: u64, one: &Type, other: &Type) -> bool {
        // Whether something is null is asked of what can't be as well.
        let (one, other) = (as_number(one.kinds), as_number(other.kinds));
        let asks_null = one == Kinds::NULL || other == Kinds::NULL;
        let is_possible = asks_null || one.has(other) || one.is_none() || other.is_none();
        self.possible(id, is_possible, "is never equal to", (one, other));
        is_possible
    }

    /// Each string that stands in a list must be one that there may be.
    fn each_text(&mut self, one: &Type, items: &[IdedExpr]) {
        for item in items {
            if let Some(text) = literal(item) {
                self.one_text(item.id, one, &Type::text(text));
            }
        }
    }

    /// Strings of which those that there may be are known must have one in common.
    fn one_text(&mut self, id: u64, one: &Type, other: &Type) {
        let (Some(ones), Some(others)) = (one.texts(), other.texts()) else {
            return;
        };
        if ones.is_empty() || others.is_empty() || ones.iter().any(|text| others.contains(text)) {
            return;
        }
        let (single, all) = match ones.len() {
            1 => (&ones[0], others),
            _ => (&others[0], ones),
        };
        let names: Vec<&str> = all.iter().map(String::as_str).collect();
        let names = &names[..names.len().min(TEXTS)];
        let help = suggestion(single, names, "there are");
        let message = format!("this is never \"{single}\"");
        self.tell(id, message, Some(help));
    }

    fn possible(
        &mut self,
        id: u64,
        is_possible: bool,
        why_not: &str,
        (one, other): (Kinds, Kinds),
    ) {
        if is_possible || one.is_none() || other.is_none() {
            return;
        }
        let message = format!("{one} {why_not} {other}");
        self.tell(id, message, help(one, other).or_else(|| help(other, one)));
    }

    fn made(&mut self, id: u64, all: &[Made], why_not: &str, (one, other): (&Type, &Type)) -> Type {
        let (one, other) = (one.kinds, other.kinds);
        let made = all.iter().filter(|(a, b, _)| {
            (one.has(*a) || one.is_none()) && (other.has(*b) || other.is_none())
        });
        let gives = made.fold(Kinds::NONE, |all, (_, _, gives)| all | *gives);
        self.possible(id, !gives.is_none(), why_not, (one, other));
        match gives.is_none() {
            true => Type::any(),
            false => Type::of(gives),
        }
    }

    fn function(&mut self, name: &str, given: &[&IdedExpr]) -> Type {
        let definitions = self.known.definitions.iter();
        let mut named = definitions
            .enumerate()
            .filter(|(_, known)| known.name == name);
        if let Some((number, definition)) = named.next() {
            let arguments: Vec<Type> = given.iter().map(|given| self.visit(given)).collect();
            let named = definition.parameters.iter().cloned();
            let scope = named.zip(arguments).chain(self.known.now()).collect();
            let outer = std::mem::replace(&mut self.scope, scope);
            let caller = self.inside.replace(number);
            let found = self.visit(definition.expression.program().expression());
            self.inside = caller;
            self.scope = outer;
            return found;
        }
        let Some(known) = signature(name) else {
            for given in given {
                self.visit(given);
            }
            return Type::any();
        };
        let mut types = Vec::new();
        for (number, given) in given.iter().enumerate() {
            let wanted = known.takes.get(number).copied().unwrap_or(Kinds::ANY);
            types.push(self.need(given, wanted, &format!("`{name}` takes")));
        }
        if name == "sum"
            && let (Some(list), Some(node)) = (types.first(), given.first())
        {
            let item = list.item(self.known.shapes);
            self.held(node.id, &item, NUMBER, "`sum` takes a list of what is");
        }
        self.readable(name, given);
        let collection = || given.first().and_then(|name| literal(name));
        match (name, types.into_iter().next()) {
            ("item", _) => match collection() {
                Some(name) => self.known.item(name).or(Type::of(Kinds::NULL)),
                None => Type::of(known.gives),
            },
            ("items", _) => match collection() {
                Some(name) => Type::list(self.known.item(name)),
                None => Type::of(known.gives),
            },
            ("split", _) => Type::list(Type::of(Kinds::STRING)),
            ("duplicates", _) => Type::list(Type::of(Kinds::INT)),
            ("reverse", Some(given)) => given,
            _ => Type::of(known.gives),
        }
    }
}

impl Walk<'_> {
    /// What is read of a text that stands in the expression must be there to be read.
    fn readable(&mut self, name: &str, given: &[&IdedExpr]) {
        let help = match name {
            "timestamp" => "it is written like 2024-01-15T11:00:00Z",
            "duration" => "it is written like 90m or 1h30m",
            "int" | "uint" => "it is written in digits",
            "double" => "it is written like 1.5",
            "bool" => "it is true or false",
            _ => return,
        };
        let [node] = given else {
            return;
        };
        let Some(text) = literal(node) else {
            return;
        };
        let call = Expr::Call(CallExpr {
            func_name: name.to_owned(),
            target: None,
            args: vec![(*node).clone()],
        });
        let call = IdedExpr {
            id: node.id,
            expr: call,
        };
        if Cel::resolve(&call, &Context::with_env(environment())).is_err() {
            let message = format!("`{name}` can't read \"{text}\"");
            self.tell(node.id, message, Some(help.to_owned()));
        }
    }
}

/// Whole numbers and others are compared as JSON has them.
fn as_number(kinds: Kinds) -> Kinds {
    match kinds.has(NUMBER) {
        true => kinds | NUMBER,
        false => kinds,
    }
}

/// How what there is becomes what there should be.
fn help(got: Kinds, wanted: Kinds) -> Option<String> {
    let is = |kinds: Kinds, of: Kinds| kinds.without(Kinds::NULL) == of;
    let help = match (got, wanted) {
        (got, wanted) if is(got, Kinds::STRING) && wanted.has(Kinds::TIMESTAMP) => {
            "`timestamp(…)` reads one of a string"
        }
        (got, wanted) if is(got, Kinds::STRING) && wanted.has(Kinds::DURATION) => {
            "`duration(…)` reads one of a string"
        }
        (got, wanted) if got.has(NUMBER) && is(wanted, Kinds::STRING) => {
            "`string(…)` makes one of a number"
        }
        (got, wanted) if is(got, Kinds::INT) && is(wanted, Kinds::DOUBLE) => {
            "`double(…)` makes one of an integer"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

/// The text of a literal string.
fn literal(node: &IdedExpr) -> Option<&str> {
    match &node.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}
