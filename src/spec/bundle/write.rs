//! The one document, written by its plan.

use super::leads::{Typed, adds_to, mapped, target};
use super::part::{Is, Thing};
use super::plan::{Plan, whole};
use crate::spec::{At, Dialect, Document, Node};
use serde_json::{Map, Value};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

/// What names schemas within a file, and says how they are written: it has no meaning in another.
const OWN: [&str; 5] = [
    "$id",
    "$anchor",
    "$dynamicAnchor",
    "$schema",
    "$recursiveAnchor",
];

pub(super) struct Writer<'d> {
    document: &'d Document,
    plan: Plan,
    /// Whether the references of the root document mean the same in the one document.
    keeps_root: bool,
    /// How many bytes may yet be brought to where no reference should be, or are there already.
    room: Cell<usize>,
    /// The maps that are being copied.
    open: RefCell<Vec<At>>,
}

/// How many bytes there may be of that in all.
const ROOM: usize = 16 * 1024 * 1024;
/// How deep maps may be copied into each other.
const DEEP: usize = 8;

impl<'d> Writer<'d> {
    pub fn of(document: &'d Document) -> Writer<'d> {
        Writer {
            document,
            plan: Plan::of(document),
            keeps_root: !document.files.embedded().any(|at| at.file() == 0),
            room: Cell::new(ROOM),
            open: RefCell::default(),
        }
    }

    /// All of it.
    pub fn document(&self) -> Value {
        let mut root = self.value(whole(self.document));
        for (section, name, from, is) in &self.plan.added {
            let value = self.value(Typed {
                node: self.document.node(*from),
                is: *is,
            });
            let Value::Object(members) = &mut root else {
                break;
            };
            let holder = match self.document.dialect {
                Dialect::V20 => Some(members),
                _ => members
                    .entry("components")
                    .or_insert_with(|| Value::Object(Map::new()))
                    .as_object_mut(),
            };
            let section = holder.and_then(|holder| {
                let section = holder.entry(*section);
                section
                    .or_insert_with(|| Value::Object(Map::new()))
                    .as_object_mut()
            });
            if let Some(section) = section {
                section.insert(name.clone(), value);
            }
        }
        root
    }

    fn value(&self, typed: Typed<'d>) -> Value {
        let typed = match (typed.is, self.plan.typed.get(&typed.node.at())) {
            (Is::Data | Is::Loose, Some(is)) => Typed { is: *is, ..typed },
            _ => typed,
        };
        let node = typed.node;
        let to = target(self.document, typed);
        if let Some(to) = to {
            let value = match self.plan.replaced.contains(&node.at()) {
                true => Some(self.inlined(typed, to)),
                false => self.copied(typed, to),
            };
            if let Some(value) = value {
                return value;
            }
        }
        if let Some(value) = self.loose(typed) {
            return value;
        }
        if typed.is == Is::Data && (node.at().file() > 0 || self.plan.typed.is_empty()) {
            return node.value();
        }
        if node.is_array() {
            let items = node.items().map(|node| {
                self.value(Typed {
                    node,
                    is: typed.is.item(),
                })
            });
            return items.collect();
        }
        if !node.is_object() {
            return node.value();
        }
        let mut members = Map::new();
        for (name, inner) in node.entries() {
            let is = typed.is.member(&name, self.document.dialect);
            let value = match (&*name, to) {
                ("$ref", Some(to)) => self.reference(node, inner, to),
                (name, _) if self.is_left_out(typed, name) => continue,
                _ => self.value(Typed { node: inner, is }),
            };
            members.insert(name.into_owned(), value);
        }
        match typed.is {
            Is::One(Thing::Schema) => self.schema(node, &mut members),
            Is::One(Thing::Example) => self.example(node, &mut members),
            Is::One(Thing::Link) => self.link(node, &mut members),
            _ => {}
        }
        Value::Object(members)
    }

    /// What a reference leads to, in the place of it.
    fn inlined(&self, typed: Typed<'d>, to: At) -> Value {
        let mut value = self.value(Typed {
            node: self.document.node(to),
            is: typed.is,
        });
        // A map may have members of its own beside it.
        if let (Is::Map(_), Value::Object(members)) = (typed.is, &mut value) {
            let own = typed.inner(self.document).into_iter();
            let own = own.filter_map(|(name, inner)| Some((name?, inner)));
            for (name, inner) in own.filter(|(name, _)| name != "$ref") {
                members.insert(name.into_owned(), self.value(inner));
            }
        }
        value
    }

    /// A map that stands elsewhere already: no reader but us takes a reference for one, so it is
    /// there once more, as long as there is room for it and it isn't within itself.
    fn copied(&self, typed: Typed<'d>, to: At) -> Option<Value> {
        let is_map = matches!(typed.is, Is::Map(_)) && adds_to(self.document, typed, to);
        let mut open = self.open.borrow_mut();
        let has_room = self.room.get() > 0;
        if !is_map || !has_room || to.file() == 0 || open.len() >= DEEP || open.contains(&to) {
            return None;
        }
        open.push(to);
        drop(open);
        let value = self.inlined(typed, to);
        self.open.borrow_mut().pop();
        self.has_room(&value).then_some(value)
    }

    /// Whether there is room for one more thing that is there already; if not, there is none from
    /// now on.
    fn has_room(&self, value: &Value) -> bool {
        let left = self.room.get().checked_sub(value.to_string().len());
        self.room.set(left.unwrap_or(0));
        left.is_some()
    }

    /// What stands in another file and is referred to where no reference should be.
    fn loose(&self, typed: Typed<'d>) -> Option<Value> {
        let node = typed.node;
        if typed.is != Is::Loose || node.count() != 1 || self.room.get() == 0 {
            return None;
        }
        let reference = node.get("$ref")?;
        let text = reference.text().filter(|text| !text.starts_with('#'))?;
        let at = self.document.follow(reference.at(), &text).ok()?;
        let value = self.document.node(at).value();
        // The same may be referred to everywhere.
        self.has_room(&value).then_some(value)
    }

    /// Whether a member of a schema has no meaning in another file.
    fn is_left_out(&self, typed: Typed<'d>, name: &str) -> bool {
        let is_schema = typed.is == Is::One(Thing::Schema);
        let is_moved = typed.node.at().file() > 0 || !self.keeps_root;
        is_schema && is_moved && self.document.dialect >= Dialect::V31 && OWN.contains(&name)
    }

    /// A reference that leads to the same in the one document.
    fn reference(&self, holder: Node<'d>, written: Node<'d>, to: At) -> Value {
        let text = written.text().unwrap_or_default();
        let is_own = holder.at().file() == 0 && to.file() == 0;
        if is_own && self.keeps_root && text.starts_with('#') {
            return Value::from(text.into_owned());
        }
        let address = self.plan.address(self.document, to);
        Value::from(address.unwrap_or_else(|| text.into_owned()))
    }

    /// What of a schema is not as in its file.
    fn schema(&self, node: Node<'d>, members: &mut Map<String, Value>) {
        let document = self.document;
        let is_moved = node.at().file() > 0 || !self.keeps_root;
        // One file has one dialect.
        let vocabulary = document.vocabulary(node.at());
        if document.dialect >= Dialect::V31
            && vocabulary != document.vocabulary(document.root().at())
        {
            if vocabulary.refs_stand_alone && members.contains_key("$ref") {
                members.retain(|name, _| name == "$ref");
            }
            vocabulary.lift(members);
        }
        // Which schema is the outermost of that name is another matter where all are in one file.
        if let Some(dynamic) = node.get("$dynamicRef").filter(|_| is_moved)
            && !members.contains_key("$ref")
            && let Some(text) = dynamic.text()
            && let Ok(to) = document.follow(dynamic.at(), &text)
            && let Some(address) = self.plan.address(document, document.node(to).at())
        {
            members.shift_remove("$dynamicRef");
            members.insert("$ref".to_owned(), Value::from(address));
        }
        if let Some(discriminator) = node.get("discriminator") {
            self.discriminator(node, discriminator, members);
        }
    }

    /// The values of a discriminator: those that are written, and those that were the names of
    /// schemas which have another name now.
    fn discriminator(
        &self,
        node: Node<'d>,
        discriminator: Node<'d>,
        members: &mut Map<String, Value>,
    ) {
        let document = self.document;
        let values = discriminator.get("mapping").into_iter();
        let mut mapping = Map::new();
        let mut led = HashSet::new();
        for (name, value) in values.flat_map(Node::entries) {
            let to = mapped(document, value);
            led.extend(to);
            let written = match to {
                Some(to) => self.reference(node, value, to),
                None => value.value(),
            };
            mapping.insert(name.into_owned(), written);
        }
        let branches = ["oneOf", "anyOf"].into_iter();
        let branches = branches.flat_map(|name| node.get(name).into_iter().flat_map(Node::items));
        for branch in branches {
            let typed = Typed {
                node: branch,
                is: Is::One(Thing::Schema),
            };
            let written = typed.reference().and_then(Node::text);
            let (Some(written), Some(to)) = (written, target(document, typed)) else {
                continue;
            };
            let Some(address) = self.plan.address(document, to) else {
                continue;
            };
            let last = |text: &str| {
                let last = text
                    .rsplit(['/', '#'])
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let endings = [".yaml", ".yml", ".json"];
                let stem = endings.iter().find_map(|ending| last.strip_suffix(ending));
                stem.map_or(last.clone(), str::to_owned)
            };
            let (before, now) = (last(&written), last(&address));
            if !led.contains(&to)
                && before != now
                && to.file() > 0
                && !mapping.contains_key(&before)
            {
                mapping.insert(before, Value::from(address));
            }
        }
        let holder = members
            .get_mut("discriminator")
            .and_then(Value::as_object_mut);
        if let Some(holder) = holder.filter(|_| !mapping.is_empty()) {
            holder.insert("mapping".to_owned(), Value::Object(mapping));
        }
    }

    /// An example that stands in a file of its own.
    fn example(&self, node: Node<'d>, members: &mut Map<String, Value>) {
        let Some(external) = node.get("externalValue") else {
            return;
        };
        let Some(text) = external.text().filter(|_| !members.contains_key("value")) else {
            return;
        };
        let Ok(bytes) = self.document.attachment(external, &text) else {
            return;
        };
        let Ok(read) = String::from_utf8(bytes) else {
            return;
        };
        let is_json = !["txt", "xml", "html", "csv"]
            .iter()
            .any(|ending| text.ends_with(&format!(".{ending}")));
        let value = match serde_json::from_str(&read) {
            Ok(value) if is_json => value,
            _ => Value::from(read),
        };
        members.shift_remove("externalValue");
        members.insert("value".to_owned(), value);
    }

    /// An operation that a link names by where it stands.
    fn link(&self, node: Node<'d>, members: &mut Map<String, Value>) {
        let Some(reference) = node.get("operationRef") else {
            return;
        };
        let Some(text) = reference
            .text()
            .filter(|text| !text.starts_with('#') || node.at().file() > 0)
        else {
            return;
        };
        let to = self.document.follow(reference.at(), &text).ok();
        let to = to.map(|to| self.document.node(to).at());
        if let Some(address) = to.and_then(|to| self.plan.address(self.document, to)) {
            members.insert("operationRef".to_owned(), Value::from(address));
        }
    }
}
