//! A text as a tree of nodes: what is there and where, and nothing copied out of it. Values are
//! made of the parts that someone asks for, so that a large document costs little more than its
//! reading.

use super::keys::{Crowds, Role};
use crate::wire::{Pointer, json_number, json_text};
use granit_parser::ScalarStyle;
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// What a node is, and how its content is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    False,
    True,
    /// A number whose span is its JSON text.
    Number,
    /// A number whose JSON text is not what stands there.
    StoredNumber,
    /// A text whose span is its content.
    Bare,
    /// A text whose span without its first and last byte is its content.
    Quoted,
    /// A JSON text with escapes.
    Escaped,
    /// A text that is made of what stands there: folded, unescaped.
    Stored,
    Array,
    Object,
    /// A YAML alias: `next` names the node it stands for.
    Alias,
    /// The key `<<`, whose mapping's members stand as members of their own behind the others.
    Merge,
}

/// One node of 16 bytes. The members of a mapping follow it as keys and values in turn, the items
/// of a list one by one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Of a container the number of the node behind it, of an alias its target, of what is stored
    /// its place among the stored texts.
    pub(super) next: u32,
    pub(super) kind: Kind,
    pub(super) style: ScalarStyle,
}

/// A node's place among the files of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct At {
    pub(super) file: u32,
    pub(super) node: u32,
}

impl At {
    /// Which of its document's files it is in.
    pub fn file(self) -> usize {
        self.file as usize
    }

    /// The number of the node in its file.
    pub fn number(self) -> usize {
        self.node as usize
    }
}

/// A text read.
#[derive(Debug, Default)]
pub struct Tree {
    /// Which of its document's files it is.
    pub(super) file: u32,
    pub(super) text: Arc<String>,
    pub(super) cells: Vec<Cell>,
    pub(super) stored: Vec<Box<str>>,
    /// The texts under `$ref` and `$dynamicRef`.
    pub(super) references: Vec<u32>,
    /// The objects with a `$id`, `$anchor`, `$dynamicAnchor`, `$recursiveAnchor` or `$self`, and
    /// the values of these.
    pub(super) names: Vec<(u32, u32)>,
    /// Whether anything in it is for one side alone: `readOnly` or `writeOnly`.
    pub(super) has_flags: bool,
    /// What stands under `pattern`.
    pub(super) patterns: Vec<u32>,
    /// What stands under `format`.
    pub(super) formats: Vec<u32>,
    pub(super) crowds: Crowds,
}

/// A node of a [`Tree`]: cheap to copy, and always what an alias stands for.
#[derive(Debug, Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

impl Tree {
    /// A value as a tree: of what has no text of its own.
    pub(super) fn of(value: &Value, file: u32) -> Tree {
        let mut tree = Tree {
            file,
            ..Tree::default()
        };
        tree.grow(value);
        tree
    }

    fn grow(&mut self, value: &Value) {
        let number = self.cells.len();
        let mut cell = Cell {
            start: 0,
            end: 0,
            next: self.stored.len() as u32,
            kind: Kind::Null,
            style: ScalarStyle::Plain,
        };
        cell.kind = match value {
            Value::Null => Kind::Null,
            Value::Bool(true) => Kind::True,
            Value::Bool(false) => Kind::False,
            Value::Number(number) => {
                self.stored.push(number.to_string().into());
                Kind::StoredNumber
            }
            Value::String(text) => {
                self.stored.push(text.as_str().into());
                Kind::Stored
            }
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        };
        self.cells.push(cell);
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.grow(item)),
            Value::Object(members) => {
                self.crowds.note(number as u32, members.len());
                for (name, member) in members {
                    if let Some(role) = Role::of(name) {
                        self.note(role, number as u32, self.cells.len() as u32 + 1);
                    }
                    self.grow(&Value::String(name.clone()));
                    self.grow(member);
                }
            }
            _ => return,
        }
        self.cells[number].next = self.cells.len() as u32;
    }

    /// Notes the value of a key that has a meaning of its own.
    pub(super) fn note(&mut self, role: Role, object: u32, value: u32) {
        match role {
            Role::Reference => self.references.push(value),
            Role::Name => self.names.push((object, value)),
            Role::Flag => self.has_flags = true,
            Role::Pattern => self.patterns.push(value),
            Role::Format => self.formats.push(value),
        }
    }

    /// The node of the whole text.
    pub fn root(&self) -> Node<'_> {
        self.node(0)
    }

    /// The node of a number that [`Node::number`] gave.
    pub fn node(&self, index: u32) -> Node<'_> {
        let mut index = index;
        while self.cells[index as usize].kind == Kind::Alias {
            index = self.cells[index as usize].next;
        }
        Node { tree: self, index }
    }

    /// The node that a pointer names.
    pub fn at(&self, pointer: &Pointer) -> Option<Node<'_>> {
        pointer
            .tokens()
            .try_fold(self.root(), |node, token| node.child(&token))
    }

    /// The pointer of a node.
    pub fn pointer(&self, index: u32) -> Pointer {
        let mut at = 0;
        let mut pointer = Pointer::root();
        while at != index {
            let Some((step, next)) = self.step(at, index) else {
                break;
            };
            pointer = pointer.child(step);
            at = next;
        }
        pointer
    }

    /// The child of a container in which a node stands: its name, and its number.
    fn step(&self, at: u32, wanted: u32) -> Option<(String, u32)> {
        let cell = self.cells[at as usize];
        let is_object = cell.kind == Kind::Object;
        if !is_object && cell.kind != Kind::Array {
            return None;
        }
        // In an object of very many members the one isn't looked for one by one.
        if is_object && self.crowds.may_have(cell.next - at) {
            let container = Node {
                tree: self,
                index: at,
            };
            let keys = || container.member_keys().collect();
            let holder = self.crowds.holder(self, at, wanted, keys);
            if let Some(key) = holder.filter(|key| wanted < self.behind(key + 1)) {
                return Some((self.node(key).text()?.into_owned(), key + 1));
            }
        }
        let mut child = at + 1;
        let mut count = 0;
        while child < cell.next {
            let value = if is_object { child + 1 } else { child };
            let behind = self.behind(value);
            if wanted < behind {
                let name = match is_object {
                    true => self.node(child).text()?.into_owned(),
                    false => count.to_string(),
                };
                return Some((name, value));
            }
            child = behind;
            count += 1;
        }
        None
    }

    /// The number of the node behind a node and all that is in it.
    fn behind(&self, index: u32) -> u32 {
        let cell = self.cells[index as usize];
        match cell.kind {
            Kind::Array | Kind::Object => cell.next,
            _ => index + 1,
        }
    }

    /// The number of the container in which a node stands; nothing for the root.
    pub(super) fn parent(&self, index: u32) -> Option<u32> {
        let (mut parent, mut at) = (None, 0);
        while at != index {
            let next = self.step(at, index)?.1;
            (parent, at) = (Some(at), next);
        }
        parent
    }

    /// What stands in a container: the key of each member, nothing for an item, and the numbers
    /// that the value takes up.
    pub(super) fn children(&self, index: u32) -> impl Iterator<Item = (Option<u32>, Range<u32>)> {
        let node = Node { tree: self, index };
        let width = match self.cells[index as usize].kind {
            Kind::Array => 1,
            Kind::Object => 2,
            _ => 0,
        };
        let steps = (width > 0).then(|| node.steps(width));
        steps.into_iter().flatten().map(move |step| {
            let value = step + width - 1;
            ((width == 2).then_some(step), value..self.behind(value))
        })
    }

    /// Whether a node stands in another, or is it.
    pub(super) fn is_within(&self, index: u32, container: u32) -> bool {
        container <= index && index < self.behind(container)
    }

    /// The bytes that a node covers.
    pub(super) fn span(&self, index: u32) -> Range<usize> {
        let cell = self.cells[index as usize];
        cell.start as usize..cell.end as usize
    }

    pub(super) fn style(&self, index: u32) -> ScalarStyle {
        self.cells[index as usize].style
    }

    /// The value's node as it stands, and its key's where it is a member; the nearest thing above
    /// it where the pointer leads nowhere.
    pub(super) fn locate(&self, pointer: &Pointer) -> (Option<u32>, u32) {
        let (mut key, mut at) = (None, 0);
        for token in pointer.tokens() {
            let Some((next_key, next)) = self.node(at).entry(&token) else {
                break;
            };
            (key, at) = (next_key, next);
        }
        (key, at)
    }
}

impl<'t> Node<'t> {
    fn cell(self) -> Cell {
        self.tree.cells[self.index as usize]
    }

    /// Its number in the tree.
    pub fn number(self) -> u32 {
        self.index
    }

    /// Its place in its document.
    pub fn at(self) -> At {
        At {
            file: self.tree.file,
            node: self.index,
        }
    }

    /// The tree.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Whether it is a mapping.
    pub fn is_object(self) -> bool {
        self.cell().kind == Kind::Object
    }

    /// Whether it is a list.
    pub fn is_array(self) -> bool {
        self.cell().kind == Kind::Array
    }

    /// Whether it is null.
    pub fn is_null(self) -> bool {
        self.cell().kind == Kind::Null
    }

    /// Its text, where it is one.
    pub fn text(self) -> Option<Cow<'t, str>> {
        let cell = self.cell();
        let text: &'t str = self.tree.text.as_str();
        let span = cell.start as usize..cell.end as usize;
        Some(match cell.kind {
            Kind::Bare | Kind::Merge => Cow::Borrowed(&text[span]),
            Kind::Quoted => Cow::Borrowed(&text[span.start + 1..span.end - 1]),
            Kind::Escaped => json_text(&text[span], true),
            Kind::Stored => Cow::Borrowed(self.stored()),
            _ => return None,
        })
    }

    fn stored(self) -> &'t str {
        &self.tree.stored[self.cell().next as usize]
    }

    /// Whether it is this text.
    pub fn is_text(self, wanted: &str) -> bool {
        let cell = self.cell();
        let text = self.tree.text.as_bytes();
        match cell.kind {
            Kind::Bare | Kind::Merge => {
                &text[cell.start as usize..cell.end as usize] == wanted.as_bytes()
            }
            Kind::Quoted => {
                &text[cell.start as usize + 1..cell.end as usize - 1] == wanted.as_bytes()
            }
            Kind::Stored => self.stored() == wanted,
            Kind::Escaped => self.text().is_some_and(|text| text == wanted),
            _ => false,
        }
    }

    /// A text, or a number as it is written: what a bare `3.0` or `1.10` means where a text is due.
    pub fn written(self) -> Option<Cow<'t, str>> {
        let cell = self.cell();
        match cell.kind {
            Kind::Number | Kind::StoredNumber => {
                let text: &'t str = self.tree.text.as_str();
                text.get(cell.start as usize..cell.end as usize)
                    .map(Cow::Borrowed)
            }
            _ => self.text(),
        }
    }

    /// Its truth, where it is a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.cell().kind {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// The member of a name.
    pub fn get(self, name: &str) -> Option<Node<'t>> {
        self.key(name).map(|key| self.tree.node(key + 1))
    }

    /// The numbers of an object's keys, but for those that merge.
    fn member_keys(self) -> impl Iterator<Item = u32> + 't {
        let tree = self.tree;
        let keys = self.steps(2);
        keys.filter(move |key| tree.cells[*key as usize].kind != Kind::Merge)
    }

    /// The number of the key of a name, as it stands.
    fn key(self, name: &str) -> Option<u32> {
        let Cell { next, kind, .. } = self.cell();
        if kind != Kind::Object {
            return None;
        }
        let tree = self.tree;
        let mut keys = self.member_keys();
        if tree.crowds.may_have(next - self.index) {
            let all = || keys.by_ref().collect();
            if let Some(found) = tree.crowds.find(tree, self.index, name, all) {
                return found;
            }
        }
        keys.find(|key| tree.node(*key).is_text(name))
    }

    /// The item of an index.
    pub fn item(self, index: usize) -> Option<Node<'t>> {
        self.items().nth(index)
    }

    /// The member or the item that a token of a JSON Pointer names (RFC 6901 §4).
    pub fn child(self, token: &str) -> Option<Node<'t>> {
        match self.cell().kind {
            Kind::Object => self.get(token),
            Kind::Array => self.item(index(token)?),
            _ => None,
        }
    }

    /// The same, as the numbers of the key and the value as they stand.
    fn entry(self, token: &str) -> Option<(Option<u32>, u32)> {
        match self.cell().kind {
            Kind::Object => {
                let mut keys = self.steps(2);
                // A merging key is no member, but has a place.
                let merge = || keys.find(|key| self.tree.node(*key).is_text(token));
                let key = self.key(token).or_else(merge)?;
                Some((Some(key), key + 1))
            }
            Kind::Array => Some((None, self.steps(1).nth(index(token)?)?)),
            _ => None,
        }
    }

    /// The members of a mapping, in the order of the text: key and value. None of anything else.
    pub fn members(self) -> impl Iterator<Item = (Node<'t>, Node<'t>)> {
        let keys = self.is_object().then(|| self.steps(2));
        let tree = self.tree;
        keys.into_iter()
            .flatten()
            .filter(move |key| tree.cells[*key as usize].kind != Kind::Merge)
            .map(move |key| (tree.node(key), tree.node(key + 1)))
    }

    /// The same, with the keys as texts.
    pub fn entries(self) -> impl Iterator<Item = (Cow<'t, str>, Node<'t>)> {
        self.members()
            .map(|(key, value)| (key.text().unwrap_or_default(), value))
    }

    /// The items of a list, none of anything else.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        let items = self.is_array().then(|| self.steps(1));
        let tree = self.tree;
        items.into_iter().flatten().map(move |item| tree.node(item))
    }

    /// The numbers of what stands in a container: every item, or every key.
    fn steps(self, width: u32) -> impl Iterator<Item = u32> + 't {
        let tree = self.tree;
        let end = self.cell().next;
        let first = (self.index + 1 < end).then_some(self.index + 1);
        std::iter::successors(first, move |at| {
            let next = tree.behind(at + width - 1);
            (next < end).then_some(next)
        })
    }

    /// How many members or items there are.
    pub fn count(self) -> usize {
        match self.cell().kind {
            Kind::Object => self.members().count(),
            Kind::Array => self.items().count(),
            _ => 0,
        }
    }

    /// The whole of it as a value.
    pub fn value(self) -> Value {
        self.value_without(&|_| false)
    }

    /// The same, without the members of these names at any depth.
    pub fn value_without(self, left_out: &dyn Fn(&str) -> bool) -> Value {
        match self.cell().kind {
            Kind::Array => self
                .items()
                .map(|item| item.value_without(left_out))
                .collect(),
            Kind::Object => {
                let mut members = Map::with_capacity(self.count());
                for (name, value) in self.entries().filter(|(name, _)| !left_out(name)) {
                    members.insert(name.into_owned(), value.value_without(left_out));
                }
                Value::Object(members)
            }
            _ => self.scalar(),
        }
    }

    /// A scalar as a value; null for a container.
    pub(super) fn scalar(self) -> Value {
        let cell = self.cell();
        match cell.kind {
            Kind::True => Value::Bool(true),
            Kind::False => Value::Bool(false),
            Kind::Number => number(&self.tree.text[cell.start as usize..cell.end as usize]),
            Kind::StoredNumber => number(self.stored()),
            _ => self
                .text()
                .map_or(Value::Null, |text| Value::String(text.into_owned())),
        }
    }

    /// Its number as a value, where it is one.
    pub fn as_number(self) -> Option<Number> {
        match self.cell().kind {
            Kind::Number | Kind::StoredNumber => match self.scalar() {
                Value::Number(number) => Some(number),
                _ => None,
            },
            _ => None,
        }
    }
}

/// An array index of a JSON Pointer: no sign, no leading zero.
fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| plain)
}

/// A number as it is written. The text was judged when it was read.
fn number(text: &str) -> Value {
    Value::Number(json_number(text))
}
