//! The schemas that a value must meet all of: one schema, with what it takes in by `$ref` and
//! `allOf`, in document order.

use crate::spec::{At, Document, Node};

/// How many schemas are looked at for one: documents may be made to have ever more of them.
const MOST: usize = 200;

/// The schemas that a value must meet, one of which may be any of several.
#[derive(Debug, Default)]
pub(super) struct Parts<'d> {
    /// Those that it must meet.
    pub all: Vec<Node<'d>>,
    /// Sets of which it meets one or more.
    pub choices: Vec<Choice<'d>>,
    /// Whether null is one of its values beside them.
    pub may_be_null: bool,
    seen: Vec<At>,
}

/// Schemas of which a value meets one (`oneOf`), or at least one (`anyOf`).
#[derive(Debug)]
pub(super) struct Choice<'d> {
    /// Whether it meets no more than one.
    pub is_exclusive: bool,
    /// The schemas.
    pub of: Vec<Node<'d>>,
    /// The schema that has them.
    pub holder: Node<'d>,
}

impl<'d> Parts<'d> {
    /// Those of a schema.
    pub fn of(document: &'d Document, schema: Node<'d>) -> Parts<'d> {
        let mut parts = Parts::default();
        parts.take(document, schema);
        parts
    }

    fn take(&mut self, document: &'d Document, schema: Node<'d>) {
        let at = schema.at();
        if self.seen.len() >= MOST || self.seen.contains(&at) {
            return;
        }
        self.seen.push(at);
        let mut is_added = false;
        for (keyword, value) in schema.entries() {
            match &*keyword {
                "$ref" => {
                    let target = document.node(document.referred(schema.at()));
                    if target.at() != schema.at() {
                        self.take(document, target);
                    }
                }
                "allOf" => value.items().for_each(|part| self.take(document, part)),
                "oneOf" | "anyOf" => self.choose(document, schema, value, &*keyword == "oneOf"),
                "nullable" | "x-nullable" => self.may_be_null |= value.as_bool() == Some(true),
                // What stands before it goes first, as the reader of the document has it.
                _ if !is_added => {
                    is_added = true;
                    self.all.push(schema);
                }
                _ => {}
            }
        }
    }

    fn choose(
        &mut self,
        document: &'d Document,
        holder: Node<'d>,
        list: Node<'d>,
        is_exclusive: bool,
    ) {
        let (nulls, of): (Vec<Node<'d>>, Vec<Node<'d>>) =
            list.items().partition(|one| is_null(document, *one));
        self.may_be_null |= !nulls.is_empty();
        match of.as_slice() {
            [] => {}
            // One of one is no choice.
            [only] => self.take(document, *only),
            _ => self.choices.push(Choice {
                is_exclusive,
                of,
                holder,
            }),
        }
    }

    /// What the first of them says under a keyword.
    pub fn says(&self, keyword: &str) -> Option<Node<'d>> {
        self.all.iter().find_map(|part| part.get(keyword))
    }

    /// What each says under a keyword that says it.
    pub fn all_say(&self, keyword: &str) -> impl Iterator<Item = Node<'d>> {
        self.all.iter().filter_map(move |part| part.get(keyword))
    }

    /// Whether any of them says that something is so.
    pub fn is(&self, keyword: &str) -> bool {
        let mut all = self.all_say(keyword);
        all.any(|value| value.as_bool() == Some(true))
    }
}

/// Whether nothing but null meets a schema.
fn is_null(document: &Document, schema: Node<'_>) -> bool {
    let schema = document.node(document.referred(schema.at()));
    let is_type = schema.get("type").is_some_and(|of| {
        of.is_text("null") || of.count() == 1 && of.item(0).is_some_and(|of| of.is_text("null"))
    });
    let is_only = |list: Node<'_>| list.count() == 1 && list.item(0).is_some_and(Node::is_null);
    is_type
        || schema.get("const").is_some_and(Node::is_null)
        || schema.get("enum").is_some_and(is_only)
}
