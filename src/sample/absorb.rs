//! A schema into a [`Demand`], with all that applies beside it.

use super::demand::{Demand, ListPart, Mark, ObjectPart, Root, Unevaluated};
use super::discriminator::chooses;
use super::draw::Draw;
use super::effort::work;
use super::facts::Facts;
use super::kinds::Kinds;
use super::maker::Maker;
use super::picks::Picks;
use super::ways::way_of;
use crate::spec::{At, Node, Vocabulary};
use crate::validate::Scope;
use serde_json::Value;

/// What the absorbing of one value's schemas has at hand.
pub(super) struct Absorbing<'a> {
    pub(super) picks: &'a mut Picks,
    /// The schemas of the objects around.
    pub(super) around: &'a [At],
    /// What the value is to say as far as it may.
    pub(super) wish: Option<&'a Value>,
    /// What the order of alternatives is drawn from, where it is: the same for every try.
    pub(super) order: &'a Draw,
    /// Which row of a list it is in.
    pub(super) turn: usize,
    /// How deep in the sample the value stands.
    pub(super) level: usize,
    /// How many schemas led here, each to the next.
    pub(super) depth: usize,
    /// Whether what a value must not be is left to chance, and to the judging of it.
    pub(super) is_bold: bool,
    /// What the value is, whichever of the ways are taken that are left: nothing where the schemas
    /// weren't read for it.
    pub(super) facts: Option<Facts>,
}

/// How many schemas may lead on to each other: past that none can be compiled either.
const CHAIN_LIMIT: usize = 200;

impl<'d> Maker<'d> {
    /// Takes in a schema and all that applies in place.
    pub(super) fn absorb(
        &mut self,
        root: &Root,
        demand: &mut Demand<'d>,
        with: &mut Absorbing<'_>,
    ) {
        with.depth += 1;
        match with.depth > CHAIN_LIMIT {
            true => demand.never = true,
            false => self.absorb_in_place(root, demand, with),
        }
        with.depth -= 1;
    }

    fn absorb_in_place(&mut self, root: &Root, demand: &mut Demand<'d>, with: &mut Absorbing<'_>) {
        let node = self.document.node(root.at);
        if demand.never {
            return;
        }
        if root.denied {
            demand.is_tricky = true;
            if with.is_bold && node.as_bool().is_none() {
                return;
            }
            return self.deny(node, &root.scope, demand, with);
        }
        if let Some(truth) = node.as_bool() {
            demand.never |= !truth;
            return;
        }
        if !node.is_object() {
            return;
        }
        if !demand.seen.insert(node.at()) {
            demand.again.push(node.at());
            return;
        }
        work(1 + node.count());
        let before = demand.mark();
        let scope = root.scope.entering(self.document, node.at());
        let words = self.document.vocabulary(node.at());
        // What leads back to what is around it may go on for ever.
        let leads_back = || self.leads_back(node, with.around, 0);
        // Many read OpenAPI 3.0.3 §4.7.24.1 so that `nullable` without a type says nothing, nor does one
        // beside parts that take no null: null is sent where nothing else ends.
        let is_typed = || node.get("type").is_some();
        let is_free = || is_typed() && self.schemas.allows_nulls(node, &Value::Null);
        if words.takes_null(node) && (is_free() || leads_back()) {
            let is_first = leads_back();
            let null = (true, Facts::of(Kinds::NULL));
            let other = (false, Facts::any());
            let ways = if is_first {
                [null, other]
            } else {
                [other, null]
            };
            if way_of(ways, demand, with) == Some(true) {
                demand.is_tricky = true;
                return demand.only(Kinds::NULL);
            }
        }
        for keyword in ["$ref", "$dynamicRef", "$recursiveRef"] {
            if let Some(target) = self.target(node, keyword, &scope) {
                demand.led.push(target.at);
                self.absorb(&target, demand, with);
            }
        }
        let is_alone =
            words.refs_stand_alone && node.get("$ref").is_some_and(|r| r.text().is_some());
        if !is_alone {
            self.absorb_keywords(node, words, &scope, demand);
            self.absorb_parts(node, words, &scope, demand, with);
            self.absorb_rest(node, words, &scope, demand, &before);
        }
        demand.spans.insert(node.at(), before.to(demand));
    }

    /// What the schema says of what nothing in it speaks of; where one within it says so already,
    /// nothing is left.
    fn absorb_rest(
        &self,
        node: Node<'d>,
        words: Vocabulary,
        scope: &Scope,
        demand: &mut Demand<'d>,
        before: &Mark,
    ) {
        let said = |keyword: &str| {
            let is_known = !words.unknown.contains(&keyword);
            let value = node
                .get(keyword)
                .filter(|value| is_known && !value.is_null())?;
            Some(Root {
                at: value.at(),
                scope: scope.clone(),
                denied: false,
            })
        };
        let (items, properties) = (said("unevaluatedItems"), said("unevaluatedProperties"));
        demand.is_tricky |= items.is_some() || properties.is_some();
        let within = demand.within(before);
        let left = |root: Root| Unevaluated {
            root,
            within: within.clone(),
        };
        if demand.list.unevaluated.len() == before.unevaluated.0 {
            let left = items.map(left);
            demand.list.unevaluated.extend(left);
        }
        if demand.object.unevaluated.len() == before.unevaluated.1 {
            let left = properties.map(left);
            demand.object.unevaluated.extend(left);
        }
    }

    /// Where the reference under a keyword leads.
    pub(super) fn target(&self, node: Node<'d>, keyword: &str, scope: &Scope) -> Option<Root> {
        let reference = node.get(keyword)?;
        let text = reference.text()?;
        let at = self.document.follow(reference.at(), &text).ok()?;
        let at = match keyword {
            "$ref" => at,
            _ => scope.lead(self.document, &text, at),
        };
        Some(Root {
            at: self.document.node(at).at(),
            scope: scope.entering(self.document, at),
            denied: false,
        })
    }

    /// The keywords that speak of the value itself.
    fn absorb_keywords(
        &mut self,
        node: Node<'d>,
        words: Vocabulary,
        scope: &Scope,
        demand: &mut Demand<'d>,
    ) {
        let root = |at: Node<'d>| Root::of(at.at(), scope, false);
        let mut items = ListPart::default();
        let mut members = ObjectPart {
            properties: None,
            patterns: None,
            additional: None,
            scope: scope.clone(),
        };
        let mut contains = None;
        for (keyword, value) in node.entries() {
            if value.is_null() && !["const", "example", "default"].contains(&&*keyword) {
                continue;
            }
            if words.unknown.contains(&&*keyword) {
                continue;
            }
            match &*keyword {
                "type" => demand.only(Kinds::of_type(value)),
                "const" => demand.choose_of(vec![value.value()]),
                "enum" if value.is_array() => {
                    demand.choose_of(value.items().map(Node::value).collect());
                }
                "example" | "x-example" => demand.said.push(value),
                "examples" => demand.said.extend(value.items()),
                "default" => demand.defaults.push(value),
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                    demand.hinted = demand.hinted.or(Kinds::NUMBER);
                    bound(node, &keyword, value, demand);
                }
                "format" => self.format(value, demand),
                "pattern" => {
                    demand.hinted = demand.hinted.or(Kinds::TEXT);
                    demand
                        .text
                        .patterns
                        .extend(value.text().map(|text| text.into_owned()));
                }
                "minLength" => {
                    demand.hinted = demand.hinted.or(Kinds::TEXT);
                    demand.text.least = demand.text.least.max(count(value).unwrap_or(0));
                }
                "maxLength" => {
                    demand.hinted = demand.hinted.or(Kinds::TEXT);
                    demand.text.most = tighter(demand.text.most, count(value));
                }
                "contentEncoding" => {
                    demand.hinted = demand.hinted.or(Kinds::TEXT);
                    demand.text.encoding = value.text().map(|text| text.into_owned());
                }
                "contentMediaType" => {
                    demand.hinted = demand.hinted.or(Kinds::TEXT);
                    demand.text.media_type = value.text().map(|text| text.into_owned());
                }
                "contentSchema" => demand.content.push(root(value)),
                "items" if value.is_array() && words.is_old => {
                    items.prefix = value.items().map(root).collect();
                }
                "prefixItems" => items.prefix = value.items().map(root).collect(),
                "items" => {
                    items.rest = Some(root(value));
                }
                "additionalItems"
                    if words.is_old && node.get("items").is_some_and(Node::is_array) =>
                {
                    items.rest = Some(root(value));
                }
                "minItems" => demand.list.least = demand.list.least.max(count(value).unwrap_or(0)),
                "maxItems" => demand.list.most = tighter(demand.list.most, count(value)),
                "uniqueItems" => demand.list.unique |= value.as_bool() == Some(true),
                "contains" => contains = Some(root(value)),
                "properties" => members.properties = self.document.resolve_map(value),
                "patternProperties" => {
                    demand.is_tricky = true;
                    members.patterns = Some(value);
                }
                "additionalProperties" => members.additional = Some(root(value)),
                "propertyNames" => {
                    demand.is_tricky = true;
                    demand.object.names.push(root(value));
                }
                "required" => {
                    let names = value.items().filter_map(Node::text);
                    demand
                        .object
                        .required
                        .extend(names.map(|name| name.into_owned()));
                }
                "minProperties" => {
                    demand.object.least = demand.object.least.max(count(value).unwrap_or(0));
                }
                "maxProperties" => demand.object.most = tighter(demand.object.most, count(value)),
                "dependentRequired" | "dependencies" => {
                    for (name, needed) in value.entries().filter(|(_, needed)| needed.is_array()) {
                        let needed = needed.items().filter_map(Node::text);
                        let needed = needed.map(|name| name.into_owned()).collect();
                        demand.object.needs.push((name.into_owned(), needed));
                    }
                }
                "discriminator" => {
                    demand.hinted = demand.hinted.or(Kinds::OBJECT);
                    if !chooses(node) && self.open_derived(node, demand).is_empty() {
                        let led = demand.branch..demand.led.len();
                        demand.discriminators.push((node, led));
                    }
                }
                _ => {}
            }
            let hinted = match &*keyword {
                "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" | "contains" => {
                    Kinds::LIST
                }
                "properties"
                | "required"
                | "additionalProperties"
                | "patternProperties"
                | "propertyNames"
                | "minProperties"
                | "maxProperties"
                | "dependentRequired" => Kinds::OBJECT,
                _ => Kinds::NONE,
            };
            demand.hinted = demand.hinted.or(hinted);
        }
        if let Some(contains) = contains {
            demand.is_tricky = true;
            let least = node.get("minContains").and_then(count).unwrap_or(1);
            let most = node.get("maxContains").and_then(count);
            demand.list.contains.push((contains, least, most));
        }
        if !items.prefix.is_empty() || items.rest.is_some() {
            demand.list.parts.push(items);
        }
        demand.object.parts.push(members);
    }

    /// The schemas that a schema stands for, where it wasn't one of them that led to it.
    fn open_derived(&self, node: Node<'d>, demand: &Demand<'d>) -> Vec<Node<'d>> {
        let derived = self.document.derived(node);
        match derived.iter().any(|at| demand.seen.contains(at)) {
            true => Vec::new(),
            false => derived
                .into_iter()
                .map(|at| self.document.node(at))
                .collect(),
        }
    }

    /// The schemas that apply in place, a way taken where they are alternatives.
    fn absorb_parts(
        &mut self,
        node: Node<'d>,
        words: Vocabulary,
        scope: &Scope,
        demand: &mut Demand<'d>,
        with: &mut Absorbing<'_>,
    ) {
        let root = |at: Node<'d>, denied: bool| Root::of(at.at(), scope, denied);
        for part in node.get("allOf").into_iter().flat_map(Node::items) {
            self.absorb(&root(part, false), demand, with);
        }
        // One that is derived from it, so that who reads the name of that finds what it has.
        let derived = self.open_derived(node, demand);
        if !derived.is_empty() {
            let derived = self.in_order(derived, scope, demand, with);
            // It may be nothing but itself, where what is derived stands beside it as an alternative.
            let chosen = derived.get(with.picks.pick(derived.len() + 1));
            demand
                .discriminators
                .push((node, demand.led.len()..usize::MAX));
            if let Some(chosen) = chosen {
                demand.led.push(chosen.at());
                self.absorb(&root(*chosen, false), demand, with);
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(branches) = node.get(keyword).filter(|list| list.is_array()) else {
                continue;
            };
            let branches = self.in_order(branches.items().collect(), scope, demand, with);
            self.absorb_one_of(node, keyword, &branches, scope, demand, with);
        }
        self.absorb_condition(node, scope, demand, with);
        if let Some(not) = node.get("not") {
            self.absorb(&root(not, true), demand, with);
        }
        let dependent = ["dependentSchemas", "dependencies"].into_iter();
        let dependent = dependent.filter(|keyword| !words.unknown.contains(keyword));
        let dependent = dependent.filter_map(|keyword| node.get(keyword));
        for (name, schema) in dependent.flat_map(Node::entries) {
            if schema.is_array() {
                continue;
            }
            demand.is_tricky = true;
            demand.hinted = demand.hinted.or(Kinds::OBJECT);
            let (mut there, mut missing) = (Facts::any(), Facts::any());
            if with.facts.is_some() {
                let schema = self.facts_of(&root(schema, false));
                there = Facts::with(&name).and(&schema);
                missing = Facts::without(&name).or(&Facts::of(Kinds::ALL.without(Kinds::OBJECT)));
            }
            let ways = [(true, there), (false, missing)];
            match way_of(ways, demand, with) {
                Some(true) => {
                    self.absorb(&root(schema, false), demand, with);
                    demand.object.required.insert(name.into_owned());
                }
                Some(false) => {
                    demand.object.forbidden.insert(name.into_owned());
                }
                None => {}
            }
        }
    }

    fn format(&self, value: Node<'d>, demand: &mut Demand<'d>) {
        let Some(name) = value.text() else { return };
        match &*name {
            "int32" | "int64" | "float" | "double" => {
                demand.hinted = demand.hinted.or(Kinds::NUMBER);
                demand.number_formats.push(name.into_owned());
            }
            _ => {
                demand.hinted = demand.hinted.or(Kinds::TEXT);
                // A moment may be a number of seconds too.
                if matches!(&*name, "unix-time" | "unixtime" | "timestamp" | "epoch") {
                    demand.number_formats.push(name.clone().into_owned());
                }
                demand.text.formats.push(name.into_owned());
            }
        }
    }
}

pub(super) fn count(value: Node<'_>) -> Option<usize> {
    let number = value.as_number()?;
    let whole = number
        .as_u64()
        .or_else(|| number.as_f64().map(|float| float as u64));
    Some(usize::try_from(whole?).unwrap_or(usize::MAX))
}

pub(super) fn tighter(known: Option<usize>, limit: Option<usize>) -> Option<usize> {
    match (known, limit) {
        (Some(known), Some(limit)) => Some(known.min(limit)),
        (known, limit) => known.or(limit),
    }
}

/// A bound of numbers; a boolean beside it says whether it is excluded itself (draft 4).
fn bound(node: Node<'_>, keyword: &str, value: Node<'_>, demand: &mut Demand<'_>) {
    let is_set = |name: &str| node.get(name).and_then(Node::as_bool) == Some(true);
    let Some(limit) = value.as_number() else {
        return;
    };
    match keyword {
        "minimum" => demand.number.at_least(&limit, is_set("exclusiveMinimum")),
        "exclusiveMinimum" => demand.number.at_least(&limit, true),
        "maximum" => demand.number.at_most(&limit, is_set("exclusiveMaximum")),
        "exclusiveMaximum" => demand.number.at_most(&limit, true),
        _ => demand.number.multiple_of(&limit),
    }
}
