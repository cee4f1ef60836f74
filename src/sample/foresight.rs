//! What a schema's values are at most, read from the schema: what no value can be is left before
//! anything is made.

use super::absorb::count;
use super::apart::Way;
use super::demand::Root;
use super::effort::work;
use super::facts::{Count, Facts, Limit, Member};
use super::kinds::Kinds;
use super::maker::Maker;
use crate::spec::{At, Node};
use crate::validate::Scope;
use serde_json::Value;
use std::rc::Rc;

/// How many objects and lists within each other are looked into.
const WITHIN: usize = 3;
/// How many schemas within each other are, that speak of one value.
const NESTED: usize = 48;
/// How many members of an object are looked at.
const MEMBERS: usize = 64;
/// Up to how many, of which one is to break its schema.
const BROKEN: usize = 8;

/// A schema, whether its values are those that break it, and how deep it is looked into.
pub(super) type Known = (At, bool, usize);

impl<'d> Maker<'d> {
    /// What is told of a value that meets all of these.
    pub(super) fn foresee(&mut self, roots: &[Root]) -> Facts {
        let mut all = Facts::any();
        for root in roots {
            all = all.and(&self.facts_of(root));
        }
        all
    }

    /// What is told of a value that meets a schema, or is to break it.
    pub(super) fn facts_of(&mut self, root: &Root) -> Rc<Facts> {
        self.facts(self.document.node(root.at), root.denied, WITHIN)
    }

    fn facts(&mut self, node: Node<'d>, denied: bool, within: usize) -> Rc<Facts> {
        if let Some(truth) = node.as_bool() {
            let kinds = match truth != denied {
                true => Kinds::ALL,
                false => Kinds::NONE,
            };
            return Rc::new(Facts::of(kinds));
        }
        let key: Known = (node.at(), denied, within);
        if let Some(known) = self.foreseen.get(&key) {
            return known.clone();
        }
        work(2 + 2 * node.count());
        // While it is worked out it may be anything, so that nothing is gone round in.
        self.foreseen.insert(key, Rc::new(Facts::any()));
        self.foreseeing += 1;
        let facts = match denied {
            _ if self.foreseeing > NESTED => Facts::any(),
            false => self.facts_met(node, within),
            true => self.facts_broken(node, within),
        };
        self.foreseeing -= 1;
        let facts = Rc::new(facts.settled());
        self.foreseen.insert(key, facts.clone());
        facts
    }

    fn facts_met(&mut self, node: Node<'d>, within: usize) -> Facts {
        let words = self.document.vocabulary(node.at());
        let mut all = Facts::any();
        if let Some(target) = self.target(node, "$ref", &Scope::default()) {
            all = all.and(&self.facts(self.document.node(target.at), false, within));
        }
        if !(words.refs_stand_alone && node.get("$ref").is_some()) {
            all = all.and(&self.facts_said(node, within));
            for part in node.get("allOf").into_iter().flat_map(Node::items) {
                all = all.and(&self.facts(part, false, within));
            }
            for keyword in ["oneOf", "anyOf"] {
                let branches: Vec<Node<'d>> = match node.get(keyword) {
                    Some(branches) => branches.items().collect(),
                    None => continue,
                };
                let Some((first, others)) = branches.split_first() else {
                    continue;
                };
                let first = Facts::clone(&self.facts(*first, false, within));
                let either = others.iter().fold(first, |either, branch| {
                    either.or(&self.facts(*branch, false, within))
                });
                all = all.and(&either);
            }
            if let Some(not) = node.get("not") {
                all = all.and(&self.facts(not, true, within));
            }
            if node.get("if").is_some() {
                let [met, unmet] = [true, false].map(|is_met| self.facts_if(node, is_met, within));
                all = all.and(&met.or(&unmet));
            }
        }
        match words.takes_null(node) {
            true => all.or(&Facts::of(Kinds::NULL)),
            false => all,
        }
    }

    /// What is told of a value that meets the condition of a schema and what is then, or breaks it
    /// and is what is else.
    fn facts_if(&mut self, node: Node<'d>, is_met: bool, within: usize) -> Facts {
        let keyword = if is_met { "then" } else { "else" };
        let parts = [("if", !is_met), (keyword, false)].into_iter();
        let mut all = Facts::any();
        for (keyword, denied) in parts {
            if let Some(part) = node.get(keyword) {
                all = all.and(&self.facts(part, denied, within));
            }
        }
        all
    }

    pub(super) fn foresee_if(&mut self, node: Node<'d>, is_met: bool) -> Facts {
        self.facts_if(node, is_met, WITHIN)
    }

    /// What the keywords say that speak of the value itself.
    fn facts_said(&mut self, node: Node<'d>, within: usize) -> Facts {
        let words = self.document.vocabulary(node.at());
        let mut facts = Facts::any();
        let (mut required, mut contained) = (Vec::new(), None);
        for (keyword, value) in node.entries() {
            if words.unknown.contains(&&*keyword) || value.is_null() && keyword != "const" {
                continue;
            }
            let number = || count(value);
            match &*keyword {
                "type" => facts.kinds = facts.kinds.and(Kinds::of_type(value)),
                "const" => facts = facts.and(&Facts::one_of(vec![value.value()])),
                "enum" if value.is_array() => {
                    facts = facts.and(&Facts::one_of(value.items().map(Node::value).collect()));
                }
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                    facts = facts.and(&bound(node, &keyword, value, false));
                }
                "multipleOf" => {
                    let step = value.as_number().and_then(|step| step.as_f64());
                    if step.is_some_and(|step| step.fract() == 0.0) {
                        facts.kinds = facts.kinds.without(Kinds::FRACTION);
                    }
                }
                "minLength" => facts.text.least = number().unwrap_or(0),
                "maxLength" => facts.text.most = number().unwrap_or(usize::MAX),
                "minItems" => facts.list.least = facts.list.least.max(number().unwrap_or(0)),
                "maxItems" => facts.list.most = number().unwrap_or(usize::MAX),
                "uniqueItems" => facts.unique = value.as_bool() == Some(true),
                "minProperties" => facts.object.least = number().unwrap_or(0),
                "maxProperties" => facts.object.most = number().unwrap_or(usize::MAX),
                "contains" => contained = Some(value),
                "items" if within > 0 && !value.is_array() && node.get("prefixItems").is_none() => {
                    facts.item = Some(self.facts(value, false, within - 1));
                }
                "required" => {
                    let names = value.items().filter_map(Node::text);
                    required.extend(names.map(|name| name.into_owned()));
                }
                _ => {}
            }
        }
        if contained.is_some() {
            let least = node.get("minContains").and_then(count).unwrap_or(1);
            facts.list.least = facts.list.least.max(least);
        }
        let properties = node.get("properties");
        let properties = properties.and_then(|all| self.document.resolve_map(all));
        let declared = properties.into_iter().flat_map(Node::entries);
        for (name, schema) in declared.take(MEMBERS) {
            let is_required = required.iter().any(|required| *required == *name);
            // What the other side alone sends isn't asked for.
            if self.is_hidden(schema, 0) {
                required.retain(|required| *required != *name);
                continue;
            }
            if within == 0 {
                continue;
            }
            let member = Member {
                facts: self.facts(schema, false, within - 1),
                required: is_required,
            };
            facts.members.insert(name.into_owned(), member);
        }
        // Where there are more of them, what is required may be among those.
        let is_all = properties.is_none_or(|all| all.count() <= MEMBERS);
        for name in required.into_iter().filter(|_| is_all) {
            facts.members.entry(name).or_insert_with(|| Member {
                facts: Rc::new(Facts::any()),
                required: true,
            });
        }
        let is_closed = node.get("additionalProperties").and_then(Node::as_bool) == Some(false)
            && node.get("patternProperties").is_none();
        if is_closed {
            let names = properties.into_iter().flat_map(Node::entries);
            let names = names.map(|(name, _)| name.into_owned());
            facts.closed = Some(names.collect());
        }
        facts
    }

    /// What is told of a value that breaks a schema: that it breaks one of its keywords.
    fn facts_broken(&mut self, node: Node<'d>, within: usize) -> Facts {
        let words = self.document.vocabulary(node.at());
        let is_alone = words.refs_stand_alone && node.get("$ref").is_some();
        let mut any = Facts::of(Kinds::NONE);
        for (keyword, value) in node.entries() {
            if is_alone && keyword != "$ref" || words.unknown.contains(&&*keyword) {
                continue;
            }
            any = any.or(&self.facts_breaking(node, &keyword, value, within));
        }
        match words.takes_null(node) {
            true => any.and(&Facts::of(Kinds::ALL.without(Kinds::NULL))),
            false => any,
        }
    }

    /// What is told of a value that breaks a schema in one way.
    pub(super) fn foresee_breaking(&mut self, node: Node<'d>, way: &Way<'d>) -> Facts {
        match &*way.keyword {
            "allOf" => match way.value.items().nth(way.part) {
                Some(part) => Facts::clone(&self.facts(part, true, WITHIN)),
                None => Facts::of(Kinds::NONE),
            },
            "required" => {
                let name = way.value.items().nth(way.part).and_then(Node::text);
                name.map_or_else(Facts::any, |name| Facts::without(&name))
            }
            "properties" => {
                let mut facts = Facts::of(Kinds::OBJECT);
                if let Some((name, schema)) = way.value.entries().nth(way.part) {
                    let member = Member {
                        facts: self.facts(schema, true, WITHIN - 1),
                        required: true,
                    };
                    facts.members.insert(name.into_owned(), member);
                }
                facts.settled()
            }
            keyword => self.facts_breaking(node, keyword, way.value, WITHIN),
        }
    }

    fn facts_breaking(
        &mut self,
        node: Node<'d>,
        keyword: &str,
        value: Node<'d>,
        within: usize,
    ) -> Facts {
        let counted = |kind: Kinds, of: fn(&mut Facts) -> &mut Count, is_least: bool| {
            let mut facts = Facts::of(kind);
            let limit = count(value).unwrap_or(0);
            match (is_least, limit.checked_sub(1)) {
                (true, None) => facts.kinds = Kinds::NONE,
                (true, Some(most)) => of(&mut facts).most = most,
                (false, _) => of(&mut facts).least = limit.saturating_add(1),
            }
            facts.settled()
        };
        match keyword {
            "type" => {
                let kinds = Kinds::of_type(value);
                Facts::of(Kinds::ALL.without(kinds))
            }
            "const" | "enum" => {
                let values: Vec<Value> = match keyword {
                    "const" => vec![value.value()],
                    _ => value.items().map(Node::value).collect(),
                };
                Facts::none_of(values)
            }
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                bound(node, keyword, value, true)
            }
            "multipleOf" => Facts::of(Kinds::NUMBER),
            "minLength" => counted(Kinds::TEXT, |facts| &mut facts.text, true),
            "maxLength" => counted(Kinds::TEXT, |facts| &mut facts.text, false),
            "minItems" => counted(Kinds::LIST, |facts| &mut facts.list, true),
            "maxItems" => counted(Kinds::LIST, |facts| &mut facts.list, false),
            "minProperties" => counted(Kinds::OBJECT, |facts| &mut facts.object, true),
            "maxProperties" => counted(Kinds::OBJECT, |facts| &mut facts.object, false),
            "pattern" | "format" | "contentEncoding" | "contentMediaType" | "contentSchema" => {
                Facts::of(Kinds::TEXT)
            }
            "items" | "prefixItems" | "uniqueItems" | "contains" | "unevaluatedItems"
            | "additionalItems" => Facts::of(Kinds::LIST),
            "required" => {
                let names = value.items().filter_map(Node::text);
                names.fold(Facts::of(Kinds::NONE), |any, name| {
                    any.or(&Facts::without(&name))
                })
            }
            "properties" if within > 0 && value.count() <= BROKEN => {
                let members: Vec<_> = value.entries().collect();
                members
                    .into_iter()
                    .fold(Facts::of(Kinds::NONE), |any, (name, schema)| {
                        let broken = self.facts(schema, true, within - 1);
                        let broken = Facts::clone(&broken);
                        any.or(&Facts::of(Kinds::OBJECT)
                            .member(&name, broken, true)
                            .settled())
                    })
            }
            "properties"
            | "additionalProperties"
            | "patternProperties"
            | "propertyNames"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedProperties" => Facts::of(Kinds::OBJECT),
            "dependencies" | "discriminator" => Facts::of(Kinds::OBJECT),
            "allOf" => {
                let parts: Vec<Node<'d>> = value.items().collect();
                parts.into_iter().fold(Facts::of(Kinds::NONE), |any, part| {
                    any.or(&self.facts(part, true, within))
                })
            }
            "anyOf" => {
                let parts: Vec<Node<'d>> = value.items().collect();
                parts.into_iter().fold(Facts::any(), |all, part| {
                    all.and(&self.facts(part, true, within))
                })
            }
            "not" => Facts::clone(&self.facts(value, false, within)),
            "$ref" => match self.target(node, "$ref", &Scope::default()) {
                Some(target) => {
                    Facts::clone(&self.facts(self.document.node(target.at), true, within))
                }
                None => Facts::any(),
            },
            // What meets it breaks what is then, or what doesn't breaks what is else.
            "if" => {
                let mut any = Facts::of(Kinds::NONE);
                for (keyword, is_unmet) in [("then", false), ("else", true)] {
                    if let Some(next) = node.get(keyword) {
                        let condition = Facts::clone(&self.facts(value, is_unmet, within));
                        any = any.or(&condition.and(&self.facts(next, true, within)));
                    }
                }
                any
            }
            "oneOf" | "$dynamicRef" | "$recursiveRef" => Facts::any(),
            _ => Facts::of(Kinds::NONE),
        }
    }
}

/// Of a number that a bound lets be, or doesn't where it is denied; of anything else where it isn't.
fn bound(node: Node<'_>, keyword: &str, value: Node<'_>, denied: bool) -> Facts {
    let kinds = if denied { Kinds::NUMBER } else { Kinds::ALL };
    let mut facts = Facts::of(kinds);
    let Some(at) = value.as_number().and_then(|limit| limit.as_f64()) else {
        // A boolean, which says how the bound beside it is meant.
        facts.kinds = if denied { Kinds::NONE } else { Kinds::ALL };
        return facts;
    };
    let is_set = |name: &str| node.get(name).and_then(Node::as_bool) == Some(true);
    let (is_low, excluded) = match keyword {
        "minimum" => (true, is_set("exclusiveMinimum")),
        "exclusiveMinimum" => (true, true),
        "maximum" => (false, is_set("exclusiveMaximum")),
        _ => (false, true),
    };
    let limit = Limit {
        at,
        excluded: excluded != denied,
    };
    match is_low != denied {
        true => facts.low = limit,
        false => facts.high = limit,
    }
    facts
}
