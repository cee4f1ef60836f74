//! A schema with all that holds beside it: references and `allOf` followed, what is said in
//! several ways read as one.

use super::kinds::{Kinds, kinds};
use crate::spec::{At, Document, Node};
use serde_json::{Number, Value};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

/// How many schemas are looked at for one: documents may be made to have ever more of them.
const MOST: usize = 400;
/// How deep schemas are followed that lead on to each other without a step into the value.
pub(super) const DEEP: usize = 100;

/// Schemas of which a value meets one or more.
#[derive(Debug, Clone)]
pub(super) struct Choice<'d> {
    pub of: Vec<Node<'d>>,
    /// The schema that has them.
    pub holder: Node<'d>,
    /// Whether a value meets one alone.
    pub is_one_of: bool,
}

impl<'d> Choice<'d> {
    /// No choice at all.
    pub fn of_one(schema: Node<'d>) -> Choice<'d> {
        Choice {
            of: vec![schema],
            holder: schema,
            is_one_of: false,
        }
    }
}

/// What a value must meet.
#[derive(Debug, Clone)]
pub(super) struct Flat<'d> {
    pub document: &'d Document,
    /// Where it stands.
    pub at: At,
    /// The schemas that it must meet all of.
    pub parts: Vec<Node<'d>>,
    pub choices: Vec<Choice<'d>>,
    /// Choices of types alone, which the kinds tell all of.
    pub types: Vec<Choice<'d>>,
    pub kinds: Kinds,
    /// The values that there are, as they are compared, but for null; and where each is written.
    pub values: Option<BTreeMap<String, Node<'d>>>,
    /// Whether it says more than is looked at.
    pub is_cut: bool,
    seen: HashSet<At>,
}

/// A property: the schemas that tell of it.
pub(super) type Property<'d> = Vec<Node<'d>>;

impl<'d> Flat<'d> {
    /// What a value must meet that is to meet all of some schemas; `at` is told where there are
    /// none.
    pub fn of(document: &'d Document, schemas: &[At], at: At) -> Flat<'d> {
        let mut flat = Flat {
            document,
            at: schemas.first().copied().unwrap_or(at),
            parts: Vec::new(),
            choices: Vec::new(),
            types: Vec::new(),
            kinds: Kinds::ALL,
            values: None,
            is_cut: false,
            seen: HashSet::new(),
        };
        for at in schemas {
            let node = document.node(*at);
            flat.kinds = flat.kinds.both(kinds(document, node));
            flat.take(node, 0);
        }
        flat
    }

    fn take(&mut self, schema: Node<'d>, depth: usize) {
        if self.seen.contains(&schema.at()) || !schema.is_object() {
            return;
        }
        if self.seen.len() >= MOST || depth > DEEP {
            self.is_cut = true;
            return;
        }
        self.seen.insert(schema.at());
        if let Some(target) = referred(self.document, schema) {
            self.take(target, depth + 1);
            if self.document.vocabulary(schema.at()).refs_stand_alone {
                return;
            }
        }
        if let Some(values) = own_values(schema) {
            self.meet(values);
        }
        let mut says = false;
        for (keyword, value) in schema.entries() {
            match &*keyword {
                "allOf" => value.items().for_each(|part| self.take(part, depth + 1)),
                "oneOf" | "anyOf" => self.choose(schema, value, &keyword == "oneOf", depth),
                "not" => match twice_not(self.document, value) {
                    Some(meant) => self.take(meant, depth + 1),
                    None => says = true,
                },
                "$ref" | "type" | "enum" | "const" | "nullable" | "x-nullable" => {}
                name => says |= !is_remark(name, value),
            }
        }
        if says {
            self.parts.push(schema);
        }
    }

    fn choose(&mut self, holder: Node<'d>, list: Node<'d>, is_one_of: bool, depth: usize) {
        let document = self.document;
        let of: Vec<Node<'d>> = list
            .items()
            .filter(|one| kinds(document, *one) != Kinds::NULL)
            .collect();
        // What says no more than which values, or which types there are, is read as one.
        let plain = |one: &Node<'d>| {
            let one = document.node(canonical(document, one.at()));
            let is_plain = one.entries().all(|(name, value)| {
                ["type", "enum", "const"].contains(&&*name) || is_remark(&name, value)
            });
            is_plain.then(|| own_values(one))
        };
        match of.as_slice() {
            [] => {}
            // One of one is no choice.
            [only] => self.take(*only, depth + 1),
            _ => {
                let plain: Option<Vec<_>> = of.iter().map(plain).collect();
                let plain = plain.unwrap_or_default();
                let choice = Choice {
                    of,
                    holder,
                    is_one_of,
                };
                if !plain.is_empty() && plain.iter().all(Option::is_some) {
                    self.meet(plain.into_iter().flatten().flatten().collect());
                } else if plain.is_empty() || plain.iter().any(Option::is_some) {
                    self.choices.push(choice);
                } else {
                    self.types.push(choice);
                }
            }
        }
    }

    fn meet(&mut self, values: BTreeMap<String, Node<'d>>) {
        match &mut self.values {
            Some(known) => known.retain(|value, _| values.contains_key(value)),
            None => self.values = Some(values),
        }
    }

    /// What each says under a keyword that says it.
    pub fn all_say(&self, keyword: &str) -> impl Iterator<Item = Node<'d>> {
        self.parts.iter().filter_map(move |part| part.get(keyword))
    }

    /// The properties that are declared, in the order of the document.
    pub fn properties(&self) -> indexmap::IndexMap<String, Property<'d>> {
        let mut properties: indexmap::IndexMap<String, Property<'d>> = indexmap::IndexMap::new();
        for holder in self.all_say("properties") {
            let Some(holder) = self.document.resolve_map(holder) else {
                continue;
            };
            for (name, schema) in holder.entries() {
                properties
                    .entry(name.into_owned())
                    .or_default()
                    .push(schema);
            }
        }
        properties
    }

    /// The names that must be there, and where that is said.
    pub fn required(&self) -> BTreeMap<String, Node<'d>> {
        let names = self.all_say("required").flat_map(Node::items);
        let names = names.filter_map(|node| Some((node.text()?.into_owned(), node)));
        names.collect()
    }

    /// Where it is said that there are no other properties.
    pub fn closed(&self) -> Option<Node<'d>> {
        let keywords = ["additionalProperties", "unevaluatedProperties"];
        let mut said = keywords.iter().flat_map(|keyword| self.all_say(keyword));
        said.find(|value| value.as_bool() == Some(false))
    }

    /// Whether it is nothing but a choice.
    pub fn is_choice(&self) -> bool {
        self.choices.len() == 1 && self.values.is_none() && {
            let holder = self.choices[0].holder;
            let is_own = |part: &Node<'_>| part.at() == holder.at();
            let mut said = self.parts.iter().filter(|part| is_own(part));
            self.parts.iter().all(is_own)
                && said.all(|part| {
                    let names = ["oneOf", "anyOf", "discriminator", "type"];
                    part.entries()
                        .all(|(name, value)| names.contains(&&*name) || is_remark(&name, value))
                })
        }
    }
}

/// Where the reference of a schema leads.
pub(super) fn referred<'d>(document: &'d Document, schema: Node<'d>) -> Option<Node<'d>> {
    let reference = schema.get("$ref").or_else(|| schema.get("$dynamicRef"))?;
    let at = document
        .follow(reference.at(), &reference.text()?)
        .ok()
        .filter(|at| *at != schema.at())?;
    Some(document.node(at))
}

/// What is meant where what a `not` forbids is what another forbids, and no more.
pub(super) fn twice_not<'d>(document: &'d Document, forbidden: Node<'d>) -> Option<Node<'d>> {
    let mut inner = forbidden;
    for _ in 0..DEEP {
        match referred(document, inner) {
            Some(target) => inner = target,
            None => break,
        }
    }
    let is_no_more = inner
        .entries()
        .all(|(name, value)| name == "not" || is_remark(&name, value));
    inner.get("not").filter(|_| is_no_more)
}

/// The schema that one is nothing but another name for.
pub(super) fn canonical(document: &Document, at: At) -> At {
    let mut node = document.node(at);
    for _ in 0..DEEP {
        let stands_alone = document.vocabulary(node.at()).refs_stand_alone;
        let says_null = document.vocabulary(node.at()).takes_null(node);
        let says_only = |keyword: &str| {
            node.entries()
                .all(|(name, value)| name == keyword || is_remark(&name, value))
        };
        let unsaid = node.get("not").filter(|_| !says_null && says_only("not"));
        let next = match (node.get("$ref"), node.get("allOf")) {
            (Some(_), _) if !says_null && (stands_alone || says_only("$ref")) => {
                referred(document, node)
            }
            (None, Some(list)) if list.count() == 1 && !says_null && says_only("allOf") => {
                list.item(0)
            }
            _ => unsaid.and_then(|unsaid| twice_not(document, unsaid)),
        };
        let Some(next) = next else {
            break;
        };
        node = next;
    }
    node.at()
}

/// What some schemas, or those that they refer to, say under a keyword of remarks.
pub(super) fn said<'d>(document: &'d Document, schemas: &[At], keyword: &str) -> Option<Node<'d>> {
    let mut waiting: Vec<At> = schemas.to_vec();
    let mut seen = 0;
    while seen < waiting.len().min(MOST) {
        let node = document.node(waiting[seen]);
        seen += 1;
        if let Some(said) = node.get(keyword) {
            return Some(said);
        }
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let parts = referred(document, node).into_iter().chain(parts);
        let parts: Vec<At> = parts.map(Node::at).collect();
        waiting.extend(
            parts
                .into_iter()
                .filter(|at| !waiting.contains(at))
                .collect::<Vec<_>>(),
        );
    }
    None
}

/// Whether a keyword says nothing of which values are right.
pub(super) fn is_remark(name: &str, value: Node<'_>) -> bool {
    match name {
        "title" | "description" | "default" | "example" | "examples" | "deprecated"
        | "readOnly" | "writeOnly" | "externalDocs" | "xml" | "$comment" | "$id" | "$anchor"
        | "$schema" | "$dynamicAnchor" | "$defs" | "definitions" | "name" | "in"
        | "allowEmptyValue" | "collectionFormat" | "summary" => true,
        // A parameter's, in 2.0.
        "required" => !value.is_array() || value.count() == 0,
        "nullable" | "x-nullable" => value.as_bool() != Some(true),
        name => name.starts_with("x-"),
    }
}

/// The values that a schema lists itself, but for null.
fn own_values(schema: Node<'_>) -> Option<BTreeMap<String, Node<'_>>> {
    let listed = schema.get("enum").filter(|values| values.is_array());
    let only = schema.get("const");
    if listed.is_none() && only.is_none() {
        return None;
    }
    let values = |list: &mut dyn Iterator<Item = Node<'_>>| -> HashSet<String> {
        list.map(|node| written(&node.value())).collect()
    };
    let allowed = only.map(|only| values(&mut std::iter::once(only)));
    let all = match listed {
        Some(listed) => listed.items().collect(),
        None => only.into_iter().collect::<Vec<_>>(),
    };
    let kept = all
        .into_iter()
        .filter(|node| !node.is_null())
        .map(|node| (written(&node.value()), node))
        .filter(|(value, _)| {
            allowed
                .as_ref()
                .is_none_or(|allowed| allowed.contains(value))
        });
    let kept: BTreeMap<String, Node<'_>> = kept.collect();
    // All that there are of a kind say no more than the kind.
    let is_all = kept.len() == 2 && kept.values().all(|node| node.as_bool().is_some());
    (!is_all).then_some(kept)
}

/// A value as it is compared: members in the order of their names, numbers by what they are.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<&String, String> = members
                .iter()
                .map(|(name, value)| (name, written(value)))
                .collect();
            format!("{sorted:?}")
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(","))
        }
        Value::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// How a number compares with another.
pub(super) fn compare(one: &Number, other: &Number) -> Ordering {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => {
            let of = |number: &Number| number.as_f64().unwrap_or(f64::NAN);
            of(one).partial_cmp(&of(other)).unwrap_or(Ordering::Equal)
        }
    }
}
