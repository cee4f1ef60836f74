//! What schemas are called, and what values of them are.

use super::{Describing, Word};
use crate::docs::parts::{Choice, Parts};
use crate::spec::{At, Document, Node};
use serde_json::Value;

impl<'d> Describing<'d> {
    /// What a value is, in words.
    pub(super) fn types(&self, schema: Node<'d>, parts: &Parts<'d>) -> Vec<Word> {
        let mut words = match self.name_of(schema, parts) {
            Some(name) => vec![Word::Schema(name)],
            None => {
                let mut words = self.unnamed(schema, parts);
                let name = self.component(self.document.referred(schema.at()));
                words.extend(name.map(Word::Named));
                words
            }
        };
        if may_be_null(parts) {
            words.push(Word::Plain("or null".to_owned()));
        }
        words
    }

    fn unnamed(&self, schema: Node<'d>, parts: &Parts<'d>) -> Vec<Word> {
        let plain = |text: &str| Word::Plain(text.to_owned());
        if let Some((items, of)) = items_of(self.document, parts) {
            let mut words = vec![plain("array of")];
            words.extend(self.types(items, &of));
            return words;
        }
        let mut types: Vec<String> = match parts.says("type") {
            Some(of) => match of.text() {
                Some(one) => vec![one.into_owned()],
                None => {
                    let all = of.items().filter_map(Node::text);
                    let all = all.filter(|of| of != "null");
                    all.map(|of| of.into_owned()).collect()
                }
            },
            None => Vec::new(),
        };
        if types.is_empty() {
            types.extend(implied(parts).map(str::to_owned));
        }
        if types.is_empty() && !parts.choices.is_empty() {
            return self.chosen(&parts.choices[0]);
        }
        if schema.as_bool() == Some(false) {
            types.push("none: it is refused".to_owned());
        }
        if types.is_empty() {
            types.push("any value".to_owned());
        }
        vec![Word::Plain(types.join(" or "))]
    }

    fn chosen(&self, choice: &Choice<'d>) -> Vec<Word> {
        const NAMED: usize = 6;
        let mut words = Vec::new();
        for (index, one) in choice.of.iter().take(NAMED).enumerate() {
            if index > 0 {
                words.push(Word::Plain("or".to_owned()));
            }
            let parts = Parts::of(self.document, *one);
            match (self.name(*one), parts.choices.is_empty()) {
                (Some(name), _) => words.push(Word::Schema(name)),
                (None, true) => words.extend(self.types(*one, &parts)),
                (None, false) => words.push(Word::Plain("one of several".to_owned())),
            }
        }
        if choice.of.len() > NAMED {
            let others = choice.of.len() - NAMED;
            words.push(Word::Plain(format!("or {others} others")));
        }
        words.dedup();
        words
    }

    /// The name of the schema that one is or refers to, where a reader learns from it: that of an
    /// object, or of a choice.
    pub(super) fn name(&self, schema: Node<'d>) -> Option<String> {
        let target = self.document.referred(schema.at());
        self.document.schema_name(target)?;
        self.name_of(schema, &Parts::of(self.document, schema))
    }

    /// The same of a schema that is looked at already.
    fn name_of(&self, schema: Node<'d>, parts: &Parts<'d>) -> Option<String> {
        let target = self.document.referred(schema.at());
        let name = self.component(target)?;
        let is_more = parts.says("properties").is_some() || !parts.choices.is_empty();
        is_more.then_some(name)
    }

    /// The name under which the document keeps a schema.
    pub fn component(&self, at: At) -> Option<String> {
        component(self.document, at)
    }
}

/// The name under which a document's main file keeps a schema.
pub(crate) fn component(document: &Document, at: At) -> Option<String> {
    document.schema_name(at).map(str::to_owned)
}

/// What a schema without a name is called: the properties that lead to it, from the part of the
/// document that has a name.
pub(crate) fn title(document: &Document, at: At) -> String {
    let pointer = document.origin(at).pointer;
    let tokens: Vec<String> = pointer.tokens().collect();
    let mut names: Vec<&str> = Vec::new();
    let mut way = tokens.iter().map(String::as_str);
    let is_name = |token: &str| {
        let of = ["properties", "schemas", "definitions", "patternProperties"];
        of.contains(&token)
    };
    while let Some(token) = way.next() {
        match token {
            "items" | "additionalProperties" => names.push("*"),
            token if is_name(token) => names.extend(way.next()),
            _ => {}
        }
    }
    match names.is_empty() {
        true => document
            .node(at)
            .get("title")
            .and_then(Node::text)
            .map_or_else(|| "Fields".to_owned(), |title| title.into_owned()),
        false => names.join("."),
    }
}

/// The schema of an array's items, where it says one.
pub(super) fn items_of<'d>(
    document: &'d Document,
    parts: &Parts<'d>,
) -> Option<(Node<'d>, Parts<'d>)> {
    let items = parts.says("items").filter(|items| items.is_object())?;
    // Where each item has a schema of its own, this is that of the others.
    if tuple(parts).is_some() {
        return None;
    }
    Some((items, Parts::of(document, items)))
}

/// The schemas of the first items of an array, each its own: `prefixItems`, before a list in `items`.
pub(super) fn tuple<'d>(parts: &Parts<'d>) -> Option<Node<'d>> {
    let lists = ["prefixItems", "items"].into_iter();
    let mut lists = lists.filter_map(|name| parts.says(name));
    lists.find(|list| list.is_array() && list.count() > 0)
}

/// Whether null is one of the values.
pub(super) fn may_be_null(parts: &Parts<'_>) -> bool {
    let mut of_type = parts.says("type").into_iter().flat_map(Node::items);
    parts.may_be_null || of_type.any(|of| of.is_text("null"))
}

/// The type that is meant where none is said.
fn implied(parts: &Parts<'_>) -> Option<&'static str> {
    let says = |names: &[&str]| names.iter().any(|name| parts.says(name).is_some());
    if says(&[
        "properties",
        "additionalProperties",
        "patternProperties",
        "minProperties",
    ]) {
        return Some("object");
    }
    if says(&["items", "prefixItems", "minItems", "maxItems"]) {
        return Some("array");
    }
    let value = parts
        .says("const")
        .or_else(|| parts.says("enum").and_then(|all| all.item(0)))?;
    match value.value() {
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(_) => Some("number"),
        _ => None,
    }
}

/// The first values that a schema shows.
pub(super) fn examples(parts: &Parts<'_>, most: usize) -> Vec<Value> {
    let one = ["example", "x-example"].into_iter();
    let one = one.filter_map(|name| parts.says(name));
    let several = parts.says("examples").into_iter().flat_map(Node::items);
    let all = one.chain(several).take(most);
    all.map(Node::value).collect()
}
