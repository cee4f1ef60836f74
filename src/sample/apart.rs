//! What tells schemas apart, as far as it can be seen without making a value: kinds, and values
//! that they enumerate.

use super::absorb::count;
use super::demand::{Demand, same};
use super::kinds::Kinds;
use super::maker::{Maker, kind_of};
use crate::spec::Node;
use crate::validate::Scope;
use serde_json::Value;
use std::borrow::Cow;

/// How many properties of an alternative are looked at for what tells it apart.
const KEPT_APART: usize = 64;
/// How many schemas are followed, each from the one before.
const FOLLOWED: usize = 4;

/// How well a schema can be broken, as far as what is demanded speaks of it: the better, the less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Chance {
    /// What is demanded breaks it.
    Sure,
    /// Nothing speaks against it.
    Free,
    /// It takes something that nothing asks for.
    More,
    /// What is demanded speaks of the same.
    Open,
    /// It would be a value of another kind than the one that is spoken of.
    Odd,
    /// What is demanded says the same.
    Slight,
}

/// One way to break a schema: the keyword, its value, and which of its parts.
pub(super) struct Way<'d> {
    pub(super) keyword: Cow<'d, str>,
    pub(super) value: Node<'d>,
    pub(super) part: usize,
}

impl<'d> Maker<'d> {
    /// The ways to break a schema that what is demanded leaves, the best first; where it's broken
    /// by what is demanded, just that.
    pub(super) fn ways_to_break(
        &self,
        node: Node<'d>,
        scope: &Scope,
        demand: &Demand<'d>,
    ) -> Vec<Way<'d>> {
        let mut ways = self.all_ways(node, scope, demand, 0);
        // A value with something missing reads better than one with something wrong in it.
        ways.sort_by_key(|(chance, way)| (*chance, adds(&way.keyword)));
        let is_sure = ways
            .first()
            .is_some_and(|(chance, _)| *chance == Chance::Sure);
        ways.truncate(if is_sure { 1 } else { usize::MAX });
        ways.into_iter().map(|(_, way)| way).collect()
    }

    fn all_ways(
        &self,
        node: Node<'d>,
        scope: &Scope,
        demand: &Demand<'d>,
        depth: usize,
    ) -> Vec<(Chance, Way<'d>)> {
        let mut ways = Vec::new();
        let has = |keyword: &str| node.get(keyword).is_some();
        for (keyword, value) in node.entries() {
            if !can_break(&keyword, value) {
                continue;
            }
            if keyword == "if" && !has("then") && !has("else") {
                continue;
            }
            let parts = match &*keyword {
                "required" | "allOf" => value.count(),
                "properties" => value.count().min(KEPT_APART),
                _ => 1,
            };
            for part in 0..parts {
                let chance = self.chance(&keyword, value, part, scope, demand, depth);
                ways.extend(chance.map(|chance| {
                    let keyword = keyword.clone();
                    let way = Way {
                        keyword,
                        value,
                        part,
                    };
                    (chance, way)
                }));
            }
        }
        ways
    }

    /// How well a keyword can be broken; nothing where that can't be.
    fn chance(
        &self,
        keyword: &str,
        value: Node<'d>,
        part: usize,
        scope: &Scope,
        demand: &Demand<'d>,
        depth: usize,
    ) -> Option<Chance> {
        if keyword == "type" {
            let kinds = Kinds::of_type(value);
            return match demand.kinds.without(kinds) {
                Kinds::NONE => None,
                _ if demand.kinds.and(kinds) == Kinds::NONE => Some(Chance::Sure),
                _ if demand.hinted.has(kinds) => Some(Chance::Odd),
                _ => Some(Chance::Free),
            };
        }
        let of = match keyword {
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                Kinds::NUMBER
            }
            "minLength" | "maxLength" | "pattern" | "format" => Kinds::TEXT,
            "minItems" | "maxItems" | "items" | "contains" | "uniqueItems" | "prefixItems"
            | "unevaluatedItems" => Kinds::LIST,
            "properties"
            | "required"
            | "minProperties"
            | "maxProperties"
            | "additionalProperties"
            | "unevaluatedProperties"
            | "patternProperties"
            | "propertyNames"
            | "dependentRequired"
            | "dependentSchemas" => Kinds::OBJECT,
            _ => Kinds::ALL,
        };
        if !demand.kinds.has(of) {
            return None;
        }
        let object = &demand.object;
        let limit = || value.as_number()?.as_f64();
        let counted = |least: usize, most: Option<usize>, is_least: bool| {
            let limit = count(value).unwrap_or(0);
            match (is_least, most) {
                (true, _) if least >= limit => None,
                (true, Some(most)) if most < limit => Some(Chance::Sure),
                (false, _) if least > limit => Some(Chance::Sure),
                (false, Some(most)) if most <= limit => None,
                _ => Some(Chance::Open),
            }
        };
        let is_number = demand.kinds.without(Kinds::NUMBER) == Kinds::NONE;
        let sure = |chance: Chance| match demand.kinds.without(of) {
            Kinds::NONE => chance,
            // It may be of another kind.
            _ => Chance::Open,
        };
        match keyword {
            "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" if is_number => {
                let (low, high) = demand.number.span();
                let limit = limit()?;
                let (is_sure, is_never) = match keyword {
                    "minimum" | "exclusiveMinimum" => (high < limit, low > limit),
                    _ => (low > limit, high < limit),
                };
                match (is_sure, is_never) {
                    (true, _) => Some(Chance::Sure),
                    (_, true) => None,
                    _ => Some(Chance::Open),
                }
            }
            "minLength" | "maxLength" => {
                let text = &demand.text;
                counted(text.least, text.most, keyword == "minLength").map(sure)
            }
            "minItems" | "maxItems" => {
                let list = &demand.list;
                counted(list.least, list.most, keyword == "minItems").map(sure)
            }
            "minProperties" | "maxProperties" => {
                counted(object.least, object.most, keyword == "minProperties").map(sure)
            }
            "required" => {
                let name = value.items().nth(part)?.text()?;
                match () {
                    // What is required elsewhere can't be missing.
                    () if object.required.contains(&*name) => None,
                    () if object.forbidden.contains(&*name) => Some(Chance::Sure),
                    () => Some(Chance::Free),
                }
            }
            "properties" => {
                let (name, schema) = value.entries().nth(part)?;
                self.chance_of_member(&name, schema, scope, demand)
            }
            "allOf" => {
                let part = value.items().nth(part)?;
                self.chance_of(part, scope, demand, depth + 1)
            }
            "$ref" | "not" if depth >= FOLLOWED => Some(Chance::Open),
            "$ref" => {
                let text = value.text()?;
                let at = self.document.follow(value.at(), &text).ok()?;
                self.chance_of(self.document.node(at), scope, demand, depth + 1)
            }
            _ => Some(Chance::Open),
        }
    }

    /// How well a schema can be broken as a whole; nothing where that can't be.
    fn chance_of(
        &self,
        node: Node<'d>,
        scope: &Scope,
        demand: &Demand<'d>,
        depth: usize,
    ) -> Option<Chance> {
        match node.as_bool() {
            Some(true) => return None,
            Some(false) => return Some(Chance::Sure),
            None => {}
        }
        if demand.seen.contains(&node.at()) {
            return Some(Chance::Slight);
        }
        if depth >= FOLLOWED {
            return Some(Chance::Open);
        }
        let ways = self.all_ways(node, scope, demand, depth).into_iter();
        ways.map(|(chance, _)| chance).min()
    }

    /// How well a property can be made to break its schema.
    fn chance_of_member(
        &self,
        name: &str,
        schema: Node<'d>,
        scope: &Scope,
        demand: &Demand<'d>,
    ) -> Option<Chance> {
        let object = &demand.object;
        let is_free = schema.as_bool() == Some(true) || schema.is_object() && schema.count() == 0;
        if object.forbidden.contains(name) || is_free {
            return None;
        }
        let parts = || object.parts.iter();
        let mut known = parts()
            .filter_map(|part| part.properties?.get(name))
            .peekable();
        if known.peek().is_none() {
            let is_closed = |root: &super::demand::Root| {
                self.document.node(root.at).as_bool() == Some(root.denied)
            };
            let mut closed = parts().filter(|part| part.additional.as_ref().is_some_and(is_closed));
            return Some(match closed.next() {
                Some(_) => Chance::Slight,
                None => Chance::More,
            });
        }
        let own = self.values_of(schema, scope, 0);
        let kinds = self.kinds_of(schema, scope, 0);
        let mut best = Chance::Slight;
        for other in known {
            let others = self.values_of(other, scope, 0);
            let others_kinds = self.kinds_of(other, scope, 0);
            let has = |own: &[Value], value: &Value| own.iter().any(|other| same(value, other));
            let chance = match (&own, &others) {
                _ if kinds.and(others_kinds) == Kinds::NONE => Chance::Sure,
                (Some(own), Some(others)) if !others.iter().any(|value| has(own, value)) => {
                    Chance::Sure
                }
                (Some(own), Some(others)) if !others.iter().all(|value| has(own, value)) => {
                    Chance::Free
                }
                (Some(_), None) => Chance::Free,
                (None, _) if others_kinds.without(kinds) != Kinds::NONE => Chance::Open,
                (None, _) if schema.at() == other.at() => Chance::Slight,
                (None, _) if says_more(schema) => Chance::Open,
                _ => Chance::Slight,
            };
            best = best.min(chance);
        }
        // A property that need not be there must be, to break anything.
        Some(match best {
            Chance::Sure if !object.required.contains(name) => Chance::Free,
            best => best,
        })
    }

    /// The kinds that the values of a schema are of at most.
    fn kinds_of(&self, node: Node<'d>, scope: &Scope, depth: usize) -> Kinds {
        let own = node.get("type").map_or(Kinds::ALL, Kinds::of_type);
        let own = match self.document.vocabulary(node.at()).takes_null(node) {
            true => own.or(Kinds::NULL),
            false => own,
        };
        let values = self.values_of(node, scope, FOLLOWED);
        let of_values = values.map_or(Kinds::ALL, |values| {
            let kinds = values.iter().map(kind_of);
            kinds.fold(Kinds::NONE, Kinds::or)
        });
        if depth >= FOLLOWED {
            return own.and(of_values);
        }
        let target = self.target(node, "$ref", scope);
        let target = target.map(|target| self.document.node(target.at));
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let within = target.into_iter().chain(parts);
        let within = within.map(|part| self.kinds_of(part, scope, depth + 1));
        within.fold(own.and(of_values), Kinds::and)
    }

    /// The values that a schema enumerates, by itself or where a reference leads; nothing where it
    /// enumerates none.
    fn values_of(&self, node: Node<'d>, scope: &Scope, depth: usize) -> Option<Vec<Value>> {
        if let Some(value) = node.get("const") {
            return Some(vec![value.value()]);
        }
        if let Some(values) = node.get("enum").filter(|values| values.is_array()) {
            return Some(values.items().map(Node::value).collect());
        }
        if depth >= FOLLOWED {
            return None;
        }
        let target = self.target(node, "$ref", scope)?;
        self.values_of(self.document.node(target.at), scope, depth + 1)
    }

    /// Whether an alternative says of a property that it is one of some values, of which what was
    /// taken in already leaves none.
    pub(super) fn contradicts(&self, branch: Node<'d>, scope: &Scope, demand: &Demand<'d>) -> bool {
        let members = branch.get("properties").into_iter().flat_map(Node::entries);
        let mut members = members
            .take(KEPT_APART)
            .filter(|(_, schema)| schema.is_object());
        members.any(|(name, schema)| {
            let Some(own) = self.values_of(schema, scope, 0) else {
                return false;
            };
            let parts = demand.object.parts.iter();
            let others = parts.filter_map(|part| part.properties?.get(&name));
            let mut others = others.filter_map(|other| self.values_of(other, scope, 0));
            others.any(|other| {
                let has = |value: &Value| other.iter().any(|other| same(value, other));
                !own.iter().any(has)
            })
        })
    }
}

/// Whether a schema says more than of which kind its values are.
fn says_more(node: Node<'_>) -> bool {
    let says_nothing = |keyword: &str| {
        matches!(
            keyword,
            "type"
                | "title"
                | "description"
                | "example"
                | "examples"
                | "default"
                | "readOnly"
                | "writeOnly"
                | "deprecated"
                | "nullable"
                | "format"
        ) || keyword.starts_with("x-")
    };
    node.entries().any(|(keyword, _)| !says_nothing(&keyword))
}

/// Whether a keyword is one that a value can be made to break.
fn can_break(keyword: &str, value: Node<'_>) -> bool {
    match keyword {
        "type" | "const" | "enum" | "minimum" | "maximum" | "multipleOf" | "minLength"
        | "maxLength" | "pattern" | "format" | "minItems" | "maxItems" | "items" | "contains"
        | "minProperties" | "maxProperties" | "allOf" | "anyOf" | "oneOf" | "not" | "$ref" => true,
        "exclusiveMinimum" | "exclusiveMaximum" => value.as_number().is_some(),
        "required" => value.items().next().is_some(),
        "properties" => value.entries().next().is_some(),
        "prefixItems" => value.items().next().is_some(),
        "uniqueItems" => value.as_bool() == Some(true),
        "additionalProperties" | "unevaluatedProperties" | "unevaluatedItems" => {
            value.is_object() || value.as_bool() == Some(false)
        }
        "dependentRequired" | "dependentSchemas" | "patternProperties" => {
            value.entries().next().is_some()
        }
        "propertyNames" => value.is_object(),
        "if" => true,
        _ => false,
    }
}

/// Whether a keyword is broken by something more in a value.
fn adds(keyword: &str) -> bool {
    matches!(
        keyword,
        "properties"
            | "additionalProperties"
            | "unevaluatedProperties"
            | "patternProperties"
            | "propertyNames"
            | "dependentRequired"
            | "dependentSchemas"
            | "maxProperties"
    )
}
