//! A schema as it stands in the document into the schema that is compiled: one unit, which ends
//! where references lead on. A unit is compiled once, however many refer to it and whether or not
//! it refers to itself; nothing is copied along references.

use super::View;
use super::schemas::{LINK, NUMBER_FORMAT, Unit};
use crate::spec::{At, Document, LoadError, Node};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// How many schemas may lead on to each other without a step into the value: each takes room on
/// the stack.
const CHAIN_LIMIT: usize = 200;

/// A schema ready to be compiled.
pub(super) struct Lowered {
    pub(super) value: Value,
    /// The schemas that stand under `$defs`, by their number.
    pub(super) defs: Vec<At>,
}

/// Makes what is compiled of a unit. `link` gives the number of a unit that it refers to.
pub(super) fn lower(
    document: &Document,
    unit: &Unit,
    has_flags: bool,
    link: &mut dyn FnMut(Unit) -> u32,
) -> Result<Lowered, LoadError> {
    let mut lowering = Lowering {
        document,
        view: unit.view,
        has_flags,
        link,
        defs: Vec::new(),
    };
    let node = document.node(unit.at);
    let mut cluster = Cluster::default();
    lowering.gather(node, &mut cluster)?;
    let place = Place {
        inline: false,
        waived: lowering.waived(&cluster, &unit.waived),
    };
    let mut value = lowering.schema(node, Some(&place), unit.bare)?;
    let mut done = Map::new();
    while done.len() < lowering.defs.len() {
        let (at, waived) = lowering.defs[done.len()].clone();
        let place = Place {
            inline: true,
            waived,
        };
        let def = lowering.schema(document.node(at), Some(&place), false)?;
        done.insert(done.len().to_string(), def);
    }
    if let (Value::Object(members), false) = (&mut value, done.is_empty()) {
        members.insert("$defs".to_owned(), Value::Object(done));
    }
    Ok(Lowered {
        value,
        defs: lowering.defs.into_iter().map(|(at, _)| at).collect(),
    })
}

struct Lowering<'d, 'l> {
    document: &'d Document,
    view: View,
    has_flags: bool,
    link: &'l mut dyn FnMut(Unit) -> u32,
    defs: Vec<(At, Vec<String>)>,
}

/// What a schema that applies in place takes from the one it is part of.
struct Place {
    /// Whether the one around asks what was evaluated: annotations pass a `$ref` of the compiler's
    /// own, and no link of ours.
    inline: bool,
    /// The properties that this side need not send.
    waived: Vec<String>,
}

/// All schemas that apply to one and the same value, as far as that bears on what it must have.
#[derive(Default)]
struct Cluster {
    required: Vec<String>,
    flagged: Vec<String>,
}

impl<'d> Lowering<'d, '_> {
    /// Lowers one schema. `place` is nothing where a step into the value was made.
    fn schema(
        &mut self,
        node: Node<'d>,
        place: Option<&Place>,
        bare: bool,
    ) -> Result<Value, LoadError> {
        if let Some(truth) = node.as_bool() {
            return Ok(Value::Bool(truth));
        }
        if node.is_null() {
            return Ok(Value::Bool(true));
        }
        if !node.is_object() {
            let message = "a schema is an object, or true or false";
            return Err(self.document.error(node.at(), message));
        }
        let own;
        let place = match place {
            Some(place) => place,
            None => {
                let mut cluster = Cluster::default();
                if self.has_flags && composed(node) {
                    self.gather(node, &mut cluster)?;
                } else if self.has_flags {
                    self.look(node, &mut cluster);
                }
                own = Place {
                    inline: false,
                    waived: self.waived(&cluster, &[]),
                };
                &own
            }
        };
        let words = self.document.vocabulary(node.at());
        if words.has_nullable && !bare && is_nullable(node) && takes_link(node) {
            let unit = (self.link)(Unit {
                view: self.view,
                at: node.at(),
                bare: true,
                waived: place.waived.clone(),
            });
            return Ok(json!({LINK: [unit, true]}));
        }
        let inline = place.inline
            || node.get("unevaluatedProperties").is_some()
            || node.get("unevaluatedItems").is_some();
        let inner = Place {
            inline,
            waived: place.waived.clone(),
        };
        let mut schema = Map::new();
        let alone = words.refs_stand_alone && node.get("$ref").is_some_and(|r| r.text().is_some());
        for (keyword, value) in node.entries() {
            if alone && keyword != "$ref" {
                continue;
            }
            if let Some(lowered) = self.keyword(&keyword, value, &inner)? {
                match lowered {
                    Keyword::Same(value) => schema.insert(keyword.into_owned(), value),
                    Keyword::As(name, value) => schema.insert(name.to_owned(), value),
                };
            }
        }
        if words.has_nullable && !bare && is_nullable(node) && !alone {
            take_null(&mut schema);
        }
        words.lift(&mut schema);
        Ok(Value::Object(schema))
    }

    fn keyword(
        &mut self,
        keyword: &str,
        value: Node<'d>,
        place: &Place,
    ) -> Result<Option<Keyword>, LoadError> {
        // A key without a value demands nothing.
        if value.is_null() && keyword != "const" {
            return Ok(None);
        }
        Ok(Some(Keyword::Same(match keyword {
            "$ref" => return self.reference(value, place).map(Some),
            "properties" | "patternProperties" => self.members(value, None)?,
            "dependentSchemas" => self.members(value, Some(place))?,
            "dependencies" => {
                let mut dependencies = Map::new();
                for (name, value) in value.entries() {
                    let needed = match value.is_array() {
                        true => value.value(),
                        false => self.schema(value, Some(place), false)?,
                    };
                    dependencies.insert(name.into_owned(), needed);
                }
                Value::Object(dependencies)
            }
            "allOf" | "anyOf" | "oneOf" => self.list(value, Some(place))?,
            "not" | "if" | "then" | "else" => self.schema(value, Some(place), false)?,
            "prefixItems" => self.list(value, None)?,
            "items" if value.is_array() => self.list(value, None)?,
            "items"
            | "additionalItems"
            | "additionalProperties"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties" => self.schema(value, None, false)?,
            "required" => {
                let names = value
                    .items()
                    .filter(|name| !place.waived.iter().any(|waived| name.is_text(waived)));
                // A name that stands there twice demands no more than one.
                let mut needed: Vec<Value> = Vec::new();
                for name in names.map(Node::value) {
                    if !needed.contains(&name) {
                        needed.push(name);
                    }
                }
                match value.is_array() {
                    true => Value::Array(needed),
                    false => value.value(),
                }
            }
            "format" => {
                let format = value.value();
                match format.as_str() {
                    Some("int32" | "int64" | "float") => {
                        return Ok(Some(Keyword::As(NUMBER_FORMAT, format)));
                    }
                    _ => format,
                }
            }
            "type" | "enum" | "const" | "multipleOf" | "maximum" | "exclusiveMaximum"
            | "minimum" | "exclusiveMinimum" | "maxLength" | "minLength" | "pattern"
            | "maxItems" | "minItems" | "uniqueItems" | "maxContains" | "minContains"
            | "maxProperties" | "minProperties" | "dependentRequired" => value.value(),
            // The rest says nothing of whether a value is valid.
            _ => return Ok(None),
        })))
    }

    fn members(&mut self, value: Node<'d>, place: Option<&Place>) -> Result<Value, LoadError> {
        if !value.is_object() {
            return Ok(value.value());
        }
        // A text is no schema, so a `$ref` in the place of one leads to all of the members.
        let reference = value.get("$ref");
        let value = match reference.and_then(|at| Some((at.at(), at.text()?))) {
            Some((at, text)) => self.document.node(self.document.follow(at, &text)?),
            None => value,
        };
        let mut members = Map::new();
        for (name, schema) in value.entries() {
            members.insert(name.into_owned(), self.schema(schema, place, false)?);
        }
        Ok(Value::Object(members))
    }

    fn list(&mut self, value: Node<'d>, place: Option<&Place>) -> Result<Value, LoadError> {
        if !value.is_array() {
            return Ok(value.value());
        }
        value
            .items()
            .map(|schema| self.schema(schema, place, false))
            .collect()
    }

    fn reference(&mut self, value: Node<'d>, place: &Place) -> Result<Keyword, LoadError> {
        let Some(text) = value.text() else {
            let message = "a reference is a text";
            return Err(self.document.error(value.at(), message));
        };
        let at = self.document.follow(value.at(), &text)?;
        let mut waived = Vec::new();
        if !place.waived.is_empty() {
            let mut target = Cluster::default();
            self.gather(self.document.node(at), &mut target)?;
            waived.extend(
                place.waived.iter().filter(|name| {
                    target.required.contains(name) && !target.flagged.contains(name)
                }),
            );
        }
        let waived: Vec<String> = waived.into_iter().cloned().collect();
        if place.inline {
            let known = self
                .defs
                .iter()
                .position(|(def, names)| *def == at && *names == waived);
            let number = known.unwrap_or_else(|| {
                self.defs.push((at, waived));
                self.defs.len() - 1
            });
            return Ok(Keyword::Same(json!(format!("#/$defs/{number}"))));
        }
        let unit = (self.link)(Unit {
            view: self.view,
            at,
            bare: false,
            waived,
        });
        Ok(Keyword::As(LINK, json!([unit, false])))
    }

    /// What this side need not send: properties of the other side alone (OpenAPI 3.1.1 §4.8.24.3,
    /// JSON Schema validation §9.4).
    fn waived(&self, cluster: &Cluster, more: &[String]) -> Vec<String> {
        let flagged = cluster.flagged.iter().chain(more);
        let mut waived: Vec<String> = flagged.cloned().collect();
        waived.sort();
        waived.dedup();
        waived
    }

    /// Looks through all that applies in place, and fails where that has no end.
    fn gather(&self, node: Node<'d>, cluster: &mut Cluster) -> Result<(), LoadError> {
        let mut seen: HashMap<At, bool> = HashMap::new();
        self.gather_from(node, cluster, &mut seen, 0)?;
        cluster
            .flagged
            .retain(|name| cluster.required.contains(name));
        Ok(())
    }

    fn gather_from(
        &self,
        node: Node<'d>,
        cluster: &mut Cluster,
        seen: &mut HashMap<At, bool>,
        depth: usize,
    ) -> Result<(), LoadError> {
        let at = node.at();
        match seen.get(&at) {
            Some(true) => {
                let message = "this schema applies itself to the same value, without an end";
                return Err(self.document.error(at, message));
            }
            Some(false) => return Ok(()),
            None => {}
        }
        if depth > CHAIN_LIMIT {
            let message = "more than 200 references lead on from here without an end";
            return Err(self.document.error(at, message));
        }
        seen.insert(at, true);
        if self.has_flags {
            self.look(node, cluster);
        }
        for (keyword, value) in node.entries() {
            match &*keyword {
                "$ref" => {
                    if let Some(text) = value.text() {
                        let target = self.document.follow(value.at(), &text)?;
                        let target = self.document.node(target);
                        self.gather_from(target, cluster, seen, depth + 1)?;
                    }
                }
                "allOf" | "anyOf" | "oneOf" => {
                    for part in value.items() {
                        self.gather_from(part, cluster, seen, depth + 1)?;
                    }
                }
                "not" | "if" | "then" | "else" => {
                    self.gather_from(value, cluster, seen, depth + 1)?;
                }
                "dependentSchemas" | "dependencies" => {
                    for (_, part) in value.entries().filter(|(_, part)| part.is_object()) {
                        self.gather_from(part, cluster, seen, depth + 1)?;
                    }
                }
                _ => {}
            }
        }
        seen.insert(at, false);
        Ok(())
    }

    /// What one schema object demands, and which of its properties are the other side's.
    fn look(&self, node: Node<'d>, cluster: &mut Cluster) {
        let names = node.get("required").into_iter().flat_map(Node::items);
        for name in names.filter_map(Node::text) {
            if !cluster.required.iter().any(|known| *known == *name) {
                cluster.required.push(name.into_owned());
            }
        }
        let properties = node.get("properties").into_iter().flat_map(Node::entries);
        for (name, property) in properties {
            if self.is_flagged(property) {
                cluster.flagged.push(name.into_owned());
            }
        }
    }

    /// Whether a property is the other side's, by itself or by what it refers to. Each schema on
    /// the way is looked at once, as a lattice of references has ways without end.
    fn is_flagged(&self, property: Node<'d>) -> bool {
        let flag = match self.view {
            View::Request => "readOnly",
            View::Reply => "writeOnly",
        };
        let mut seen: HashSet<At> = HashSet::new();
        let mut open = vec![property];
        while let Some(schema) = open.pop() {
            for (keyword, value) in schema.members() {
                if keyword.is_text("$ref") {
                    let text = value.text();
                    let target = text.and_then(|text| self.document.follow(value.at(), &text).ok());
                    let target = target.filter(|at| seen.insert(*at));
                    open.extend(target.map(|at| self.document.node(at)));
                } else if keyword.is_text("allOf") {
                    open.extend(value.items());
                } else if keyword.is_text(flag) && value.as_bool() == Some(true) {
                    return true;
                }
            }
        }
        false
    }
}

/// A keyword lowered, under its own name or another.
enum Keyword {
    Same(Value),
    As(&'static str, Value),
}

/// Whether other schemas apply to the same value.
fn composed(node: Node<'_>) -> bool {
    let keywords = [
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "dependentSchemas",
        "dependencies",
    ];
    node.members()
        .any(|(key, _)| keywords.iter().any(|keyword| key.is_text(keyword)))
}

/// `nullable`, and what 2.0's documents write for it.
fn is_nullable(node: Node<'_>) -> bool {
    let says = |name: &str| node.get(name).and_then(Node::as_bool) == Some(true);
    says("nullable") || says("x-nullable")
}

/// Whether null can't be taken in by `type` and `enum` alone. Strictly, 3.0 gives `nullable` a
/// meaning beside `type` only (3.0.4 §4.7.24.1); documents mean it wherever they write it.
fn takes_link(node: Node<'_>) -> bool {
    ["$ref", "allOf", "anyOf", "oneOf", "not", "const"]
        .iter()
        .any(|keyword| node.get(keyword).is_some())
}

fn take_null(schema: &mut Map<String, Value>) {
    match schema.get_mut("type") {
        Some(Value::String(name)) => {
            let types = json!([name, "null"]);
            schema.insert("type".to_owned(), types);
        }
        Some(Value::Array(names)) if !names.contains(&json!("null")) => names.push(json!("null")),
        _ => {}
    }
    if let Some(Value::Array(choices)) = schema.get_mut("enum")
        && !choices.contains(&Value::Null)
    {
        choices.push(Value::Null);
    }
}

/// The place of a compiled keyword in the document, given where its unit stands: names that
/// lowering changed are led back.
pub(super) fn trace<'d>(from: Node<'d>, path: impl Iterator<Item = String>) -> Node<'d> {
    let mut node = from;
    for token in path {
        let written: &[&str] = match &*token {
            "prefixItems" => &["prefixItems", "items"],
            "items" => &["items", "additionalItems"],
            "dependentSchemas" | "dependentRequired" => &["dependentSchemas", "dependencies"],
            NUMBER_FORMAT => &["format"],
            LINK => &["$ref"],
            _ => &[],
        };
        let next = node
            .child(&token)
            .or_else(|| written.iter().find_map(|name| node.child(name)));
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    node
}

/// The tokens of a path that the compiler tells.
pub(super) fn tokens(path: &str) -> impl Iterator<Item = String> + '_ {
    let tokens = path.split('/').skip(1);
    tokens.map(|token| token.replace("~1", "/").replace("~0", "~"))
}
