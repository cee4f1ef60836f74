//! A schema as a reader meets it: what a value is in words, and what stands within it.

use super::parts::{Choice, Parts};
use super::words::constraints;
use crate::spec::{At, Document, Node};
use serde_json::Value;
use std::cell::Cell;
use std::sync::Arc;

/// How deep fields are opened before those that have a page of their own are links to it.
const OPENED: usize = 3;
/// How deep fields are opened at all.
const DEEPEST: usize = 8;

/// A schema in words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Described {
    /// What a value is: `array of`, `Pet`, `or null`.
    pub types: Vec<Word>,
    /// What must hold of it beside that.
    pub constraints: Vec<String>,
    /// What the document says of it, in Markdown.
    pub description: String,
    /// What it is where it isn't given.
    pub default: Option<Value>,
    /// What it may be.
    pub examples: Vec<Value>,
    /// Whether it is going to be taken away.
    pub is_deprecated: bool,
    /// Whether the server alone sends it.
    pub is_read_only: bool,
    /// Whether the client alone sends it.
    pub is_write_only: bool,
    /// The properties of it, or of its items.
    pub fields: Vec<Field>,
    /// What it may be of several things.
    pub choices: Vec<Variants>,
    /// The schema whose page has what isn't opened here.
    pub more: Option<String>,
}

/// A part of what a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Words.
    Plain(String),
    /// A schema of a name, which says what it is.
    Schema(String),
    /// The name of the schema that says this of a plain value.
    Named(String),
}

/// A property.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Its name; for what isn't declared by name, what stands for it.
    pub name: FieldName,
    /// Whether it must be there.
    pub is_required: bool,
    /// What it is.
    pub what: Described,
}

/// What a property is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldName {
    /// As the document declares it.
    Declared(String),
    /// Whatever matches a pattern.
    Matching(String),
    /// Any name that isn't declared.
    Other,
}

/// What a value may be one of.
#[derive(Debug, Clone)]
pub(crate) struct Variants {
    /// Whether it is no more than one of them.
    pub is_exclusive: bool,
    /// The property that tells which.
    pub tag: Option<String>,
    /// Each.
    pub of: Vec<Variant>,
}

/// One of the things that a value may be.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    /// The values of the property that tells which.
    pub tags: Vec<String>,
    /// The schema's name or title.
    pub name: Option<String>,
    /// What it is.
    pub what: Described,
}

/// Describes schemas of a document, as much as fits on a page.
pub(crate) struct Describing<'d> {
    /// The document.
    document: &'d Document,
    /// How many fields there is room for.
    room: Cell<usize>,
}

/// The schemas that are being described, outermost first.
struct Within<'w> {
    at: At,
    depth: usize,
    above: Option<&'w Within<'w>>,
}

impl Within<'_> {
    fn has(&self, at: At) -> bool {
        self.at == at || self.above.is_some_and(|above| above.has(at))
    }
}

impl<'d> Describing<'d> {
    /// For a page that has room for so many fields.
    pub fn new(document: &'d Document, room: usize) -> Describing<'d> {
        let room = Cell::new(room);
        Describing { document, room }
    }

    /// A schema with what stands within it.
    pub fn describe(&self, schema: At) -> Described {
        self.described(self.document.node(schema), None)
    }

    fn described(&self, schema: Node<'d>, above: Option<&Within<'_>>) -> Described {
        let document = self.document;
        let parts = Parts::of(document, schema);
        let target = document.referred(schema.at());
        let said = |name: &str| schema.get(name).or_else(|| parts.says(name));
        let text = |name: &str| said(name).and_then(Node::text).unwrap_or_default();
        let mut described = Described {
            types: self.types(schema, &parts),
            constraints: constraints(&parts),
            description: text("description").into_owned(),
            default: said("default").map(Node::value),
            examples: examples(&parts),
            is_deprecated: parts.is("deprecated"),
            is_read_only: parts.is("readOnly"),
            is_write_only: parts.is("writeOnly"),
            ..Described::default()
        };
        let items = items_of(document, &parts);
        let held = items.as_ref().map_or(&parts, |items| &items.1);
        if let Some((items, of)) = &items {
            let each = constraints(of).into_iter();
            let each = each.map(|words| format!("each: {words}"));
            // What an item of a name is, its page says.
            if self.name(*items).is_none() {
                described.constraints.extend(each);
            }
        }
        let opened = items
            .as_ref()
            .map_or(target, |(items, _)| document.referred(items.at()));
        let depth = above.map_or(0, |above| above.depth + 1);
        let page = self.component(opened);
        let is_open = !above.is_some_and(|above| above.has(opened))
            && (depth < OPENED || page.is_none() && depth < DEEPEST);
        let has_more = held.says("properties").is_some() || !held.choices.is_empty();
        if !is_open || self.room.get() == 0 {
            described.more = page.filter(|_| has_more);
            return described;
        }
        let within = Within {
            at: opened,
            depth,
            above,
        };
        described.fields = self.fields(held, &within);
        let choices = held.choices.iter();
        described.choices = choices
            .map(|choice| self.variants(choice, &within))
            .collect();
        described
    }

    fn fields(&self, parts: &Parts<'d>, within: &Within<'_>) -> Vec<Field> {
        let document = self.document;
        let required = parts.all_say("required").flat_map(Node::items);
        let required: Vec<_> = required.filter_map(Node::text).collect();
        let mut fields: Vec<Field> = Vec::new();
        let mut add = |name: FieldName, schema: Node<'d>| {
            if self.room.get() == 0 || fields.iter().any(|field| field.name == name) {
                return;
            }
            self.room.set(self.room.get() - 1);
            let is_required = match &name {
                FieldName::Declared(name) => required.iter().any(|required| required == name),
                _ => false,
            };
            fields.push(Field {
                name,
                is_required,
                what: self.described(schema, Some(within)),
            });
        };
        for properties in parts.all_say("properties") {
            let Some(properties) = document.resolve_map(properties) else {
                continue;
            };
            for (name, schema) in properties.entries() {
                add(FieldName::Declared(name.into_owned()), schema);
            }
        }
        for (pattern, schema) in parts.all_say("patternProperties").flat_map(Node::entries) {
            add(FieldName::Matching(pattern.into_owned()), schema);
        }
        for schema in parts.all_say("additionalProperties") {
            if schema.is_object() && schema.count() > 0 {
                add(FieldName::Other, schema);
            }
        }
        fields
    }

    fn variants(&self, choice: &Choice<'d>, within: &Within<'_>) -> Variants {
        let discriminator = choice.holder.get("discriminator");
        let tag = discriminator.and_then(|of| of.get("propertyName").or(Some(of)));
        let tag = tag.and_then(Node::text).map(|tag| tag.into_owned());
        let mapping = discriminator.and_then(|of| of.get("mapping"));
        let of = choice.of.iter().map(|schema| {
            let target = self.document.referred(schema.at());
            let mapped = mapping.into_iter().flat_map(Node::entries);
            let mapped = mapped.filter(|(_, to)| {
                let leads = to.text().and_then(|text| self.led(*to, &text));
                leads == Some(target)
            });
            let mut tags: Vec<String> = mapped.map(|(tag, _)| tag.into_owned()).collect();
            if let Some(tag) = tag.as_deref().filter(|_| tags.is_empty()) {
                tags.extend(self.told(*schema, tag));
            }
            let title = || self.document.node(target).get("title").and_then(Node::text);
            let name = self
                .component(target)
                .or_else(|| title().map(|t| t.into_owned()));
            // A discriminator without a mapping goes by the names of schemas.
            if tag.is_some() && tags.is_empty() {
                tags.extend(self.component(target));
            }
            let what = self.described(*schema, Some(within));
            Variant { tags, name, what }
        });
        Variants {
            is_exclusive: choice.is_exclusive,
            of: of.collect(),
            tag,
        }
    }

    /// Where a mapping leads: by a reference, or by the name of a schema.
    fn led(&self, holder: Node<'d>, to: &str) -> Option<At> {
        let by_name = || {
            let root = self.document.root();
            let schemas = root.get("components")?.get("schemas")?;
            schemas.get(to).map(Node::at)
        };
        let follow = || self.document.follow(holder.at(), to).ok();
        let at = match to.contains(['/', '#', '.']) {
            true => follow().or_else(by_name),
            false => by_name().or_else(follow),
        };
        at.map(|at| self.document.referred(at))
    }

    /// The values that a schema itself gives the property that tells it from others.
    fn told(&self, schema: Node<'d>, tag: &str) -> Vec<String> {
        let parts = Parts::of(self.document, schema);
        let mut properties = parts.all_say("properties");
        let property = properties.find_map(|properties| properties.get(tag));
        let Some(property) = property else {
            return Vec::new();
        };
        let property = Parts::of(self.document, property);
        let only = property.says("const").into_iter();
        let values = property.says("enum").into_iter().flat_map(Node::items);
        let values = only.chain(values).filter_map(Node::written);
        values.map(|value| value.into_owned()).collect()
    }

    /// What a value is, in words.
    fn types(&self, schema: Node<'d>, parts: &Parts<'d>) -> Vec<Word> {
        let mut words = match self.name(schema) {
            Some(name) => vec![Word::Schema(name)],
            None => {
                let mut words = self.unnamed(parts);
                let name = self.component(self.document.referred(schema.at()));
                words.extend(name.map(Word::Named));
                words
            }
        };
        let of_type = parts.says("type").into_iter().flat_map(Node::items);
        let is_null = parts.may_be_null || of_type.into_iter().any(|of| of.is_text("null"));
        if is_null {
            words.push(Word::Plain("or null".to_owned()));
        }
        words
    }

    fn unnamed(&self, parts: &Parts<'d>) -> Vec<Word> {
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
    fn name(&self, schema: Node<'d>) -> Option<String> {
        let target = self.document.referred(schema.at());
        let name = self.component(target)?;
        let parts = Parts::of(self.document, schema);
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
    let origin = document.origin(at);
    if !Arc::ptr_eq(&origin.source, document.source()) {
        return None;
    }
    let tokens: Vec<String> = origin.pointer.tokens().collect();
    match tokens.as_slice() {
        [of, schemas, name] if of == "components" && schemas == "schemas" => Some(name.clone()),
        [definitions, name] if definitions == "definitions" => Some(name.clone()),
        _ => None,
    }
}

/// The schema of an array's items, where it says one.
fn items_of<'d>(document: &'d Document, parts: &Parts<'d>) -> Option<(Node<'d>, Parts<'d>)> {
    let items = parts.says("items").filter(|items| items.is_object())?;
    Some((items, Parts::of(document, items)))
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

/// The values that a schema shows.
fn examples(parts: &Parts<'_>) -> Vec<Value> {
    let one = ["example", "x-example"].into_iter();
    let one = one.filter_map(|name| parts.says(name));
    let several = parts.says("examples").into_iter().flat_map(Node::items);
    let all = one.chain(several).take(5);
    all.map(Node::value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Shapes;
    use serde_json::json;

    fn told(described: &Described, lead: &str, lines: &mut Vec<String>) {
        let types: Vec<&str> = described
            .types
            .iter()
            .map(|word| match word {
                Word::Plain(text) | Word::Schema(text) | Word::Named(text) => text.as_str(),
            })
            .collect();
        let mut line = format!("{lead}: {}", types.join(" "));
        for words in &described.constraints {
            line += &format!("; {words}");
        }
        if let Some(more) = &described.more {
            line += &format!(" -> {more}");
        }
        lines.push(line);
        for field in &described.fields {
            let name = match &field.name {
                FieldName::Declared(name) => name.clone(),
                FieldName::Matching(pattern) => format!("/{pattern}/"),
                FieldName::Other => "*".to_owned(),
            };
            let mark = if field.is_required { "!" } else { "" };
            told(&field.what, &format!("{lead}.{name}{mark}"), lines);
        }
        for choice in &described.choices {
            for one in &choice.of {
                let tag = one.tags.join("|");
                told(&one.what, &format!("{lead}<{tag}>"), lines);
            }
        }
    }

    fn of(root: Value, name: &str) -> Vec<String> {
        let (shapes, _) = Shapes::of_schema(&root);
        let document = shapes.document();
        let schemas = document
            .root()
            .get("components")
            .and_then(|c| c.get("schemas"));
        let schema = schemas
            .and_then(|schemas| schemas.get(name))
            .expect("a schema");
        let mut lines = Vec::new();
        told(
            &Describing::new(document, 100).describe(schema.at()),
            "",
            &mut lines,
        );
        lines
    }

    #[test]
    fn fields_are_told_in_document_order_with_what_is_demanded_of_each() {
        let lines = of(
            json!({"components": {"schemas": {
                "Pet": {
                    "allOf": [{"$ref": "#/components/schemas/Named"}],
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "age": {"type": "integer", "minimum": 0, "maximum": 30, "nullable": true},
                        "tags": {"type": "array", "maxItems": 3, "items": {"type": "string", "minLength": 1}},
                        "friends": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
                        "owner": {"$ref": "#/components/schemas/Named"},
                    },
                    "additionalProperties": {"type": "string", "format": "uri"},
                },
                "Named": {"properties": {"name": {"type": "string", "pattern": "^a"}}},
            }}}),
            "Pet",
        );
        let expected = [
            ": Pet",
            ".name!: string; matches `^a`",
            ".age: integer or null; 0 to 30",
            ".tags: array of string; at most 3 items; each: at least 1 character",
            ".friends: array of Pet -> Pet",
            ".owner: Named",
            ".owner.name: string; matches `^a`",
            ".*: string; a URI",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn variants_are_told_by_what_tells_them_apart() {
        let lines = of(
            json!({"components": {"schemas": {
                "Payment": {
                    "oneOf": [{"$ref": "#/components/schemas/Card"}, {"$ref": "#/components/schemas/Bank"},
                              {"type": "null"}],
                    "discriminator": {"propertyName": "kind", "mapping": {"card": "#/components/schemas/Card"}},
                },
                "Card": {"properties": {"kind": {"type": "string"}, "number": {"type": "string"}}},
                "Bank": {"properties": {"kind": {"const": "bank"}}},
            }}}),
            "Payment",
        );
        let expected = [
            ": Payment or null",
            "<card>: Card",
            "<card>.kind: string",
            "<card>.number: string",
            "<bank>: Bank",
            "<bank>.kind: string; always `bank`",
        ];
        assert_eq!(lines, expected);
    }
}
