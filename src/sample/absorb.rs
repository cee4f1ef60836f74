//! A schema into a [`Demand`], with all that applies beside it.

use super::demand::{Demand, ListPart, ObjectPart, Root, same};
use super::discriminator::chooses;
use super::draw::Draw;
use super::kinds::Kinds;
use super::maker::Maker;
use super::picks::Picks;
use crate::spec::{At, Node, Vocabulary};
use crate::validate::Scope;
use serde_json::{Map, Value};

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
}

/// How many properties of an alternative are looked at for what tells it apart.
const KEPT_APART: usize = 16;
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
            return self.deny(node, &root.scope, demand, with);
        }
        if let Some(truth) = node.as_bool() {
            demand.never |= !truth;
            return;
        }
        if !node.is_object() || !demand.seen.insert(node.at()) {
            return;
        }
        let scope = root.scope.entering(self.document, node.at());
        let words = self.document.vocabulary(node.at());
        if words.takes_null(node) {
            // What leads back to what is around it may go on for ever.
            let leads_back = self.leads_back(node, with.around, 0);
            let null = if leads_back { 0 } else { 1 };
            if with.picks.pick(2) == null {
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
        if words.refs_stand_alone && node.get("$ref").is_some_and(|r| r.text().is_some()) {
            return;
        }
        self.absorb_keywords(node, words, &scope, demand);
        self.absorb_parts(node, words, &scope, demand, with);
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
        let root = |at: Node<'d>| Root {
            at: at.at(),
            scope: scope.clone(),
            denied: false,
        };
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
                "unevaluatedItems" => {
                    demand.is_tricky = true;
                    demand.list.unevaluated.push(root(value));
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
                "unevaluatedProperties" => {
                    demand.is_tricky = true;
                    demand.object.unevaluated.push(root(value));
                }
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
                    if !chooses(node) {
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

    /// The schemas that apply in place, a way taken where they are alternatives.
    fn absorb_parts(
        &mut self,
        node: Node<'d>,
        words: Vocabulary,
        scope: &Scope,
        demand: &mut Demand<'d>,
        with: &mut Absorbing<'_>,
    ) {
        let root = |at: Node<'d>, denied: bool| Root {
            at: at.at(),
            scope: scope.clone(),
            denied,
        };
        for part in node.get("allOf").into_iter().flat_map(Node::items) {
            self.absorb(&root(part, false), demand, with);
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(branches) = node.get(keyword).filter(|list| list.is_array()) else {
                continue;
            };
            let branches = self.in_order(branches.items().collect(), scope, demand, with);
            let count = branches.len();
            if count == 0 {
                continue;
            }
            demand.is_tricky |= count > 1;
            // Of `oneOf` a second round keeps the value off the other branches on purpose.
            // Of `anyOf` all may hold at once, which is the last way.
            let ways = match keyword {
                _ if count == 1 => 1,
                "oneOf" => 2 * count,
                _ => count + 1,
            };
            let way = with.picks.pick(ways);
            if keyword == "anyOf" && way == count {
                for branch in &branches {
                    self.absorb(&root(*branch, false), demand, with);
                }
                continue;
            }
            let chosen = branches[way % count];
            demand.branch = demand.led.len();
            if node.get("discriminator").is_some() {
                demand
                    .discriminators
                    .push((node, demand.branch..usize::MAX));
            }
            self.absorb(&root(chosen, false), demand, with);
            if way >= count {
                for other in branches.iter().filter(|other| other.at() != chosen.at()) {
                    self.absorb(&root(*other, true), demand, with);
                }
            }
        }
        if let Some(condition) = node.get("if") {
            demand.is_tricky = true;
            let (then, otherwise) = (node.get("then"), node.get("else"));
            // As of alternatives, the way that leads back is the second.
            let mut parts = [Some(condition), then].into_iter().flatten();
            let leads_back = parts.any(|part| self.leads_back(part, with.around, 0));
            let met = if leads_back { 1 } else { 0 };
            match with.picks.pick(2) {
                way if way == met => {
                    self.absorb(&root(condition, false), demand, with);
                    if let Some(then) = then {
                        self.absorb(&root(then, false), demand, with);
                    }
                }
                _ => {
                    self.absorb(&root(condition, true), demand, with);
                    if let Some(otherwise) = otherwise {
                        self.absorb(&root(otherwise, false), demand, with);
                    }
                }
            }
        }
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
            match with.picks.pick(2) {
                0 => {
                    self.absorb(&root(schema, false), demand, with);
                    demand.object.required.insert(name.into_owned());
                }
                _ => {
                    demand.object.forbidden.insert(name.into_owned());
                }
            }
        }
    }

    /// Alternatives in the order in which they are tried: those that nothing speaks against, those
    /// that let be what is asked for, those that end before those that lead back, those that are
    /// something before null; deep down those that end soonest first.
    fn in_order(
        &mut self,
        branches: Vec<Node<'d>>,
        scope: &Scope,
        demand: &Demand<'d>,
        with: &Absorbing<'_>,
    ) -> Vec<Node<'d>> {
        let mut keyed: Vec<([usize; 6], Node<'d>)> = Vec::new();
        let around = with.around;
        let is_lean = self.is_lean(with.level);
        for (number, branch) in branches.into_iter().enumerate() {
            let height = match is_lean {
                true => self.height(branch, scope),
                false => 0,
            };
            let leads_back =
                self.leads_back(branch, around, 0) || demand.seen.contains(&branch.at());
            let is_null = branch.get("type").is_some_and(|kind| kind.is_text("null"));
            let refused = with.wish.and_then(Value::as_object);
            let refused = refused.map_or(0, |wish| self.refused(branch, scope, wish, 0));
            let contradicts = usize::from(self.contradicts(branch, demand));
            let (leads_back, is_null) = (usize::from(leads_back), usize::from(is_null));
            let number = match self.is_dynamic {
                true => with.order.fork(&number.to_string()).number() as usize,
                false => number,
            };
            let key = [contradicts, refused, height, leads_back, is_null, number];
            keyed.push((key, branch));
        }
        keyed.sort_by_key(|(key, _)| *key);
        // Rows are of one after another, where they are things of several kinds.
        let alike = keyed.iter().filter(|(key, _)| key[..5] == keyed[0].0[..5]);
        let is_thing = |branch: Node<'d>| self.is_thing(branch, 0);
        let alike = alike.filter(|(_, branch)| is_thing(*branch)).count();
        if alike > 1 && is_thing(keyed[0].1) {
            keyed[..alike].rotate_left(with.turn % alike);
        }
        keyed.into_iter().map(|(_, branch)| branch).collect()
    }

    /// Whether the values of a schema are objects.
    fn is_thing(&self, node: Node<'d>, depth: usize) -> bool {
        let is_own = node.get("type").is_some_and(|kind| kind.is_text("object"));
        let target = self.target(node, "$ref", &Scope::default());
        let target = target.map(|target| self.document.node(target.at));
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let mut within = target.into_iter().chain(parts);
        is_own
            || node.get("properties").is_some()
            || depth < 4 && within.any(|part| self.is_thing(part, depth + 1))
    }

    /// How many of the members of a value, objects and lists aside, an alternative lets not be.
    fn refused(
        &self,
        branch: Node<'d>,
        scope: &Scope,
        wish: &Map<String, Value>,
        depth: usize,
    ) -> usize {
        if depth > 4 {
            return 0;
        }
        let target = self.target(branch, "$ref", scope);
        let target = target.map(|target| self.document.node(target.at));
        let parts = branch.get("allOf").into_iter().flat_map(Node::items);
        let within = target.into_iter().chain(parts);
        let within = within.map(|part| self.refused(part, scope, wish, depth + 1));
        let is_refused = |(name, value): &(&String, &Value)| {
            let schema = branch.get("properties").and_then(|all| all.get(name));
            let root = schema.map(|schema| Root {
                at: schema.at(),
                scope: scope.clone(),
                denied: false,
            });
            let is_plain = !value.is_object() && !value.is_array();
            is_plain && root.is_some_and(|root| !self.fits(&[root], value))
        };
        let own = wish.iter().take(KEPT_APART).filter(is_refused).count();
        own + within.sum::<usize>()
    }

    /// Whether an alternative says of a property that it is one of some values, of which what was
    /// taken in already leaves none.
    fn contradicts(&self, branch: Node<'d>, demand: &Demand<'d>) -> bool {
        let said = |schema: Node<'d>| match schema.get("const") {
            Some(value) => vec![value.value()],
            None => schema
                .get("enum")
                .into_iter()
                .flat_map(Node::items)
                .map(Node::value)
                .collect(),
        };
        let members = branch.get("properties").into_iter().flat_map(Node::entries);
        let mut members = members
            .take(KEPT_APART)
            .filter(|(_, schema)| schema.is_object());
        members.any(|(name, schema)| {
            let own = said(schema);
            let parts = demand.object.parts.iter();
            let mut others = parts
                .filter_map(|part| part.properties?.get(&name))
                .map(said);
            !own.is_empty()
                && others.any(|other| {
                    let has = |value: &Value| other.iter().any(|other| same(value, other));
                    !other.is_empty() && !own.iter().any(has)
                })
        })
    }

    /// Whether a schema is, or refers to, one of those around it.
    pub(super) fn leads_back(&self, node: Node<'d>, around: &[At], depth: usize) -> bool {
        if around.contains(&node.at()) {
            return true;
        }
        if depth > 4 {
            return false;
        }
        let scope = Scope::default();
        let target = self.target(node, "$ref", &scope);
        let target = target.or_else(|| self.target(node, "$dynamicRef", &scope));
        if let Some(target) = target {
            return self.leads_back(self.document.node(target.at), around, depth + 1);
        }
        let parts = node.get("allOf").into_iter().flat_map(Node::items);
        let items = node.get("items").filter(|items| items.is_object());
        let mut parts = parts.chain(items);
        if parts.any(|part| self.leads_back(part, around, depth + 1)) {
            return true;
        }
        ["oneOf", "anyOf"].into_iter().any(|keyword| {
            let mut branches = node
                .get(keyword)
                .into_iter()
                .flat_map(Node::items)
                .peekable();
            branches.peek().is_some()
                && branches
                    .filter(|branch| !branch.get("type").is_some_and(|kind| kind.is_text("null")))
                    .all(|branch| self.leads_back(branch, around, depth + 1))
        })
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
