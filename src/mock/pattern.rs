//! What a request must say for something to be for it: a fixture, or what someone expects.

use super::Prepared;
use crate::decode::{Parameters, Payload};
use crate::spec::{Location, ShapeId, Shapes, nearest};
use crate::validate::Place;
use crate::wire::Pointer;
use serde_json::{Map, Value};
use std::fmt;

/// How many differences between a request and a pattern are told.
const TOLD: usize = 20;
/// How many names are told where none is like a misspelt one.
const NAMES: usize = 20;

/// The parts of a request that a pattern may name parameters of.
const PARTS: [(&str, &str, Location); 4] = [
    ("path", "path parameter", Location::Path),
    ("query", "query parameter", Location::Query),
    ("headers", "header parameter", Location::Header),
    ("cookies", "cookie parameter", Location::Cookie),
];

/// What a request must say. What isn't named doesn't matter.
#[derive(Debug, Clone, Default)]
pub struct RequestPattern {
    /// Path parameters, by name.
    pub path: Map<String, Value>,
    /// Query parameters.
    pub query: Map<String, Value>,
    /// Header parameters.
    pub header: Map<String, Value>,
    /// Cookie parameters.
    pub cookie: Map<String, Value>,
    /// A part of the body: of an object the members that are named, of all else the whole.
    pub body: Option<Value>,
    /// Header fields that are no parameters of the operation. They are no part of what
    /// [`RequestPattern::fits`] looks at.
    pub fields: Map<String, Value>,
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The place in the pattern.
    pub at: Pointer,
    /// What is wrong there.
    pub message: String,
    /// What would mend it.
    pub help: Option<String>,
}

/// A place where a request says something else than a pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The place in the request.
    pub place: Place,
    /// What the pattern says.
    pub expected: Value,
    /// What the request says, where it says anything.
    pub got: Option<Value>,
}

impl RequestPattern {
    /// Reads one with the members `path`, `query`, `headers`, `cookies` and `body`, and tells of
    /// the names in it that the operation doesn't have. Other members aren't looked at.
    pub fn read(
        shapes: &Shapes,
        operation: &Prepared,
        said: &Map<String, Value>,
    ) -> (RequestPattern, Vec<Misfit>) {
        let mut pattern = RequestPattern::default();
        let mut misfits = Vec::new();
        for (key, kind, location) in PARTS {
            let Some(value) = said.get(key) else {
                continue;
            };
            let at = Pointer::root().child(key);
            let Some(wanted) = value.as_object() else {
                misfits.push(Misfit {
                    at,
                    message: format!("`{key}` is a mapping of parameters by their names"),
                    help: None,
                });
                continue;
            };
            let readers = operation.parameters.iter().map(|reader| &reader.parameter);
            let readers = readers.filter(|parameter| parameter.location == location);
            let names: Vec<&str> = readers.map(|parameter| parameter.name.as_str()).collect();
            let is_header = location == Location::Header;
            for (name, value) in wanted {
                let same = |known: &&&str| match is_header {
                    true => known.eq_ignore_ascii_case(name),
                    false => **known == name,
                };
                match names.iter().find(same) {
                    Some(known) => {
                        let named = pattern.of_mut(location);
                        named.insert((*known).to_owned(), value.clone());
                    }
                    None if is_header => {
                        pattern.fields.insert(name.clone(), value.clone());
                    }
                    None => misfits.push(Misfit::unknown(kind, name, at.child(name), &names)),
                }
            }
        }
        if let Some(body) = said.get("body") {
            let at = Pointer::root().child("body");
            match operation.bodies.is_empty() {
                true => misfits.push(Misfit {
                    at,
                    message: "the operation takes no body".to_owned(),
                    help: None,
                }),
                false => misfits.extend(unknown_members(shapes, operation, body, &at)),
            }
            pattern.body = Some(body.clone());
        }
        (pattern, misfits)
    }

    /// The header fields that are no parameters, as what is wrong with a pattern that may name
    /// parameters alone.
    pub fn undeclared(&self, operation: &Prepared) -> Vec<Misfit> {
        let names: Vec<&str> = operation.header_names().collect();
        let at = Pointer::root().child("headers");
        let fields = self.fields.keys();
        fields
            .map(|name| Misfit::unknown("header parameter", name, at.child(name), &names))
            .collect()
    }

    fn of_mut(&mut self, location: Location) -> &mut Map<String, Value> {
        match location {
            Location::Path => &mut self.path,
            Location::Query | Location::Querystring => &mut self.query,
            Location::Header => &mut self.header,
            Location::Cookie => &mut self.cookie,
        }
    }

    /// Whether it is for a request.
    pub fn fits(&self, parameters: &Parameters, payload: &Payload) -> bool {
        let said = |wanted: &Map<String, Value>, given: &Map<String, Value>| {
            let mut wanted = wanted.iter();
            wanted.all(|(name, value)| given.get(name).is_some_and(|given| says(given, value)))
        };
        let body = || match (&self.body, payload) {
            (None, _) => true,
            (Some(wanted), Payload::Value(_, body)) => says(body, wanted),
            (Some(_), Payload::Absent | Payload::Opaque(_)) => false,
        };
        said(&self.path, &parameters.path)
            && said(&self.query, &parameters.query)
            && said(&self.header, &parameters.header)
            && said(&self.cookie, &parameters.cookie)
            && body()
    }

    /// Where a request says something else, the first places alone. None where it fits.
    pub fn differences(&self, parameters: &Parameters, body: Option<&Value>) -> Vec<Difference> {
        let mut found = Vec::new();
        type Part<'p> = (
            &'p Map<String, Value>,
            &'p Map<String, Value>,
            fn(String) -> Place,
        );
        let parts: [Part<'_>; 4] = [
            (&self.path, &parameters.path, Place::Path),
            (&self.query, &parameters.query, Place::Query),
            (&self.header, &parameters.header, Place::Header),
            (&self.cookie, &parameters.cookie, Place::Cookie),
        ];
        for (wanted, given, place) in parts {
            for (name, wanted) in wanted {
                let inner = |at: &Pointer| {
                    let inner = at.tokens().map(|token| format!("[{token}]"));
                    place(format!("{name}{}", inner.collect::<String>()))
                };
                tell(
                    wanted,
                    given.get(name),
                    &Pointer::root(),
                    &inner,
                    &mut found,
                );
            }
        }
        if let Some(wanted) = &self.body {
            let inner = |at: &Pointer| Place::Body(at.clone());
            tell(wanted, body, &Pointer::root(), &inner, &mut found);
        }
        found
    }

    /// How many things it says.
    pub fn size(&self) -> usize {
        let parts = [&self.path, &self.query, &self.header, &self.cookie];
        let named = parts.iter().flat_map(|part| part.values());
        named.chain(&self.body).map(leaves).sum::<usize>() + self.fields.len()
    }
}

impl Misfit {
    /// A name that isn't one of those that there are.
    pub fn unknown(kind: &str, name: &str, at: Pointer, known: &[&str]) -> Misfit {
        let known: Vec<&str> = known.iter().copied().filter(|n| !n.is_empty()).collect();
        Misfit {
            at,
            message: format!("the contract has no {kind} `{name}` here"),
            help: match (nearest(name, &known), known.len()) {
                (Some(name), _) => Some(format!("did you mean `{name}`?")),
                (None, 1..=NAMES) => Some(format!("there are {}", known.join(", "))),
                (None, _) => None,
            },
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.help {
            Some(help) => write!(f, "{}; {help}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// The members of a part of a body that none of the documented bodies has.
fn unknown_members(
    shapes: &Shapes,
    operation: &Prepared,
    body: &Value,
    at: &Pointer,
) -> Vec<Misfit> {
    // A JSON Patch, say, is no object: what an object names isn't looked for in it.
    let may_be = |shape: ShapeId| {
        let types = shapes.get(shape).types;
        !body.is_object() || types.is_unsaid() || types.has("object")
    };
    let mut fewest: Option<Vec<Misfit>> = None;
    let bodies = operation.bodies.iter();
    for content in bodies.filter(|content| content.shape.is_none_or(may_be)) {
        let mut found = Vec::new();
        if let Some(shape) = content.shape {
            unknown_within(shapes, shape, body, at, &mut found);
        }
        if fewest.as_ref().is_none_or(|few| found.len() < few.len()) {
            fewest = Some(found);
        }
    }
    fewest.unwrap_or_default()
}

fn unknown_within(
    shapes: &Shapes,
    id: ShapeId,
    value: &Value,
    at: &Pointer,
    found: &mut Vec<Misfit>,
) {
    let shape = shapes.get(id);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let at = at.child(name);
                let declared = shape.properties.get(name);
                let inner = declared.map(|property| shapes.of_property(property));
                let inner = inner.or_else(|| shapes.of_pattern(shape, name));
                match inner {
                    Some(inner) => unknown_within(shapes, inner, value, &at, found),
                    None if shape.admits(name) || shape.has_pattern_of(name) => {}
                    None => {
                        let names = shape.properties.keys().map(String::as_str);
                        let names: Vec<&str> = names.collect();
                        found.push(Misfit::unknown("property", name, at, &names));
                    }
                }
            }
        }
        Value::Array(items) => {
            let Some(inner) = shapes.of_items(shape) else {
                return;
            };
            for (index, item) in items.iter().enumerate() {
                unknown_within(shapes, inner, item, &at.child(index), found);
            }
        }
        _ => {}
    }
}

/// Whether a value says what is wanted of it. Objects may say more, and the form of a number
/// doesn't matter.
fn says(given: &Value, wanted: &Value) -> bool {
    match (given, wanted) {
        (Value::Object(given), Value::Object(wanted)) => {
            let mut wanted = wanted.iter();
            wanted.all(|(name, value)| given.get(name).is_some_and(|given| says(given, value)))
        }
        (Value::Array(given), Value::Array(wanted)) => {
            given.len() == wanted.len() && given.iter().zip(wanted).all(|(g, w)| says(g, w))
        }
        // YAML reads `id: 7` as a number, whatever the parameter's schema.
        (Value::String(given), Value::Number(wanted)) => *given == wanted.to_string(),
        (Value::Number(given), Value::Number(wanted)) => {
            given == wanted || given.as_f64().is_some_and(|g| Some(g) == wanted.as_f64())
        }
        _ => given == wanted,
    }
}

/// Notes where a value doesn't say what is wanted of it, as far into it as both go.
fn tell(
    wanted: &Value,
    given: Option<&Value>,
    at: &Pointer,
    place: &dyn Fn(&Pointer) -> Place,
    found: &mut Vec<Difference>,
) {
    if found.len() >= TOLD || given.is_some_and(|given| says(given, wanted)) {
        return;
    }
    match (given, wanted) {
        (Some(Value::Object(given)), Value::Object(wanted)) => {
            for (name, wanted) in wanted {
                tell(wanted, given.get(name), &at.child(name), place, found);
            }
        }
        (Some(Value::Array(given)), Value::Array(wanted)) if given.len() == wanted.len() => {
            for (index, (given, wanted)) in given.iter().zip(wanted).enumerate() {
                tell(wanted, Some(given), &at.child(index), place, found);
            }
        }
        _ => found.push(Difference {
            place: place(at),
            expected: wanted.clone(),
            got: given.cloned(),
        }),
    }
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.values().map(leaves).sum::<usize>().max(1),
        Value::Array(items) => items.iter().map(leaves).sum::<usize>().max(1),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn different(wanted: Value, given: Value) -> Vec<String> {
        let pattern = RequestPattern {
            body: Some(wanted),
            ..RequestPattern::default()
        };
        let found = pattern.differences(&Parameters::default(), Some(&given));
        let text = |d: &Difference| match &d.got {
            Some(got) => format!("{}: {} {got}", d.place, d.expected),
            None => format!("{}: {}", d.place, d.expected),
        };
        found.iter().map(text).collect()
    }

    #[test]
    fn each_place_that_differs_is_told_and_no_other() {
        let given = json!({"name": "Max", "tags": [1, 2], "owner": {"id": "7", "x": 1}});
        let nothing: [&str; 0] = [];
        assert_eq!(different(json!({"tags": [1.0, 2]}), given.clone()), nothing);
        assert_eq!(
            different(json!({"owner": {"id": 7}}), given.clone()),
            nothing
        );
        assert_eq!(
            different(
                json!({"name": "Rex", "tags": [1, 3], "owner": {"id": 8, "mail": null}}),
                given.clone()
            ),
            [
                "body /name: \"Rex\" \"Max\"",
                "body /tags/1: 3 2",
                "body /owner/id: 8 \"7\"",
                "body /owner/mail: null"
            ]
        );
        assert_eq!(
            different(json!({"tags": [1]}), given),
            ["body /tags: [1] [1,2]"]
        );
    }

    #[test]
    fn only_so_many_differences_are_told() {
        let many: Map<String, Value> = (0..100).map(|n| (n.to_string(), json!(1))).collect();
        assert_eq!(different(many.into(), json!({})).len(), TOLD);
    }
}
