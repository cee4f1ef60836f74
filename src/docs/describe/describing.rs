//! Describes schemas, as much as fits on a page.

use super::naming::{examples, items_of, may_be_null};
use super::{Described, Field, FieldName, Variant, Variants};
use crate::docs::parts::{Choice, Parts};
use crate::docs::words::constraints;
use crate::spec::{At, Document, Node};
use indexmap::IndexMap;
use std::cell::Cell;

/// How deep fields are opened before those that have a page of their own are links to it.
const OPENED: usize = 3;
/// How deep fields are opened at all.
const DEEPEST: usize = 8;

/// How many fields of one object are told.
const MOST: usize = 400;
/// What a field takes on a page beside its description, in bytes.
const FIELD: usize = 450;

/// Describes schemas of a document, as much as fits on a page.
pub(crate) struct Describing<'d> {
    /// The document.
    pub(super) document: &'d Document,
    /// How many bytes there is room for.
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
    /// For a page that has room for so many bytes of fields, roughly.
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
            is_nullable: may_be_null(&parts),
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
        if !is_open || depth > 0 && self.room.get() == 0 {
            described.more = page.filter(|_| has_more);
            return described;
        }
        let within = Within {
            at: opened,
            depth,
            above,
        };
        (described.fields, described.cut) = self.fields(held, &within);
        if described.cut > 0 {
            described.more = page;
            return described;
        }
        let choices = held.choices.iter();
        described.choices = choices
            .map(|choice| self.variants(choice, &within))
            .collect();
        described
    }

    /// The fields of an object, and how many there was no room for: those of what is described are
    /// told in any case, those within them all or none.
    fn fields(&self, parts: &Parts<'d>, within: &Within<'_>) -> (Vec<Field>, usize) {
        let required = parts.all_say("required").flat_map(Node::items);
        let required: Vec<_> = required.filter_map(Node::text).collect();
        let all = self.named(parts);
        let sizes = all.iter().map(|(_, schema)| {
            let about = schema.get("description").and_then(Node::text);
            FIELD + about.map_or(0, |about| about.len())
        });
        let size: usize = sizes.sum();
        if within.depth > 0 && size > self.room.get() {
            return (Vec::new(), all.len());
        }
        self.room.set(self.room.get().saturating_sub(size));
        let cut = all.len().saturating_sub(MOST);
        let fields = all.into_iter().take(MOST).map(|(name, schema)| Field {
            is_required: match &name {
                FieldName::Declared(name) => required.iter().any(|required| required == name),
                _ => false,
            },
            name,
            what: self.described(schema, Some(within)),
        });
        (fields.collect(), cut)
    }

    /// The fields of an object with their schemas, each name once.
    fn named(&self, parts: &Parts<'d>) -> Vec<(FieldName, Node<'d>)> {
        let mut all: IndexMap<FieldName, Node<'d>> = IndexMap::new();
        for properties in parts.all_say("properties") {
            let properties = self.document.resolve_map(properties);
            for (name, schema) in properties.into_iter().flat_map(Node::entries) {
                let name = FieldName::Declared(name.into_owned());
                all.entry(name).or_insert(schema);
            }
        }
        for (pattern, schema) in parts.all_say("patternProperties").flat_map(Node::entries) {
            let name = FieldName::Matching(pattern.into_owned());
            all.entry(name).or_insert(schema);
        }
        for schema in parts.all_say("additionalProperties") {
            if schema.is_object() && schema.count() > 0 {
                all.entry(FieldName::Other).or_insert(schema);
            }
        }
        all.into_iter().collect()
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
}
