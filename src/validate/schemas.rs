use super::detail::{describe, show};
use super::{Place, Violation};
use crate::spec::{Document, LoadError, Origin, Place as FilePlace, Source, visit_schemas};
use crate::wire::Pointer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::paths::Location;
use jsonschema::{
    Draft, EmailOptions, Keyword, PatternOptions, ReferencingError, Registry, ValidationError,
    Validator,
};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::Arc;

/// The name under which a document's schemas know each other.
const BASE: &str = "counterpart:///document";
/// Carries the bounds of `int32`, `int64` and `float` into the compiled schema: formats of numbers,
/// of which JSON Schema's own `format` knows nothing.
const NUMBER_FORMAT: &str = "x-counterpart-number-format";
/// How often a pattern may backtrack: worth some 50 ms.
const BACKTRACK_LIMIT: usize = 200_000;
/// How many violations of one value are collected.
pub const VIOLATION_LIMIT: usize = 200;

/// Which side a value comes from: `readOnly` and `writeOnly` properties are required of one
/// side only (OpenAPI 3.1.1 §4.8.24.3, JSON Schema validation §9.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Sent by the client.
    Request,
    /// Sent by the server.
    Reply,
}

/// The compiled schemas of a document.
#[derive(Debug)]
pub struct Schemas {
    source: Arc<Source>,
    requests: HashMap<Pointer, Validator>,
    replies: HashMap<Pointer, Validator>,
}

impl Schemas {
    /// Compiles the schemas at these places. Gives what can't be compiled too, with its place.
    pub fn compile(
        document: &Document,
        wanted: impl IntoIterator<Item = (View, Pointer)>,
    ) -> (Schemas, Vec<(Pointer, LoadError)>) {
        let mut schemas = Schemas {
            source: Arc::clone(&document.source),
            requests: HashMap::new(),
            replies: HashMap::new(),
        };
        let mut faults = Vec::new();
        let views = [View::Request, View::Reply].map(|view| (view, seen_from(document, view)));
        let registries: HashMap<View, Result<Registry<'_>, ReferencingError>> = views
            .iter()
            .map(|(view, root)| (*view, registry(root)))
            .collect();
        for (view, pointer) in wanted {
            if schemas.get(view, &pointer).is_some() {
                continue;
            }
            let compiled = match registries.get(&view) {
                Some(Ok(registry)) => {
                    compile(registry, &pointer).map_err(|error| fault(document, &pointer, &error))
                }
                Some(Err(error)) => Err((
                    pointer.clone(),
                    format!("the document's references can't be followed: {error}"),
                )),
                None => continue,
            };
            match compiled {
                Ok(validator) => {
                    match view {
                        View::Request => &mut schemas.requests,
                        View::Reply => &mut schemas.replies,
                    }
                    .insert(pointer, validator);
                }
                Err((at, message)) => {
                    let error = LoadError::new(&document.source, FilePlace::Value(at), message);
                    faults.push((pointer, error));
                }
            }
        }
        (schemas, faults)
    }

    /// Judges a value; `place` says where the place of a violation in the value is in the message.
    /// A schema that was not compiled has no violations.
    pub fn check(
        &self,
        view: View,
        schema: &Pointer,
        value: &Value,
        place: &dyn Fn(Pointer) -> Place,
    ) -> Vec<Violation> {
        let Some(validator) = self.get(view, schema) else {
            return Vec::new();
        };
        if validator.is_valid(value) {
            return Vec::new();
        }
        let mut violations = Vec::new();
        for error in validator.iter_errors(value).take(VIOLATION_LIMIT) {
            self.collect(&error, place, &mut violations);
        }
        // Where the type is wrong, that the value isn't one of the list says nothing more.
        let mistyped: Vec<Place> = violations
            .iter()
            .filter(|violation| violation.rule == "type")
            .map(|violation| violation.place.clone())
            .collect();
        violations.retain(|violation| {
            !["enum", "const"].contains(&violation.rule.as_str())
                || !mistyped.contains(&violation.place)
        });
        violations
    }

    /// Whether a value is valid, at less cost than [`Schemas::check`].
    pub fn is_valid(&self, view: View, schema: &Pointer, value: &Value) -> bool {
        self.get(view, schema)
            .is_none_or(|validator| validator.is_valid(value))
    }

    fn get(&self, view: View, schema: &Pointer) -> Option<&Validator> {
        match view {
            View::Request => self.requests.get(schema),
            View::Reply => self.replies.get(schema),
        }
    }

    fn collect(
        &self,
        error: &ValidationError<'_>,
        place: &dyn Fn(Pointer) -> Place,
        out: &mut Vec<Violation>,
    ) {
        let at = Pointer::parse(error.instance_path().as_str()).unwrap_or_default();
        let mut push = |at: Pointer| {
            let violation = Violation {
                place: place(at),
                rule: error.kind().keyword().to_owned(),
                detail: describe(error),
                origin: self.origin(error),
            };
            let known = |v: &Violation| v.place == violation.place && v.detail == violation.detail;
            if !out.iter().any(known) {
                out.push(violation);
            }
        };
        match error.kind() {
            Kind::Required { property } => push(at.child(property.as_str().unwrap_or(""))),
            Kind::AdditionalProperties { unexpected }
            | Kind::UnevaluatedProperties { unexpected } => {
                unexpected.iter().for_each(|name| push(at.child(name)))
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                match meant(error.instance(), context) {
                    Some(branch) => branch
                        .iter()
                        .for_each(|error| self.collect(error, place, out)),
                    None => push(at),
                }
            }
            _ => push(at),
        }
    }

    fn origin(&self, error: &ValidationError<'_>) -> Option<Origin> {
        let uri = error.absolute_keyword_location()?;
        let fragment = uri.as_str().strip_prefix(BASE)?.strip_prefix('#')?;
        let fragment = crate::wire::decode_percent(fragment).ok()?;
        Some(Origin {
            source: Arc::clone(&self.source),
            pointer: Pointer::parse(&fragment)?,
        })
    }
}

/// Of alternatives that all failed, the one that the value was meant for: the only one of the
/// value's own type.
fn meant<'c>(
    value: &Value,
    context: &'c [Vec<ValidationError<'static>>],
) -> Option<&'c Vec<ValidationError<'static>>> {
    let mut right_type = context.iter().filter(|branch| {
        !branch.iter().any(|error| {
            matches!(error.kind(), Kind::Type { .. } | Kind::Constant { .. })
                && *error.instance().as_ref() == *value
        })
    });
    let first = right_type.next()?;
    match right_type.next() {
        None if !first.is_empty() => Some(first),
        _ => None,
    }
}

fn registry(root: &Value) -> Result<Registry<'_>, ReferencingError> {
    let registry = Registry::new().draft(Draft::Draft202012);
    registry.add(BASE, root)?.prepare()
}

fn compile(
    registry: &Registry<'_>,
    pointer: &Pointer,
) -> Result<Validator, ValidationError<'static>> {
    let fragment: String = pointer
        .as_str()
        .chars()
        .map(|c| match c {
            '{' => "%7B".to_owned(),
            '}' => "%7D".to_owned(),
            '%' => "%25".to_owned(),
            '"' | '<' | '>' | '\\' | '^' | '`' | '|' | ' ' => format!("%{:02X}", c as u32),
            c if c.is_ascii() && !c.is_ascii_control() => c.to_string(),
            c => c.to_string().bytes().map(|b| format!("%{b:02X}")).collect(),
        })
        .collect();
    options()
        .with_registry(registry)
        .build(&json!({"$ref": format!("{BASE}#{fragment}")}))
}

/// Where in the document a schema that can't be compiled is wrong, and how.
fn fault(document: &Document, used: &Pointer, error: &ValidationError<'_>) -> (Pointer, String) {
    if let Kind::Referencing(error) = error.kind() {
        return match error {
            ReferencingError::PointerToNowhere { pointer } => {
                let reference = format!("#{pointer}");
                let at = reference_to(&document.root, &reference, &Pointer::root());
                let message = format!("there is nothing at `{reference}`");
                (at.unwrap_or_else(|| used.clone()), message)
            }
            ReferencingError::Unretrievable { uri, .. } => {
                let uri = uri.strip_prefix("counterpart:///").unwrap_or(uri);
                let message =
                    format!("`{uri}` leads out of this document, which is not followed yet");
                (used.clone(), message)
            }
            other => (
                used.clone(),
                format!("a reference can't be followed: {other}"),
            ),
        };
    }
    let at = match error.instance_path().as_str() {
        "" => used.clone(),
        path => Pointer::parse(path).unwrap_or_else(|| used.clone()),
    };
    let message = match error.kind() {
        Kind::Format { format } if format == "regex" => {
            format!("{} is no regular expression", show(error.instance()))
        }
        _ => match at.split_last() {
            Some((_, keyword)) if keyword == "type" => {
                format!("{} is no type of JSON Schema", show(error.instance()))
            }
            Some((_, keyword)) => {
                format!(
                    "this can't be used as a schema's `{keyword}`: {}",
                    describe(error)
                )
            }
            None => format!("this schema can't be used: {error}"),
        },
    };
    (at, message)
}

/// The first place at which a document refers to `reference`.
fn reference_to(value: &Value, reference: &str, at: &Pointer) -> Option<Pointer> {
    match value {
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let at = at.child(name);
            match (name.as_str(), member) {
                ("$ref", Value::String(text)) if text == reference => Some(at),
                _ => reference_to(member, reference, &at),
            }
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| reference_to(item, reference, &at.child(index))),
        _ => None,
    }
}

fn options<'r>() -> jsonschema::ValidationOptions<'r> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT))
        .with_email_options(EmailOptions::default().without_display_text())
        .with_format("byte", |text: &str| STANDARD.decode(text).is_ok())
        .with_keyword(NUMBER_FORMAT, number_format)
}

/// The document as one side sees it: properties of the other side are required no more.
fn seen_from(document: &Document, view: View) -> Value {
    let flag = match view {
        View::Request => "readOnly",
        View::Reply => "writeOnly",
    };
    let mut root = document.root.clone();
    visit_schemas(&mut root, &mut |schema| {
        if let Some(Value::Array(names)) = schema.get("required") {
            let others: Vec<Value> = names
                .iter()
                .filter(|name| {
                    !is_flagged(&document.root, schema, name.as_str().unwrap_or(""), flag)
                })
                .cloned()
                .collect();
            if others.len() != names.len() {
                schema.insert("required".to_owned(), Value::Array(others));
            }
        }
        if let Some(Value::String(format)) = schema.get("format")
            && NumberFormat::named(format).is_some()
        {
            let format = Value::String(format.clone());
            schema.insert(NUMBER_FORMAT.to_owned(), format);
        }
    });
    root
}

fn is_flagged(root: &Value, schema: &Map<String, Value>, property: &str, flag: &str) -> bool {
    let mut value = schema.get("properties").and_then(|all| all.get(property));
    for _ in 0..20 {
        let Some(Value::Object(map)) = value else {
            return false;
        };
        if map.get(flag) == Some(&Value::Bool(true)) {
            return true;
        }
        let target = map
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|reference| Pointer::parse(reference.strip_prefix('#')?));
        value = target.and_then(|pointer| pointer.get(root));
    }
    false
}

#[derive(Clone, Copy)]
enum NumberFormat {
    Int32,
    Int64,
    Float,
}

impl NumberFormat {
    fn named(name: &str) -> Option<NumberFormat> {
        Some(match name {
            "int32" => NumberFormat::Int32,
            "int64" => NumberFormat::Int64,
            "float" => NumberFormat::Float,
            _ => return None,
        })
    }
}

fn number_format<'a>(
    _: &'a Map<String, Value>,
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    value
        .as_str()
        .and_then(NumberFormat::named)
        .map(|format| Box::new(format) as Box<dyn for<'i> Keyword<'i>>)
        .ok_or_else(|| ValidationError::custom("not a number format"))
}

impl<'i> Keyword<'i> for NumberFormat {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) {
            return Ok(());
        }
        Err(ValidationError::custom(match self {
            NumberFormat::Int32 => "must fit into 32 bits",
            NumberFormat::Int64 => "must fit into 64 bits",
            NumberFormat::Float => "must fit into a float of 32 bits",
        }))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        let Value::Number(number) = instance else {
            return true;
        };
        let float = number.as_f64().unwrap_or(0.0);
        match self {
            NumberFormat::Int32 => (-2147483648.0..=2147483647.0).contains(&float),
            // 2^63 itself is no i64, and it is the nearest float to `i64::MAX`.
            NumberFormat::Int64 => {
                number.is_i64()
                    || number.is_f64()
                        && (-9223372036854775808.0..9223372036854775808.0).contains(&float)
            }
            NumberFormat::Float => float.abs() <= f64::from(f32::MAX),
        }
    }
}
