//! Describes schemas, as much as fits on a page.

use super::naming::{examples, items_of, may_be_null, title, tuple};
use super::{Described, Field, FieldName, Leaves, More, Part, Variant, Variants};
use crate::docs::demands::ties;
use crate::docs::parts::{Choice, Parts};
use crate::docs::words::constraints;
use crate::spec::{At, Document, Node};
use indexmap::IndexMap;
use std::cell::Cell;
use std::sync::Arc;

/// How deep fields are opened before those that have a page of their own are links to it.
const OPENED: usize = 3;
/// The same on the page of a schema, which such links lead on from.
const OPENED_OWN: usize = 2;
/// How deep fields are opened at all.
const DEEPEST: usize = 8;

/// How many fields of one object are told on a page.
const MOST: usize = 400;
/// How many of what is described are told in any case.
const LEAST: usize = 8;
/// What a field takes on a page beside its description, in bytes.
const FIELD: usize = 450;
/// How many values of an enumeration are named on a page that is about more than it, and on its own.
const NAMED: usize = 20;
const LISTED: usize = 3_000;

/// How many examples of what is described are told.
const EXAMPLES: usize = 5;

/// Describes schemas of a document, as much as fits on a page.
pub(crate) struct Describing<'d> {
    /// The document.
    pub(super) document: &'d Document,
    /// How many bytes there is room for.
    room: Cell<usize>,
    /// Whether the page is that of what is described.
    is_own: bool,
    /// What is known of the fields that have none themselves.
    leaves: Option<&'d Leaves>,
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
        Describing {
            document,
            room: Cell::new(room),
            is_own: false,
            leaves: None,
        }
    }

    /// The same for the page of what is described.
    pub fn own(document: &'d Document, room: usize) -> Describing<'d> {
        Describing {
            is_own: true,
            ..Describing::new(document, room)
        }
    }

    /// The same, that keeps and takes up what is told of the document's leaves.
    pub fn with(self, leaves: &'d Leaves) -> Describing<'d> {
        Describing {
            leaves: Some(leaves),
            ..self
        }
    }

    /// A schema with what stands within it.
    pub fn describe(&self, schema: At) -> Described {
        self.described(self.document.node(schema), None, 0)
    }

    /// A part of a schema that has a page of its own.
    pub fn part(&self, part: &Part) -> Described {
        self.described(self.document.node(part.at), None, part.from)
    }

    fn described(&self, schema: Node<'d>, above: Option<&Within<'_>>, from: usize) -> Described {
        let document = self.document;
        let parts = Parts::of(document, schema);
        let target = document.referred(schema.at());
        let said = |name: &str| schema.get(name).or_else(|| parts.says(name));
        let text = |name: &str| said(name).and_then(Node::text).unwrap_or_default();
        let depth = above.map_or(0, |above| above.depth + 1);
        let named = match self.is_own && depth == 0 {
            true => LISTED,
            false => NAMED,
        };
        let mut described = Described {
            types: self.types(schema, &parts),
            is_nullable: may_be_null(&parts),
            constraints: constraints(document, &parts, named),
            description: text("description").into_owned(),
            default: said("default").map(Node::value),
            // Of a field one is shown.
            examples: examples(&parts, if depth == 0 { EXAMPLES } else { 1 }),
            is_deprecated: parts.is("deprecated"),
            is_read_only: parts.is("readOnly"),
            is_write_only: parts.is("writeOnly"),
            values: self.values(&parts, target, named),
            ..Described::default()
        };
        let items = items_of(document, &parts);
        let held = items.as_ref().map_or(&parts, |items| &items.1);
        if let Some((items, of)) = &items {
            // What an item of a name is, its page says.
            if self.name(*items).is_none() {
                let each = constraints(document, of, named).into_iter();
                let each = each.map(|words| format!("each: {words}"));
                described.constraints.extend(each);
                let target = document.referred(items.at());
                let values = || self.values(of, target, named);
                described.values = described.values.or_else(values);
            }
        }
        let opened = items
            .as_ref()
            .map_or(target, |(items, _)| document.referred(items.at()));
        let page = self.component(opened);
        let opens = if self.is_own { OPENED_OWN } else { OPENED };
        let is_open = !above.is_some_and(|above| above.has(opened))
            && (depth < opens || page.is_none() && depth < DEEPEST);
        let says = ["properties", "patternProperties", "prefixItems"];
        let has_fields =
            says.iter().any(|name| held.says(name).is_some()) || !held.choices.is_empty();
        if !has_fields && ties(document, held).is_empty() && self.named(held).is_empty() {
            described.is_leaf = described.values.is_none();
            return described;
        }
        let more = || self.page_of(opened, 0);
        if !is_open || depth > 0 && self.room.get() == 0 {
            described.more = has_fields.then(more);
            return described;
        }
        let within = Within {
            at: opened,
            depth,
            above,
        };
        described.demands = ties(document, held);
        (described.fields, described.cut) = self.fields(held, &within, from);
        if described.cut > 0 {
            let told = from + described.fields.len();
            let is_page = self.is_own || page.is_none();
            described.more = Some(match is_page && told > 0 {
                true => More::Part(self.part_of(opened, told)),
                false => more(),
            });
            return described;
        }
        let choices = held.choices.iter();
        described.choices = choices
            .map(|choice| self.variants(choice, &within))
            .collect();
        described
    }

    /// The page of a schema: its own by name, else that of a part.
    fn page_of(&self, at: At, from: usize) -> More {
        match self.component(at) {
            Some(name) => More::Schema(name),
            None => More::Part(self.part_of(at, from)),
        }
    }

    fn part_of(&self, at: At, from: usize) -> Part {
        Part {
            title: title(self.document, at),
            at,
            from,
        }
    }

    /// How many values there are, where not all are named, and the page that has them.
    fn values(&self, parts: &Parts<'d>, target: At, named: usize) -> Option<(usize, More)> {
        let values = parts.says("enum").filter(|values| values.is_array())?;
        let is_left = values.count() > named && named < LISTED;
        is_left.then(|| (values.count(), self.page_of(target, 0)))
    }

    /// The fields of an object from one on, and how many there was no room for: the first of what
    /// is described are told in any case, those within them all or none.
    fn fields(&self, parts: &Parts<'d>, within: &Within<'_>, from: usize) -> (Vec<Field>, usize) {
        let required = parts.all_say("required").flat_map(Node::items);
        let required: Vec<_> = required.filter_map(Node::text).collect();
        let mut all = self.named(parts);
        all.drain(..from.min(all.len()));
        let size = |schema: &Node<'d>| {
            let about = schema.get("description").and_then(Node::text);
            FIELD + about.map_or(0, |about| about.len())
        };
        let room = self.room.get();
        let mut taken = 0;
        let mut told = 0;
        for (_, schema) in all.iter().take(MOST) {
            let size = size(schema);
            if taken + size > room && (within.depth > 0 || told >= LEAST) {
                break;
            }
            taken += size;
            told += 1;
        }
        if within.depth > 0 && told < all.len() {
            return (Vec::new(), all.len());
        }
        self.room.set(room.saturating_sub(taken));
        let cut = all.len() - told;
        let fields = all.into_iter().take(told).map(|(name, schema)| Field {
            is_required: match &name {
                FieldName::Declared(name) => required.iter().any(|required| required == name),
                _ => false,
            },
            name,
            what: self.field(schema, within),
        });
        (fields.collect(), cut)
    }

    /// What a field is.
    fn field(&self, schema: Node<'d>, within: &Within<'_>) -> Arc<Described> {
        if let Some(known) = self.leaves.and_then(|leaves| leaves.get(schema.at())) {
            return known;
        }
        let described = Arc::new(self.described(schema, Some(within), 0));
        if let Some(leaves) = self.leaves.filter(|_| described.is_leaf) {
            leaves.keep(schema.at(), &described);
        }
        described
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
        for (number, schema) in tuple(parts).into_iter().flat_map(Node::items).enumerate() {
            all.entry(FieldName::Item(number + 1)).or_insert(schema);
        }
        if tuple(parts).is_some() {
            let rest = ["items", "additionalItems"].into_iter();
            let mut rest = rest.filter_map(|name| parts.says(name));
            if let Some(rest) = rest.find(|of| of.is_object()) {
                all.insert(FieldName::Rest, rest);
            }
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
            let what = self.described(*schema, Some(within), 0);
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
