use super::demand::{Demand, ObjectDemand, Root};
use super::discriminator::{component, discriminated};
use super::effort::work;
use super::maker::Maker;
use super::names::is_vague;
use super::place::{Path, Place};
use crate::spec::{At, Node};
use indexmap::IndexSet;
use serde_json::{Map, Value};

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
        // What can't be there for its name is known before anything is made.
        let can_be = |name: &String| self.roots_of(demand, name).is_some();
        if demand.is_tricky && !required.iter().all(can_be) {
            return None;
        }
        let mut members = Map::new();
        let mut left_out = Vec::new();
        let most = object.most.unwrap_or(usize::MAX);
        let declared = self.declared(object);
        work(declared.len());
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
            if self.is_full() {
                break;
            }
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
            let missing = || {
                let missing = required.iter();
                missing.filter(|name| !members.contains_key(*name)).count()
            };
            let has_room = most == usize::MAX || members.len() + missing() < most;
            if !is_required
                && (!has_room
                    || place.is_roving && place.draw.fork(&name).below(2) == 0
                    || self.is_left_out(&roots, is_lean, &around, &name, object))
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
                None => self.leave_out(&roots),
            }
        }
        for name in required {
            if self.is_full() {
                break;
            }
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
            self.add_with_needs(demand, place, &around, name, &mut members);
        }
        if !self.is_full() {
            self.fill(demand, place, &around, &mut members)?;
        }
        self.agree(demand, place, &around, &mut members);
        (members.len() <= most).then_some(Value::Object(members))
    }

    /// Notes that nothing was found for a property, where it isn't what stands beside its schema
    /// that leaves nothing: to forbid it in an alternative is no mistake.
    fn leave_out(&mut self, roots: &[Root]) {
        let [root] = roots else { return };
        let node = self.document.node(root.at);
        let is_forbidden = node.get("not").is_some_and(|not| not.count() == 0);
        let is_known = self.was_cut || self.was_spent.get() || self.unmade.contains(&root.at);
        if !root.denied && !is_forbidden && !is_known {
            self.unmade.push(root.at);
        }
    }

    pub(super) fn member(
        &mut self,
        name: &str,
        roots: &[Root],
        place: &Place<'_>,
        around: &[At],
        fixed: Option<&Value>,
        members: usize,
    ) -> Option<Value> {
        let draw = place.draw.fork(name);
        let inner = Place {
            path: place.path_to(name),
            persona: place.persona,
            order: draw.clone(),
            draw,
            sweep: place.sweep.map(|nth| nth >> members.min(63)),
            wish: fixed.or_else(|| place.wish?.get(name)),
            hint: None,
            also: None,
            taken: None,
            around,
            is_row: false,
            is_roving: place.is_roving,
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
    fn told_path(&self, demand: &Demand<'d>, place: &Place<'_>) -> Path {
        let path = &place.path;
        if path.last().is_some_and(|last| !is_vague(last)) {
            return path.clone();
        }
        let name = demand
            .led
            .first()
            .and_then(|at| component(self.document, *at));
        match name {
            Some(name) => {
                let above = &path[..path.len().saturating_sub(1)];
                above.iter().cloned().chain([name.into()]).collect()
            }
            None => path.clone(),
        }
    }

    /// The declared properties in their order.
    pub(super) fn declared(&self, object: &ObjectDemand<'d>) -> Vec<String> {
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

    /// Adds a property with those that must be beside it, where there is room for all of them.
    fn add_with_needs(
        &mut self,
        demand: &Demand<'d>,
        place: &Place<'_>,
        around: &[At],
        name: String,
        members: &mut Map<String, Value>,
    ) {
        let object = &demand.object;
        let mut needed = IndexSet::from([name]);
        self.complete(object, &mut needed);
        needed.retain(|name| !members.contains_key(name));
        if members.len() + needed.len() > object.most.unwrap_or(usize::MAX) {
            return;
        }
        let mut more = Vec::new();
        for name in needed {
            let roots = self.roots_of(demand, &name);
            let number = members.len() + more.len();
            let value =
                roots.and_then(|roots| self.member(&name, &roots, place, around, None, number));
            match value {
                Some(value) => more.push((name, value)),
                None => return,
            }
        }
        members.extend(more);
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
        let mut tellers = Vec::new();
        for (number, part) in object.parts.iter().enumerate() {
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
            if is_told || part.additional.is_some() {
                tellers.push(number);
            }
            if !is_told && let Some(additional) = &part.additional {
                roots.push(additional.clone());
            }
        }
        roots.extend(object.untold(&tellers));
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
}
