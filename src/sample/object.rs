use super::demand::{Demand, ObjectDemand, Root};
use super::discriminator::{component, discriminated};
use super::draw::Draw;
use super::kinds::Kinds;
use super::maker::{Maker, Place};
use super::names::{Persona, Role, counts_of, is_called, is_vague, role};
use super::sums::is_of_money;
use super::text::{TextDemand, text};
use crate::spec::{At, Node};
use indexmap::IndexSet;
use serde_json::{Map, Value};

/// How many properties a map has where nothing says otherwise.
const USUAL: usize = 2;
/// How many names are tried for a property that must be there whatever its name.
const NAMES: usize = 40;
impl<'d> Maker<'d> {
    pub(super) fn object(&mut self, demand: &Demand<'d>, place: &Place<'_>) -> Option<Value> {
        let object = &demand.object;
        let mut around: Vec<At> = place.around.to_vec();
        around.extend(demand.seen.iter().copied());
        let is_lean = self.is_lean(place.level());
        let mut fixed = Map::new();
        for (node, led) in &demand.discriminators {
            let led = led.start..led.end.min(demand.led.len());
            let led = demand.led.get(led).unwrap_or_default();
            if let Some((name, value)) = discriminated(self.document, *node, led) {
                fixed.entry(name).or_insert(Value::String(value));
            }
        }
        let mut required: IndexSet<String> = object.required.clone();
        self.complete(object, &mut required);
        let mut members = Map::new();
        let mut left_out = Vec::new();
        let most = object.most.unwrap_or(usize::MAX);
        let declared = self.declared(object);
        let names = declared.iter().map(String::as_str);
        let mut draw = place.draw.fork("persona");
        let persona = match place.path.last() {
            Some(name) => place.persona.within(name, &mut draw),
            None => place.persona.clone(),
        };
        let persona = persona.among(names);
        let place = &Place {
            persona: &persona,
            path: self.told_path(demand, place),
            ..place.clone()
        };
        for name in declared {
            let is_required = required.contains(&name);
            let Some(roots) = self.roots_of(demand, &name) else {
                match is_required {
                    true => return None,
                    false => continue,
                }
            };
            let hidden = |root: &Root| self.is_hidden(self.document.node(root.at), 0);
            if roots.iter().any(hidden) {
                continue;
            }
            let missing = required
                .iter()
                .filter(|name| !members.contains_key(*name))
                .count();
            let has_room = members.len() + missing < most;
            if !is_required
                && (!has_room || self.is_left_out(&roots, is_lean, &around, &name, object))
            {
                left_out.push(name);
                continue;
            }
            match self.member(
                &name,
                &roots,
                place,
                &around,
                fixed.get(&name),
                members.len(),
            ) {
                Some(value) => {
                    members.insert(name, value);
                }
                None if is_required => return None,
                None => {}
            }
        }
        for name in required {
            if members.contains_key(&name) {
                continue;
            }
            let roots = self.roots_of(demand, &name)?;
            let hidden = |root: &Root| self.is_hidden(self.document.node(root.at), 0);
            if roots.iter().any(hidden) {
                continue;
            }
            let value = self.member(
                &name,
                &roots,
                place,
                &around,
                fixed.get(&name),
                members.len(),
            )?;
            members.insert(name, value);
        }
        // What tells alternatives apart is said wherever it may be.
        for (name, value) in &fixed {
            let has_room = members.len() < most && !members.contains_key(name);
            let roots = self.roots_of(demand, name).filter(|_| has_room);
            let hidden = |root: &Root| self.is_hidden(self.document.node(root.at), 0);
            let says = |roots: &Vec<Root>| !roots.iter().any(hidden) && self.fits(roots, value);
            if roots.is_some_and(|roots| says(&roots)) {
                members.shift_insert(0, name.clone(), value.clone());
            }
        }
        for name in left_out {
            if members.len() >= object.least {
                break;
            }
            let roots = self.roots_of(demand, &name)?;
            if let Some(value) = self.member(&name, &roots, place, &around, None, members.len()) {
                members.insert(name, value);
            }
        }
        self.fill(demand, place, &around, &mut members)?;
        self.take_back(demand, place, &mut members);
        self.put_in_order(demand, place, &mut members);
        self.count_items(demand, place, &mut members);
        self.add_up(demand, place, &mut members);
        self.divide(demand, place, &mut members);
        (members.len() <= most).then_some(Value::Object(members))
    }

    fn member(
        &mut self,
        name: &str,
        roots: &[Root],
        place: &Place<'_>,
        around: &[At],
        fixed: Option<&Value>,
        members: usize,
    ) -> Option<Value> {
        let draw = place.draw.fork(name);
        let mut path = place.path.clone();
        path.push(name.to_owned());
        let inner = Place {
            path,
            persona: place.persona,
            order: draw.clone(),
            draw,
            sweep: place.sweep.map(|nth| nth >> members.min(63)),
            wish: fixed.or_else(|| place.wish?.get(name)),
            hint: None,
            around,
            is_row: false,
            index: place.index,
            depth: place.depth + 1,
        };
        if let Some(fixed) = fixed
            && self.fits(roots, fixed)
        {
            return Some(fixed.clone());
        }
        self.make(roots, &inner)
    }

    /// The names that lead to an object. Where none does, or one that says nothing, as of `data`,
    /// the name of its schema tells what its properties are about.
    fn told_path(&self, demand: &Demand<'d>, place: &Place<'_>) -> Vec<String> {
        let mut path = place.path.clone();
        let name = demand
            .led
            .first()
            .and_then(|at| component(self.document, *at));
        if let Some(name) = name.filter(|_| path.last().is_none_or(|last| is_vague(last))) {
            path.pop();
            path.push(name);
        }
        path
    }

    /// The declared properties in their order.
    fn declared(&self, object: &ObjectDemand<'d>) -> Vec<String> {
        let mut names: IndexSet<String> = IndexSet::new();
        for part in &object.parts {
            let members = part.properties.into_iter().flat_map(Node::entries);
            names.extend(members.map(|(name, _)| name.into_owned()));
        }
        names.extend(object.more.keys().cloned());
        names.retain(|name| !object.forbidden.contains(name));
        names.into_iter().collect()
    }

    /// Adds what the required properties need beside them.
    fn complete(&self, object: &ObjectDemand<'d>, required: &mut IndexSet<String>) {
        let mut known = 0;
        while known < required.len() {
            known = required.len();
            for (name, needed) in &object.needs {
                if required.contains(name) {
                    required.extend(needed.iter().cloned());
                }
            }
        }
    }

    /// What the property of a name is to meet; nothing where it can't be there.
    pub(super) fn roots_of(&self, demand: &Demand<'d>, name: &str) -> Option<Vec<Root>> {
        let object = &demand.object;
        if object.forbidden.contains(name) {
            return None;
        }
        if !object.names.is_empty() && !self.fits(&object.names, &Value::String(name.to_owned())) {
            return None;
        }
        let mut roots: Vec<Root> = object.more.get(name).cloned().unwrap_or_default();
        let mut is_known = false;
        for part in &object.parts {
            let root = |node: Node<'d>| Root {
                at: node.at(),
                scope: part.scope.clone(),
                denied: false,
            };
            let mut is_told = false;
            if let Some(node) = part.properties.and_then(|properties| properties.get(name)) {
                roots.push(root(node));
                is_told = true;
            }
            for (pattern, node) in part.patterns.into_iter().flat_map(Node::entries) {
                if self.schemas.matches(&pattern, name) {
                    roots.push(root(node));
                    is_told = true;
                }
            }
            is_known |= is_told || part.additional.is_some();
            if !is_told && let Some(additional) = &part.additional {
                roots.push(additional.clone());
            }
        }
        if !is_known {
            roots.extend(object.unevaluated.iter().cloned());
        }
        let never = |root: &Root| self.document.node(root.at).as_bool() == Some(root.denied);
        match roots.iter().any(never) {
            true => None,
            false => Some(roots),
        }
    }

    /// Whether a property that need not be there isn't.
    fn is_left_out(
        &self,
        roots: &[Root],
        is_lean: bool,
        around: &[At],
        name: &str,
        object: &ObjectDemand<'d>,
    ) -> bool {
        // What it needs beside it may not be there.
        let mut needs = object.needs.iter().filter(|(needing, _)| needing == name);
        if needs.any(|(_, needed)| !needed.iter().all(|name| object.required.contains(name))) {
            return true;
        }
        let mut nodes = roots.iter().map(|root| self.document.node(root.at));
        nodes.any(|node| self.leads_back(node, around, 0) || is_lean && self.has_parts(node, 0))
    }

    /// Whether the value of a schema has parts of its own.
    fn has_parts(&self, node: Node<'d>, depth: usize) -> bool {
        if depth > 8 {
            return true;
        }
        let scope = Default::default();
        let target = self.target(node, "$ref", &scope);
        if let Some(target) = target {
            return self.has_parts(self.document.node(target.at), depth + 1);
        }
        let parts = [
            "properties",
            "items",
            "allOf",
            "oneOf",
            "anyOf",
            "additionalProperties",
        ];
        parts.iter().any(|keyword| node.get(keyword).is_some())
            || node
                .get("type")
                .is_some_and(|kind| kind.is_text("object") || kind.is_text("array"))
    }

    /// Adds properties that no schema declares, where there must be more or it is a map.
    fn fill(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        members: &mut Map<String, Value>,
    ) -> Option<()> {
        let object = &demand.object;
        let says = |part: &super::demand::ObjectPart<'d>| {
            let is_schema = |root: &Root| self.document.node(root.at).is_object();
            part.additional.as_ref().is_some_and(is_schema) || part.patterns.is_some()
        };
        let is_map = members.is_empty()
            && self.declared(object).is_empty()
            && object.parts.iter().any(says)
            && !self.is_lean(place.level());
        let wished = match place.wish {
            Some(Value::Object(wished)) if is_map => wished.len().min(20),
            _ => USUAL,
        };
        let wanted = match is_map {
            true => object.least.max(wished),
            false => object.least,
        };
        let wanted = wanted.min(object.most.unwrap_or(usize::MAX));
        let mut draw = place.draw.fork("names");
        let mut tries = 0;
        if self.is_too_many(wanted) {
            return None;
        }
        while members.len() < wanted {
            tries += 1;
            self.tried();
            if self.is_spent() {
                return None;
            }
            if tries > NAMES + 2 * wanted {
                return (members.len() >= object.least).then_some(());
            }
            let Some(name) = self.name(demand, place, tries, &mut draw) else {
                continue;
            };
            if members.contains_key(&name) {
                continue;
            }
            let Some(roots) = self.roots_of(demand, &name) else {
                continue;
            };
            if is_map
                && members.len() >= object.least
                && roots
                    .iter()
                    .any(|root| self.leads_back(self.document.node(root.at), around, 0))
            {
                break;
            }
            if let Some(value) = self.member(&name, &roots, place, around, None, members.len()) {
                members.insert(name, value);
            }
        }
        Some(())
    }

    /// A name for a property that no schema declares.
    fn name(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        turn: usize,
        draw: &mut Draw,
    ) -> Option<String> {
        let object = &demand.object;
        if let Some(Value::Object(wished)) = place.wish
            && let Some(name) = wished.keys().nth(turn - 1)
        {
            return Some(name.clone());
        }
        let patterns = object.parts.iter().filter_map(|part| part.patterns);
        let patterns: Vec<String> = patterns
            .flat_map(Node::entries)
            .map(|(pattern, _)| pattern.into_owned())
            .collect();
        let is_open = object.parts.iter().all(|part| {
            let closed = |root: &Root| self.document.node(root.at).as_bool() == Some(false);
            !part.additional.as_ref().is_some_and(closed)
        });
        let by_pattern = !patterns.is_empty() && (!is_open || turn.is_multiple_of(2) || turn == 1);
        if !object.names.is_empty() && !by_pattern {
            // Short names are few: one after another they are all found.
            let short = turn.checked_sub(WORDS.len()).filter(|turn| turn % 2 == 1);
            let short = short.map(|turn| short_name(turn / 2));
            let fits = |name: &String| self.fits(&object.names, &Value::String(name.clone()));
            if let Some(short) = short.filter(fits) {
                return Some(short);
            }
            let persona = Persona::draw(draw, self.locale);
            let inner = Place {
                path: Vec::new(),
                persona: &persona,
                order: draw.fork(&turn.to_string()),
                draw: draw.fork(&turn.to_string()),
                sweep: None,
                wish: None,
                hint: None,
                around: place.around,
                is_row: false,
                index: turn,
                depth: place.depth + 1,
            };
            return match self.make_of(Kinds::TEXT, &object.names, &inner)? {
                Value::String(name) => Some(name),
                _ => None,
            };
        }
        let demanded = match draw.one_of(&patterns) {
            Some(pattern) if by_pattern => TextDemand {
                patterns: vec![pattern.clone()],
                least: 1,
                ..TextDemand::default()
            },
            _ => TextDemand {
                least: 1,
                most: Some(24),
                ..TextDemand::default()
            },
        };
        let plain = demanded.patterns.is_empty();
        let word = WORDS
            .get(turn - 1)
            .filter(|_| plain)
            .map(|word| (*word).to_owned());
        let this = &*self;
        let accepts = |text: &str| {
            let mut patterns = demanded.patterns.iter();
            patterns.all(|pattern| this.schemas.matches(pattern, text))
                && this.fits(&object.names, &Value::String(text.to_owned()))
        };
        let numbered = || plain.then(|| format!("key{turn}"));
        word.or_else(|| text(&demanded, numbered().as_deref(), draw, &accepts))
    }

    /// Where an object holds one list and says how many items there are, it says so truly.
    fn count_items(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        members: &mut Map<String, Value>,
    ) {
        let lists = members.iter().filter_map(|(name, value)| {
            let count = value.as_array()?.len();
            Some((counts_of(name), Value::from(count)))
        });
        let counted: Vec<(String, Value)> = lists
            .flat_map(|(names, count)| names.map(move |name| (name, count.clone())))
            .collect();
        for (words, count) in counted {
            let named = members
                .iter()
                .find(|(name, value)| value.is_number() && is_called(name, &words));
            if let Some(name) = named.map(|(name, _)| name.clone()) {
                self.replace(demand, place, members, &name, count);
            }
        }
        let mut lists = members.values().filter_map(Value::as_array);
        let (Some(list), None) = (lists.next(), lists.next()) else {
            return;
        };
        let count = Value::from(list.len());
        let is_of_money = is_of_money(members, place);
        let counts = |name: &str| match role(name) {
            Some(Role::Count) => true,
            Some(Role::Sum) => !is_of_money,
            _ => false,
        };
        let names: Vec<String> = members
            .iter()
            .filter(|(name, value)| value.is_number() && counts(name))
            .map(|(name, _)| name.clone())
            .collect();
        for name in names {
            let roots = self.roots_of(demand, &name).unwrap_or_default();
            if self.fits(&roots, &count) {
                members.insert(name, count.clone());
            }
        }
    }
}

/// The names of a letter or digit in their order, then those of two, and so on.
fn short_name(number: usize) -> String {
    const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let (before, last) = (number / LETTERS.len(), number % LETTERS.len());
    let mut name = match before {
        0 => String::new(),
        before => short_name(before - 1),
    };
    name.push(char::from(LETTERS[last]));
    name
}

/// Names for properties of maps that say nothing of theirs.
const WORDS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
