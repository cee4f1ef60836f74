//! Expectations as they travel.

use super::super::expectations::{Expectation, MOST, Times, Wish};
use super::filter::statuses;
use crate::faults::Scope;
use crate::host::{Host, Names};
use crate::wire::{Method, ProblemError};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};

/// What requests are expected.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Expecting)]
pub(super) struct ExpectingShape {
    /// The expectations.
    #[schema(min_items = 1, max_items = 1000)]
    pub(super) expectations: Vec<WishShape>,
}

/// Requests that are expected: those that have all of `api`, `operation`, `method`, `path` and
/// `sandbox`, as far as they are given, and say what `request` has of them.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = Wish)]
pub(super) struct WishShape {
    /// What it is called where it is told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "renames the pet")]
    name: Option<String>,
    /// The API's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "petstore")]
    api: Option<String>,
    /// The operation, by its `operationId` or as its method and path in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "updatePet")]
    operation: Option<String>,
    /// The request's method.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "PATCH")]
    method: Option<String>,
    /// The request's path, or a template of the contract, with the API's prefix or without; a
    /// segment in braces stands for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^/", example = "/pets/{id}")]
    path: Option<String>,
    /// The sandbox that the request is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[A-Za-z0-9._~-]{1,100}$", example = "suite-1")]
    sandbox: Option<String>,
    /// What the request says.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<SayingShape>,
    /// The status of its reply, or a class of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = status)]
    status: Option<Value>,
    /// Whether the request breaks the contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = false)]
    violations: Option<bool>,
    /// How often it comes; at least once where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<TimesShape>,
}

/// What a request says; what isn't named doesn't matter. Values are those that the contract reads:
/// numbers are numbers.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Saying)]
struct SayingShape {
    /// Path parameters by their names.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!({"id": "p-1"}))]
    path: Option<Map<String, Value>>,
    /// Query parameters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    query: Option<Map<String, Value>>,
    /// Header fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    headers: Option<Map<String, Value>>,
    /// Cookies.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    cookies: Option<Map<String, Value>>,
    /// A part of the body: of an object the members that are named, of all else the whole.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(required = false, example = json!({"name": "Rex"}))]
    body: Option<Value>,
}

/// How often: `exactly`, or `atLeast` and `atMost` or one of them.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = Times)]
struct TimesShape {
    /// So often.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, example = 1)]
    exactly: Option<u64>,
    /// So often or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    at_least: Option<u64>,
    /// So often or less.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    at_most: Option<u64>,
}

/// An expectation, and how often it came since it was added.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Expectation)]
pub(super) struct ExpectationShape {
    /// Its number.
    #[schema(example = 7)]
    id: u64,
    /// What is expected.
    expects: WishShape,
    /// The same in words.
    #[schema(example = "PATCH /pets/p-1 at least once")]
    text: String,
    /// How often it came.
    #[schema(example = 1)]
    count: u64,
    /// Whether that is as often as it should.
    met: bool,
}

/// Expectations.
#[derive(Serialize, ToSchema)]
#[schema(as = Expectations)]
pub(super) struct ExpectationsShape {
    /// The expectations, in the order in which they were added.
    pub(super) expectations: Vec<ExpectationShape>,
}

fn status() -> Object {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Integer, Type::String]))
        .description(Some(
            "The status of its reply (`404`), or a class of them (`4xx`).",
        ))
        .minimum(Some(100))
        .maximum(Some(599))
        .pattern(Some("^[1-5]([0-9][0-9]|[xX][xX])$"))
        .examples([Value::from("2xx")])
        .build()
}

/// A member that may be null is there all the same.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(from).map(Some)
}

impl WishShape {
    /// The wish, for a sandbox where it names none; or the member that is wrong, and why.
    fn read(self, sandbox: Option<&str>) -> Result<Wish, (&'static str, &'static str)> {
        let method = self.method.map(|name| Method::from_bytes(name.as_bytes()));
        let status = match &self.status {
            None => None,
            Some(Value::String(text)) => Some(statuses(text).ok_or(("/status", "is no status"))?),
            Some(other) => {
                let code = other.as_f64().map(|code| code as u16);
                let code = code.ok_or(("/status", "is no status"))?;
                Some((code, code))
            }
        };
        let request = match self.request.map(serde_json::to_value) {
            Some(Ok(Value::Object(said))) => Some(said),
            _ => None,
        };
        Ok(Wish {
            name: self.name,
            scope: Scope {
                api: self.api,
                operation: self.operation,
                method: method
                    .transpose()
                    .map_err(|_| ("/method", "is no method"))?,
                path: self.path,
                sandbox: self.sandbox.or_else(|| sandbox.map(str::to_owned)),
            },
            request,
            status,
            violations: self.violations,
            times: self
                .times
                .map(TimesShape::read)
                .transpose()?
                .unwrap_or_default(),
        })
    }

    fn of(wish: &Wish) -> WishShape {
        let said = wish.request.clone().map(Value::Object);
        let scope = &wish.scope;
        WishShape {
            name: wish.name.clone(),
            api: scope.api.clone(),
            operation: scope.operation.clone(),
            method: scope.method.as_ref().map(ToString::to_string),
            path: scope.path.clone(),
            sandbox: scope.sandbox.clone(),
            request: said.and_then(|said| serde_json::from_value(said).ok()),
            status: wish.status.map(|(from, to)| match from == to {
                true => from.into(),
                false => format!("{}xx", from / 100).into(),
            }),
            violations: wish.violations,
            times: Some(TimesShape::of(wish.times)),
        }
    }
}

impl TimesShape {
    fn read(self) -> Result<Times, (&'static str, &'static str)> {
        match (self.exactly, self.at_least, self.at_most) {
            (Some(count), None, None) => Ok(Times {
                least: count,
                most: Some(count),
            }),
            (None, Some(least), None) => Ok(Times { least, most: None }),
            (None, least, Some(most)) if least.unwrap_or(0) <= most => Ok(Times {
                least: least.unwrap_or(0),
                most: Some(most),
            }),
            (None, None, None) => Ok(Times::default()),
            (Some(_), ..) => Err(("/times", "is exactly so many, or at least and at most")),
            _ => Err(("/times", "is at least the smaller, and at most the larger")),
        }
    }

    fn of(times: Times) -> TimesShape {
        let is_exact = times.most == Some(times.least);
        TimesShape {
            exactly: times.most.filter(|_| is_exact),
            at_least: (!is_exact && times.least > 0).then_some(times.least),
            at_most: times.most.filter(|_| !is_exact),
        }
    }
}

impl ExpectationShape {
    pub(super) fn of(one: &Expectation) -> ExpectationShape {
        let count = one.count();
        ExpectationShape {
            id: one.id,
            expects: WishShape::of(&one.wish),
            text: format!("{} {}", one.label(), one.wish.times),
            count,
            met: one.wish.times.takes(count),
        }
    }
}

/// What is expected, found in the contracts; or all that is wrong with it.
pub(super) fn read_all(
    wishes: Vec<WishShape>,
    sandbox: Option<&str>,
    host: &Host,
) -> Result<Vec<Expectation>, Vec<ProblemError>> {
    let mut names: Option<Names> = None;
    let mut errors = Vec::new();
    let mut read = Vec::new();
    if wishes.len() > MOST {
        return Ok(read);
    }
    for (number, shape) in wishes.into_iter().enumerate() {
        let mut wrong = |at: &str, rule: &str, detail: String| {
            errors.push(ProblemError {
                pointer: Some(format!("/expectations/{number}{at}")),
                detail,
                rule: rule.to_owned(),
                ..ProblemError::default()
            });
        };
        match shape.read(sandbox) {
            Err((at, detail)) => wrong(at, "expectation", detail.to_owned()),
            Ok(wish) => match Expectation::of(wish, host, &mut names) {
                Ok(expectation) => read.push(expectation),
                Err(found) => {
                    for (at, detail) in found {
                        wrong(at.as_str(), "unknown", detail);
                    }
                }
            },
        }
    }
    match errors.is_empty() {
        true => Ok(read),
        false => Err(errors),
    }
}
