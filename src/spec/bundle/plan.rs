//! Where everything that references lead to stands in the one document.

use super::leads::{Typed, adds_to, mapped, target};
use super::part::{Is, Thing};
use crate::spec::{At, Dialect, Document, Node};
use crate::wire::Pointer;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How deep parts that have no place of their own may lie in the document.
const DEEP: usize = 60;

/// What is brought from other files, and where it stands.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// What other files have that is referred to, the outermost of it alone; and what it is.
    taken: BTreeMap<At, Is>,
    /// Which of these a place is in.
    within: HashMap<At, At>,
    /// Where each stands.
    homes: HashMap<At, Pointer>,
    /// The references that give way to what they lead to.
    pub replaced: HashSet<At>,
    /// What was added, in order: its section, its name, where it is from, what it is.
    pub added: Vec<(&'static str, String, At, Is)>,
    /// What else of the root document is referred to as something, and isn't where such stands.
    pub typed: HashMap<At, Is>,
    names: HashMap<&'static str, HashSet<String>>,
}

impl Plan {
    /// That of a document.
    pub fn of(document: &Document) -> Plan {
        let mut plan = Plan::default();
        plan.collect(document);
        plan.settle(document);
        plan
    }

    /// Finds all that is referred to.
    fn collect(&mut self, document: &Document) {
        let mut waiting = vec![whole(document)];
        let mut seen = HashSet::new();
        let mut found: BTreeMap<At, Is> = BTreeMap::new();
        while let Some(typed) = waiting.pop() {
            if !seen.insert(typed.node.at()) {
                continue;
            }
            let mut led: Vec<(At, Is)> = Vec::new();
            led.extend(target(document, typed).map(|at| (at, typed.is)));
            if typed.is == Is::One(Thing::Discriminator) {
                let values = typed.node.get("mapping").into_iter();
                let values = values.flat_map(Node::entries).map(|(_, value)| value);
                let values = values.filter_map(|value| mapped(document, value));
                led.extend(values.map(|at| (at, Is::One(Thing::Schema))));
            }
            for (at, is) in &led {
                match at.file() {
                    0 => self.typed.insert(*at, *is),
                    _ => Some(*found.entry(*at).or_insert(*is)),
                };
            }
            let mut next: Vec<Typed<'_>> = led
                .into_iter()
                .map(|(at, is)| Typed {
                    node: document.node(at),
                    is,
                })
                .collect();
            let inner = typed.inner(document).into_iter().map(|(_, inner)| inner);
            // In the order of the text, so that what is met first is what people read first.
            next.extend(inner.filter(|inner| !matches!(inner.is, Is::Data | Is::Loose)));
            waiting.extend(next.into_iter().rev());
        }
        // What lies in another is referred to within it, so that nothing is there twice.
        let mut open: Vec<At> = Vec::new();
        for (at, is) in found {
            let is_in = |outer: &At| {
                let tree = document.node(*outer).tree();
                outer.file() == at.file()
                    && tree.is_within(at.number() as u32, outer.number() as u32)
            };
            while open.last().is_some_and(|outer| !is_in(outer)) {
                open.pop();
            }
            match open.first() {
                Some(outer) => {
                    self.within.insert(at, *outer);
                }
                None => {
                    self.taken.insert(at, is);
                }
            }
            open.push(at);
        }
    }

    /// Finds a place for each, in the order in which they are met.
    fn settle(&mut self, document: &Document) {
        let components = match document.dialect {
            Dialect::V20 => Some(document.root()),
            _ => document.root().get("components"),
        };
        for (name, section) in components.into_iter().flat_map(Node::entries) {
            let names = section.entries().map(|(name, _)| name.into_owned());
            if let Some(known) = SECTIONS.iter().find(|known| **known == name) {
                self.names.entry(known).or_default().extend(names);
            }
        }
        self.settle_named(document);
        let mut waiting = vec![(whole(document), Pointer::root())];
        let mut seen = HashSet::new();
        let mut next = 0;
        loop {
            while let Some((typed, at)) = waiting.pop() {
                if !seen.insert(typed.node.at()) {
                    continue;
                }
                let mut inner = Vec::new();
                if let Some(to) = target(document, typed) {
                    if self.place(document, typed, to, &at) {
                        let typed = Typed {
                            node: document.node(to),
                            is: typed.is,
                        };
                        inner.push((typed, at.clone()));
                    }
                    if to.file() == 0 && self.typed.contains_key(&to) {
                        let typed = Typed {
                            node: document.node(to),
                            is: typed.is,
                        };
                        let at = document.origin(to).pointer;
                        inner.push((typed, at));
                    }
                }
                if typed.is == Is::One(Thing::Discriminator) {
                    let values = typed.node.get("mapping").into_iter();
                    for value in values.flat_map(Node::entries).map(|(_, value)| value) {
                        if let Some(to) = mapped(document, value) {
                            self.add(document, to, Is::One(Thing::Schema), None);
                        }
                    }
                }
                for (index, (name, typed)) in typed.inner(document).into_iter().enumerate() {
                    if matches!(typed.is, Is::Data | Is::Loose) {
                        continue;
                    }
                    let at = match name {
                        Some(name) => at.child(name),
                        None => at.child(index),
                    };
                    inner.push((typed, at));
                }
                waiting.extend(inner.into_iter().rev());
            }
            let Some((section, name, from, is)) = self.added.get(next) else {
                break;
            };
            let typed = Typed {
                node: document.node(*from),
                is: *is,
            };
            waiting.push((typed, home(document, section, name)));
            next += 1;
        }
    }

    /// Gives what is nothing but a reference among the components or the paths its own place, so
    /// that it keeps its name, whoever refers to it first.
    fn settle_named(&mut self, document: &Document) {
        let root = whole(document);
        let components = root.node.get("components").map(|node| Typed {
            node,
            is: Is::One(Thing::Components),
        });
        let holders = [
            (Some(root), Pointer::root()),
            (components, Pointer::root().child("components")),
        ];
        for (holder, at) in holders {
            let Some(holder) = holder else { continue };
            for (name, map) in holder.inner(document) {
                let (Some(name), Is::Map(_)) = (name, map.is) else {
                    continue;
                };
                let at = at.child(name);
                let mut map = map;
                if let Some(to) = target(document, map)
                    && self.place(document, map, to, &at)
                {
                    map.node = document.node(to);
                }
                for (name, entry) in map.inner(document) {
                    if let (Some(name), Some(to)) = (name, target(document, entry)) {
                        self.keep(document, entry, to, &at.child(name));
                    }
                }
            }
        }
    }

    /// Finds the place of a reference for what it leads to, where that may stand there.
    fn keep(&mut self, document: &Document, typed: Typed<'_>, to: At, at: &Pointer) -> bool {
        let is_free = to.file() > 0 && !self.is_settled(to) && self.taken.contains_key(&to);
        let is_alone = typed.is_lone() || adds_to(document, typed, to);
        let is_here = is_free && is_alone && self.may_stand(document, typed, at);
        if is_here {
            self.homes.insert(to, at.clone());
            self.replaced.insert(typed.node.at());
        }
        is_here
    }

    /// Whether what a reference leads to may stand in the place of it, and no component is due.
    fn may_stand(&self, document: &Document, typed: Typed<'_>, at: &Pointer) -> bool {
        let tokens: Vec<String> = at.tokens().collect();
        let words: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let section = typed.is.section(document.dialect);
        let is_component = match (document.dialect, words.as_slice()) {
            (Dialect::V20, [name, _]) | (_, ["components", name, _]) => section == Some(*name),
            (_, ["paths", _]) => typed.is == Is::One(Thing::PathItem),
            _ => false,
        };
        is_component || section.is_none()
    }

    /// Finds a place for what a reference leads to; whether that is where the reference stands.
    fn place(&mut self, document: &Document, typed: Typed<'_>, to: At, at: &Pointer) -> bool {
        if self.replaced.contains(&typed.node.at()) {
            return true;
        }
        if to.file() == 0 || self.is_settled(to) {
            return false;
        }
        if at.tokens().count() < DEEP && self.keep(document, typed, to, at) {
            return true;
        }
        let text = typed.reference().and_then(Node::text);
        self.add(document, to, typed.is, text.as_deref());
        false
    }

    fn is_settled(&self, to: At) -> bool {
        let outer = self.within.get(&to).unwrap_or(&to);
        self.homes.contains_key(outer)
    }

    /// Gives what is referred to a name among the components, or what it is in.
    fn add(&mut self, document: &Document, to: At, is: Is, reference: Option<&str>) {
        if to.file() == 0 || self.is_settled(to) {
            return;
        }
        let (to, is, reference) = match self.within.get(&to) {
            Some(outer) => (*outer, self.taken[outer], None),
            None => (to, is, reference),
        };
        let section = is.section(document.dialect).unwrap_or("x-parts");
        let base = name(document, to, reference);
        let names = self.names.entry(section).or_default();
        let mut name = base.clone();
        let mut number = 2;
        while !names.insert(name.clone()) {
            name = format!("{base}-{number}");
            number += 1;
        }
        self.homes.insert(to, home(document, section, &name));
        self.added.push((section, name, to, is));
    }

    /// The reference to a place that leads there in the one document; nothing where it isn't in it.
    pub fn address(&self, document: &Document, to: At) -> Option<String> {
        let pointer = document.origin(to).pointer;
        let pointer = match to.file() {
            0 => pointer,
            _ => {
                let outer = self
                    .within
                    .get(&to)
                    .copied()
                    .or_else(|| self.holder(document, to));
                let outer = outer.unwrap_or(to);
                let home = self.homes.get(&outer)?;
                let before = document.origin(outer).pointer;
                let rest = pointer.as_str().strip_prefix(before.as_str())?;
                Pointer::parse(&format!("{home}{rest}"))?
            }
        };
        Some(format!("#{}", encoded(&pointer)))
    }

    /// What was taken that a place lies in which nothing else refers to.
    fn holder(&self, document: &Document, to: At) -> Option<At> {
        let mut before = self.taken.range(..=to).rev();
        before
            .find(|(outer, _)| {
                let tree = document.node(**outer).tree();
                outer.file() == to.file()
                    && tree.is_within(to.number() as u32, outer.number() as u32)
            })
            .map(|(outer, _)| *outer)
    }
}

const SECTIONS: [&str; 13] = [
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "examples",
    "links",
    "callbacks",
    "securitySchemes",
    "pathItems",
    "mediaTypes",
    "definitions",
    "securityDefinitions",
];

/// The document as a whole.
pub(super) fn whole(document: &Document) -> Typed<'_> {
    Typed {
        node: document.root(),
        is: Is::One(Thing::Document),
    }
}

fn home(document: &Document, section: &str, name: &str) -> Pointer {
    let root = Pointer::root();
    let holder = match document.dialect {
        Dialect::V20 => root,
        _ => root.child("components"),
    };
    holder.child(section).child(name)
}

/// What a component is called: as where it is from.
fn name(document: &Document, at: At, reference: Option<&str>) -> String {
    let origin = document.origin(at);
    let file = origin.source.name();
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    // An anchor is a name too.
    let anchor = reference.and_then(|text| text.split_once('#'));
    let anchor = anchor.filter(|(_, fragment)| !fragment.is_empty() && !fragment.contains('/'));
    let last = origin.pointer.tokens().last();
    let said = match (last, anchor) {
        (_, Some((_, anchor))) => anchor.to_owned(),
        (Some(last), None) => {
            let is_name = last.starts_with(|c: char| c.is_alphabetic());
            let keywords = ["schema", "items", "get", "put", "post", "delete", "patch"];
            match is_name && !keywords.contains(&last.as_str()) {
                true => last,
                false => format!("{stem}-{last}"),
            }
        }
        (None, None) => stem.to_owned(),
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let name: String = said
        .chars()
        .take(80)
        .map(|c| if allowed(c) { c } else { '_' })
        .collect();
    match name.is_empty() {
        true => "part".to_owned(),
        false => name,
    }
}

/// A pointer as the fragment of a URI (RFC 6901 §6).
fn encoded(pointer: &Pointer) -> String {
    let mut out = String::new();
    for byte in pointer.as_str().bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@?".contains(&byte) => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
