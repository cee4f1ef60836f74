//! A schema as it stands in the document into the schema that is compiled: one unit, which ends
//! where references lead on. A unit is compiled once, however many refer to it and whether or not
//! it refers to itself; nothing is copied along references.

use super::View;
use super::cluster::{Cluster, composed};
use super::costly::{COSTLY_PATTERN, is_costly};
use super::ecma::translated;
use super::keywords::{ANY_OF, DYNAMIC_LINK, LINK, NUMBER_FORMAT, ONE_OF};
use super::scope::Scope;
use super::units::Unit;
use crate::spec::{At, Document, LoadError, Node};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// How many ways may lead through the references of a schema that asks what was evaluated: they
/// are all walked for every value.
const WAY_LIMIT: usize = 10_000;

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
        scope: unit.scope.clone(),
        defs: Vec::new(),
        walks: vec![Vec::new()],
        walk: 0,
        starts: Vec::new(),
    };
    let node = document.node(unit.at);
    let mut cluster = Cluster::default();
    lowering.gather(node, &unit.scope, &mut cluster)?;
    let place = Place {
        inline: false,
        waived: lowering.waived(&cluster, &unit.waived),
    };
    let mut value = lowering.schema(node, Some(&place), unit.bare)?;
    let mut done = Map::new();
    while done.len() < lowering.defs.len() {
        let def = lowering.defs[done.len()].clone();
        let node = document.node(def.at);
        // As a unit does, it waives what it flags itself beside what those before it flagged.
        let mut cluster = Cluster::default();
        lowering.gather(node, &def.scope, &mut cluster)?;
        let place = Place {
            inline: true,
            waived: lowering.waived(&cluster, &def.waived),
        };
        lowering.scope = def.scope;
        lowering.walk = lowering.begin();
        lowering.starts.push(lowering.walk);
        let def = lowering.schema(node, Some(&place), false)?;
        done.insert(done.len().to_string(), def);
    }
    let mut known = HashMap::new();
    if (0..lowering.walks.len()).any(|walk| lowering.ways(walk, &mut known) > WAY_LIMIT) {
        let message = "more than 10,000 ways lead through the references of this schema, and all \
                       would have to be walked to know what is evaluated";
        return Err(document.error(unit.at, message));
    }
    if let (Value::Object(members), false) = (&mut value, done.is_empty()) {
        members.insert("$defs".to_owned(), Value::Object(done));
    }
    Ok(Lowered {
        value,
        defs: lowering.defs.into_iter().map(|def| def.at).collect(),
    })
}

pub(super) struct Lowering<'d, 'l> {
    pub(super) document: &'d Document,
    pub(super) view: View,
    pub(super) has_flags: bool,
    link: &'l mut dyn FnMut(Unit) -> u32,
    /// The resources around what is being lowered.
    scope: Scope,
    defs: Vec<Def>,
    /// The schemas that ask what was evaluated, and `defs`: to which of `defs` each of them refers
    /// in place.
    walks: Vec<Vec<usize>>,
    /// Which of them is being lowered.
    walk: usize,
    /// Which of them each of `defs` is.
    starts: Vec<usize>,
}

/// What stands under `$defs`.
#[derive(Clone, PartialEq)]
struct Def {
    at: At,
    waived: Vec<String>,
    scope: Scope,
}

/// What a schema that applies in place takes from the one it is part of.
struct Place {
    /// Whether the one around asks what was evaluated: annotations pass a `$ref` of the compiler's
    /// own, and no link of ours.
    inline: bool,
    /// The properties that this side need not send.
    waived: Vec<String>,
}

/// Where a reference leads.
pub(super) enum Target {
    Schema(At),
    /// To the metaschema of 2020-12, which the compiler knows by itself.
    Metaschema(String),
}

impl<'d> Lowering<'d, '_> {
    /// Lowers one schema. `place` is nothing where a step into the value was made.
    fn schema(
        &mut self,
        node: Node<'d>,
        place: Option<&Place>,
        bare: bool,
    ) -> Result<Value, LoadError> {
        let scope = self.scope.entering(self.document, node.at());
        let outer = std::mem::replace(&mut self.scope, scope);
        let schema = self.schema_in_scope(node, place, bare);
        self.scope = outer;
        schema
    }

    fn schema_in_scope(
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
                    self.gather(node, &self.scope, &mut cluster)?;
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
        if !bare && words.takes_null(node) && takes_link(node) {
            let unit = (self.link)(Unit {
                view: self.view,
                at: node.at(),
                bare: true,
                waived: place.waived.clone(),
                scope: self.scope.clone(),
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
        let outer = self.walk;
        if inline && !place.inline {
            // What is walked in place must have an end.
            self.gather(node, &self.scope, &mut Cluster::default())?;
            self.walk = self.begin();
        }
        let schema = self.keywords(node, &inner, bare);
        self.walk = outer;
        schema
    }

    fn keywords(&mut self, node: Node<'d>, inner: &Place, bare: bool) -> Result<Value, LoadError> {
        let words = self.document.vocabulary(node.at());
        let mut schema = Map::new();
        let alone = words.refs_stand_alone && node.get("$ref").is_some_and(|r| r.text().is_some());
        for (keyword, value) in node.entries() {
            if alone && keyword != "$ref" {
                continue;
            }
            if let Some(lowered) = self.keyword(&keyword, value, inner)? {
                match lowered {
                    Keyword::Same(value) => schema.insert(keyword.into_owned(), value),
                    Keyword::As(name, value) => schema.insert(name.to_owned(), value),
                };
            }
        }
        if !bare && words.takes_null(node) && !alone {
            take_null(&mut schema);
        }
        if refuses_empty(node) && schema.get("minLength").is_none_or(|least| *least == 0) {
            schema.insert("minLength".to_owned(), 1.into());
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
            "$ref" => return self.reference(LINK, value, place).map(Some),
            "$dynamicRef" | "$recursiveRef" => {
                return self.reference(DYNAMIC_LINK, value, place).map(Some);
            }
            "properties" => self.members(value, None)?,
            "patternProperties" => match self.members(value, None)? {
                Value::Object(members) => members
                    .into_iter()
                    .map(|(pattern, schema)| (translated(&pattern).into_owned(), schema))
                    .collect::<Map<_, _>>()
                    .into(),
                other => other,
            },
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
            "anyOf" | "oneOf" if !place.inline && value.is_array() && value.count() > 0 => {
                let name = if keyword == "anyOf" { ANY_OF } else { ONE_OF };
                let numbers = value.items().map(|branch| {
                    (self.link)(Unit {
                        view: self.view,
                        at: branch.at(),
                        bare: false,
                        waived: place.waived.clone(),
                        scope: self.scope.clone(),
                    })
                });
                return Ok(Some(Keyword::As(name, numbers.collect())));
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
                let mut seen = HashSet::new();
                let names = names.map(Node::value);
                let needed: Vec<Value> = names.filter(|name| seen.insert(name.clone())).collect();
                match value.is_array() {
                    true => Value::Array(needed),
                    false => value.value(),
                }
            }
            "dependentRequired" if value.is_object() && !place.waived.is_empty() => {
                let is_waived =
                    |name: &Node<'_>| place.waived.iter().any(|waived| name.is_text(waived));
                let needs = value.entries().map(|(name, needed)| {
                    let needed = needed.items().filter(|name| !is_waived(name));
                    (name.into_owned(), needed.map(Node::value).collect())
                });
                Value::Object(needs.collect())
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
            "pattern" => {
                let pattern = value.value();
                match pattern.as_str().map(translated) {
                    Some(pattern) if is_costly(&pattern) => {
                        return Ok(Some(Keyword::As(COSTLY_PATTERN, json!(pattern))));
                    }
                    Some(pattern) => json!(pattern),
                    None => pattern,
                }
            }
            "type" | "enum" | "const" | "multipleOf" | "maximum" | "exclusiveMaximum"
            | "minimum" | "exclusiveMinimum" | "maxLength" | "minLength" | "maxItems"
            | "minItems" | "uniqueItems" | "maxContains" | "minContains" | "maxProperties"
            | "minProperties" | "dependentRequired" => value.value(),
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
        let is_elsewhere = reference.is_some();
        let own = Place {
            inline: false,
            waived: Vec::new(),
        };
        let mut members = Map::new();
        for (name, schema) in value.entries() {
            // What stands elsewhere is led to, not copied: it may lead here again.
            let lowered = match is_elsewhere && schema.is_object() {
                true => {
                    let place = place.unwrap_or(&own);
                    let (keyword, value) = self.lead(LINK, schema.at(), place)?;
                    json!({keyword: value})
                }
                false => self.schema(schema, place, false)?,
            };
            members.insert(name.into_owned(), lowered);
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

    /// Lowers a `$ref` or a `$dynamicRef` into the keyword of the link that it is.
    fn reference(
        &mut self,
        keyword: &'static str,
        value: Node<'d>,
        place: &Place,
    ) -> Result<Keyword, LoadError> {
        let Some(text) = value.text() else {
            let message = "a reference is a text";
            return Err(self.document.error(value.at(), message));
        };
        let at = match self.target(value, &text, keyword == DYNAMIC_LINK, &self.scope)? {
            Target::Schema(at) => at,
            Target::Metaschema(uri) => return Ok(Keyword::Same(json!(uri))),
        };
        let (keyword, value) = self.lead(keyword, at, place)?;
        Ok(Keyword::As(keyword, value))
    }

    /// The keyword, with its value, that leads to the schema at a place.
    fn lead(
        &mut self,
        keyword: &'static str,
        at: At,
        place: &Place,
    ) -> Result<(&'static str, Value), LoadError> {
        let scope = self.scope.entering(self.document, at);
        let mut waived = Vec::new();
        if !place.waived.is_empty() {
            let mut target = Cluster::default();
            self.gather(self.document.node(at), &scope, &mut target)?;
            waived.extend(
                place.waived.iter().filter(|name| {
                    target.required.contains(name) && !target.flagged.contains(name)
                }),
            );
        }
        let waived: Vec<String> = waived.into_iter().cloned().collect();
        if place.inline {
            let def = Def { at, waived, scope };
            let known = self.defs.iter().position(|known| *known == def);
            let number = known.unwrap_or_else(|| {
                self.defs.push(def);
                self.defs.len() - 1
            });
            self.walks[self.walk].push(number);
            let inner = match keyword {
                LINK => "$ref",
                _ => "$dynamicRef",
            };
            return Ok((inner, json!(format!("#/$defs/{number}"))));
        }
        let unit = (self.link)(Unit {
            view: self.view,
            at,
            bare: false,
            waived,
            scope,
        });
        Ok((keyword, json!([unit, false])))
    }

    fn begin(&mut self) -> usize {
        self.walks.push(Vec::new());
        self.walks.len() - 1
    }

    /// How many ways lead on in place. They have an end: what applies itself is found before.
    fn ways(&self, walk: usize, known: &mut HashMap<usize, usize>) -> usize {
        if let Some(ways) = known.get(&walk) {
            return *ways;
        }
        let leads = self.walks[walk].iter();
        let ways = leads.fold(1, |ways: usize, def| {
            ways.saturating_add(self.ways(self.starts[*def], known))
        });
        known.insert(walk, ways);
        ways
    }

    /// Where a `$ref` leads, or a `$dynamicRef` in a scope.
    pub(super) fn target(
        &self,
        value: Node<'d>,
        text: &str,
        is_dynamic: bool,
        scope: &Scope,
    ) -> Result<Target, LoadError> {
        match self.document.follow(value.at(), text) {
            Ok(at) if is_dynamic => Ok(Target::Schema(scope.lead(self.document, text, at))),
            Ok(at) => Ok(Target::Schema(at)),
            Err(_) if is_metaschema(text) => Ok(Target::Metaschema(text.to_owned())),
            Err(error) => Err(error),
        }
    }
}

/// A keyword lowered, under its own name or another.
enum Keyword {
    Same(Value),
    As(&'static str, Value),
}

/// Whether a reference names the metaschema, or a part of it.
fn is_metaschema(reference: &str) -> bool {
    reference.starts_with("https://json-schema.org/draft/2020-12/")
}

/// Whether null can't be taken in by `type` and `enum` alone. Strictly, 3.0 gives `nullable` a
/// meaning beside `type` only (3.0.4 §4.7.24.1); documents mean it wherever they write it.
fn takes_link(node: Node<'_>) -> bool {
    [
        "$ref",
        "$dynamicRef",
        "$recursiveRef",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "const",
    ]
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

/// Whether it is a parameter of Swagger 2.0, and a schema at the same time, of which it is said
/// that it isn't given empty.
fn refuses_empty(node: Node<'_>) -> bool {
    let takes_empty = node.get("allowEmptyValue").and_then(Node::as_bool);
    let place = node.get("in").and_then(Node::text);
    takes_empty == Some(false) && matches!(place.as_deref(), Some("query" | "formData"))
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
            "minLength" => &["minLength", "allowEmptyValue"],
            ANY_OF => &["anyOf"],
            ONE_OF => &["oneOf"],
            COSTLY_PATTERN => &["pattern"],
            NUMBER_FORMAT => &["format"],
            LINK => &["$ref"],
            DYNAMIC_LINK => &["$dynamicRef", "$recursiveRef"],
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
