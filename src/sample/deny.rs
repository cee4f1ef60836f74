//! What a value must be to break a schema: one of the schema's keywords is chosen to be broken.

use super::absorb::{Absorbing, count, tighter};
use super::apart::Way;
use super::demand::{Demand, ListPart, Root};
use super::facts::Facts;
use super::kinds::Kinds;
use super::maker::Maker;
use super::text::TextDemand;
use super::ways::way_of;
use crate::spec::Node;
use crate::validate::Scope;
use serde_json::Value;
use std::borrow::Cow;

/// How many of the properties that are there anyway may be what isn't to be there.
const OTHERS: usize = 4;
/// How many pairs of alternatives are looked at for one of which both hold.
const PAIRS: usize = 12;

impl<'d> Maker<'d> {
    /// Takes in that a value is to break a schema.
    pub(super) fn deny(
        &mut self,
        node: Node<'d>,
        scope: &Scope,
        demand: &mut Demand<'d>,
        with: &mut Absorbing<'_>,
    ) {
        if let Some(truth) = node.as_bool() {
            demand.never |= truth;
            return;
        }
        let scope = &scope.entering(self.document, node.at());
        let words = self.document.vocabulary(node.at());
        if words.takes_null(node) {
            demand.only(Kinds::ALL.without(Kinds::NULL));
        }
        if let Some(target) = self.target(node, "$ref", scope)
            && (words.refs_stand_alone || node.count() == 1)
        {
            let target = Root {
                denied: true,
                ..target
            };
            return self.absorb(&target, demand, with);
        }
        let ways = self.ways_to_break(node, scope, demand);
        if ways.is_empty() {
            // What nothing is known to break may yet be broken by what is drawn; a schema that
            // says nothing can't be.
            demand.never |= node.count() == 0;
            return;
        }
        let ways = ways.into_iter().map(|way| match with.facts {
            Some(_) => {
                let facts = self.foresee_breaking(node, &way);
                (way, facts)
            }
            None => (way, Facts::any()),
        });
        let ways: Vec<(Way<'d>, Facts)> = ways.collect();
        if let Some(way) = way_of(ways, demand, with) {
            self.break_keyword(node, &way, scope, demand, with);
        }
    }

    fn break_keyword(
        &mut self,
        node: Node<'d>,
        way: &Way<'d>,
        scope: &Scope,
        demand: &mut Demand<'d>,
        with: &mut Absorbing<'_>,
    ) {
        let (keyword, value) = (&*way.keyword, way.value);
        let root = |at: Node<'d>, denied: bool| Root::of(at.at(), scope, denied);
        let is_set = |name: &str| node.get(name).and_then(Node::as_bool) == Some(true);
        match keyword {
            "type" => demand.only(Kinds::ALL.without(Kinds::of_type(value))),
            "const" => exclude(value.value(), demand),
            "enum" => value
                .items()
                .for_each(|value| exclude(value.value(), demand)),
            "required" => {
                demand.only(Kinds::OBJECT);
                let name = value.items().nth(way.part).and_then(Node::text);
                demand.object.forbidden.extend(name.map(Cow::into_owned));
            }
            "properties" => {
                demand.only(Kinds::OBJECT);
                if let Some((name, schema)) = value.entries().nth(way.part) {
                    let more = demand.object.more.entry(name.clone().into_owned());
                    more.or_default().push(root(schema, true));
                    demand.object.required.insert(name.into_owned());
                }
            }
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                let Some(limit) = value.as_number() else {
                    return;
                };
                demand.only(Kinds::NUMBER);
                match keyword {
                    "minimum" => demand.number.at_most(&limit, !is_set("exclusiveMinimum")),
                    "exclusiveMinimum" => demand.number.at_most(&limit, false),
                    "maximum" => demand.number.at_least(&limit, !is_set("exclusiveMaximum")),
                    _ => demand.number.at_least(&limit, false),
                }
            }
            "multipleOf" => {
                demand.only(Kinds::NUMBER);
                demand.number.no_multiple_of(value.as_number());
            }
            "minLength" | "maxLength" | "pattern" | "format" => {
                demand.only(Kinds::TEXT);
                let limit = count(value).unwrap_or(0);
                match keyword {
                    "minLength" => {
                        demand.text.most = tighter(demand.text.most, limit.checked_sub(1));
                        demand.never |= limit == 0;
                    }
                    "maxLength" => {
                        let least = demand.text.least.max(limit.saturating_add(1));
                        demand.text.least = least;
                    }
                    "pattern" => {
                        let pattern = value.text().map(Cow::into_owned);
                        demand.text.unlike.extend(pattern);
                    }
                    _ => {}
                }
            }
            "minItems" | "maxItems" | "items" | "contains" | "uniqueItems" => {
                demand.only(Kinds::LIST);
                let limit = count(value).unwrap_or(0);
                match keyword {
                    "minItems" => {
                        demand.list.most = tighter(demand.list.most, limit.checked_sub(1));
                        demand.never |= limit == 0;
                    }
                    "maxItems" => {
                        let least = demand.list.least.max(limit.saturating_add(1));
                        demand.list.least = least;
                    }
                    "contains" => self.break_contains(node, root(value, true), demand, with),
                    "uniqueItems" => {
                        demand.list.least = demand.list.least.max(2);
                        demand.list.twins = true;
                    }
                    _ => demand.list.least = demand.list.least.max(1),
                }
                if keyword == "items" {
                    demand.list.contains.push((root(value, true), 1, None));
                }
            }
            "prefixItems" => {
                let parts: Vec<_> = value.items().enumerate().collect();
                demand.only(Kinds::LIST);
                if let Some((index, part)) = parts.get(with.picks.pick(parts.len())) {
                    demand.list.more.push((*index, root(*part, true)));
                    demand.list.least = demand.list.least.max(index + 1);
                }
            }
            "unevaluatedItems" => {
                // An item behind all that have a place there.
                let prefix = node.get("prefixItems").map_or(0, Node::count);
                let index = prefix.max(demand.list.prefix());
                demand.only(Kinds::LIST);
                demand.list.least = demand.list.least.max(index + 1);
                if value.is_object() {
                    demand.list.more.push((index, root(value, true)));
                }
            }
            "minProperties" | "maxProperties" => {
                demand.only(Kinds::OBJECT);
                let limit = count(value).unwrap_or(0);
                match keyword {
                    "minProperties" => {
                        demand.object.most = tighter(demand.object.most, limit.checked_sub(1));
                        demand.never |= limit == 0;
                    }
                    _ => {
                        let least = demand.object.least.max(limit.saturating_add(1));
                        demand.object.least = least;
                    }
                }
            }
            "additionalProperties" | "unevaluatedProperties" => {
                demand.only(Kinds::OBJECT);
                let known = node.get("properties");
                let name = (0..).map(|number| format!("other{number}"));
                let mut names =
                    name.filter(|name| known.is_none_or(|known| known.get(name).is_none()));
                // Or one that is there anyway, where names aren't free.
                let is_told = |name: &&String| known.is_some_and(|known| known.get(name).is_some());
                let required = demand.object.required.iter();
                let there = required.filter(|name| !is_told(name)).take(OTHERS).cloned();
                let names: Vec<String> = names.next().into_iter().chain(there).collect();
                if let Some(name) = names.get(with.picks.pick(names.len())) {
                    if value.is_object() {
                        let more = demand.object.more.entry(name.clone()).or_default();
                        more.push(root(value, true));
                    }
                    demand.object.required.insert(name.clone());
                }
            }
            "allOf" => {
                if let Some(part) = value.items().nth(way.part) {
                    self.absorb(&root(part, true), demand, with);
                }
            }
            "anyOf" | "oneOf" => {
                let branches: Vec<Node<'d>> = value.items().collect();
                let all = branches.iter().map(|branch| root(*branch, true)).collect();
                let mut ways: Vec<Vec<Root>> = vec![all];
                // Where just one may hold, two that do break it as well.
                if keyword == "oneOf" {
                    let pairs = branches.iter().enumerate().flat_map(|(at, one)| {
                        let others = branches[at + 1..].iter();
                        others.map(|other| vec![root(*one, false), root(*other, false)])
                    });
                    ways.extend(pairs.take(PAIRS));
                }
                let ways = ways.into_iter().map(|way| match with.facts {
                    Some(_) => {
                        let facts = self.foresee(&way);
                        (way, facts)
                    }
                    None => (way, Facts::any()),
                });
                let ways: Vec<(Vec<Root>, Facts)> = ways.collect();
                for root in way_of(ways, demand, with).into_iter().flatten() {
                    self.absorb(&root, demand, with);
                }
            }
            "not" => self.absorb(&root(value, false), demand, with),
            "if" => {
                // What meets it breaks what is then, or what doesn't breaks what is else.
                let ways = ["then", "else"].map(|keyword| node.get(keyword));
                let ways = ways.into_iter().zip([false, true]);
                let ways: Vec<_> = ways.filter_map(|(way, is)| Some((way?, is))).collect();
                if let Some((way, is_else)) = ways.get(with.picks.pick(ways.len())) {
                    self.absorb(&root(value, *is_else), demand, with);
                    self.absorb(&root(*way, true), demand, with);
                }
            }
            "dependentRequired" => {
                let pairs = value.entries().flat_map(|(name, needed)| {
                    let needed = needed.items().filter_map(Node::text);
                    needed.map(move |needed| (name.clone().into_owned(), needed.into_owned()))
                });
                let pairs: Vec<_> = pairs.filter(|(name, needed)| name != needed).collect();
                demand.only(Kinds::OBJECT);
                if let Some((name, needed)) = pairs.get(with.picks.pick(pairs.len())) {
                    demand.object.required.insert(name.clone());
                    demand.object.forbidden.insert(needed.clone());
                }
            }
            "dependentSchemas" => {
                let schemas: Vec<_> = value.entries().collect();
                demand.only(Kinds::OBJECT);
                if let Some((name, schema)) = schemas.get(with.picks.pick(schemas.len())) {
                    demand.object.required.insert(name.clone().into_owned());
                    self.absorb(&root(*schema, true), demand, with);
                }
            }
            "propertyNames" => {
                demand.only(Kinds::OBJECT);
                if demand.never {
                    return;
                }
                let mut draw = with.order.fork("key");
                let also = TextDemand::default();
                let name = self.key(&[root(value, true)], &also, (0, None), 0, &mut draw);
                demand.never |= name.is_none();
                demand.object.required.extend(name);
            }
            "patternProperties" => {
                let patterns: Vec<_> = value.entries().collect();
                demand.only(Kinds::OBJECT);
                if demand.never {
                    return;
                }
                if let Some((pattern, schema)) = patterns.get(with.picks.pick(patterns.len())) {
                    let mut draw = with.order.fork("key");
                    let also = TextDemand {
                        patterns: vec![pattern.clone().into_owned()],
                        least: 1,
                        ..TextDemand::default()
                    };
                    let name = self.key(&[], &also, (0, None), 0, &mut draw);
                    demand.never |= name.is_none();
                    if let Some(name) = name {
                        let more = demand.object.more.entry(name.clone());
                        more.or_default().push(root(*schema, true));
                        demand.object.required.insert(name);
                    }
                }
            }
            "$ref" => {
                if let Some(target) = self.target(node, "$ref", scope) {
                    let target = Root {
                        denied: true,
                        ..target
                    };
                    self.absorb(&target, demand, with);
                }
            }
            _ => {}
        }
    }
}

impl<'d> Maker<'d> {
    /// Takes in that a list has fewer of what it is to contain than it must, or more than it may.
    fn break_contains(
        &mut self,
        node: Node<'d>,
        denied: Root,
        demand: &mut Demand<'d>,
        with: &mut Absorbing<'_>,
    ) {
        let least = node.get("minContains").and_then(count).unwrap_or(1);
        let most = node.get("maxContains").and_then(count);
        let contained = Root {
            denied: false,
            ..denied.clone()
        };
        let fewer = least.checked_sub(1).map(|most| (0, Some(most)));
        let more = most.map(|most| (most.saturating_add(1), None));
        let ways: Vec<(usize, Option<usize>)> = fewer.into_iter().chain(more).collect();
        match ways.get(with.picks.pick(ways.len())) {
            Some((_, Some(0))) => demand.list.parts.push(ListPart {
                is_denial: true,
                prefix: Vec::new(),
                rest: Some(denied),
            }),
            Some((least, most)) => demand.list.contains.push((contained, *least, *most)),
            None => demand.never = true,
        }
    }
}

/// Takes in that a value is none: what isn't an empty object or list has something in it.
fn exclude(value: Value, demand: &mut Demand<'_>) {
    match &value {
        Value::Object(members) if members.is_empty() => {
            demand.object.least = demand.object.least.max(1);
        }
        Value::Array(items) if items.is_empty() => demand.list.least = demand.list.least.max(1),
        _ => {}
    }
    demand.excluded.push(value);
}

/// Whether a value is none of those that are excluded.
pub(super) fn is_free(excluded: &[Value], value: &Value) -> bool {
    !excluded
        .iter()
        .any(|other| super::demand::same(other, value))
}
