use super::StatusCode;
use serde_json::{Map, Value, json};

/// A status's phrase as RFC 9110 §15 has it; the `http` crate keeps some older ones.
pub fn reason(status: StatusCode) -> &'static str {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
        StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
        other => other.canonical_reason().unwrap_or("Error"),
    }
}

/// An RFC 9457 problem details object, with one `errors` entry for every violation.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The status it is sent with.
    pub status: StatusCode,
    /// What went wrong this time, for a person.
    pub detail: String,
    /// The violations, in the order found.
    pub errors: Vec<ProblemError>,
    /// How many more there were than `errors` lists.
    pub omitted: usize,
}

/// One entry of a problem's `errors`.
#[derive(Debug, Clone, Default)]
pub struct ProblemError {
    /// The part of the message that is at fault, `body` or the place of a parameter; empty where it
    /// is none of them. It isn't shown.
    pub part: &'static str,
    /// Whether what was sent there isn't told again. It isn't shown.
    pub is_secret: bool,
    /// JSON Pointer into the body, where the body is at fault.
    pub pointer: Option<String>,
    /// The parameter's name, where a parameter is.
    pub parameter: Option<String>,
    /// What was expected and what was there.
    pub detail: String,
    /// The keyword or rule that was broken.
    pub rule: String,
    /// Where the contract says so.
    pub schema: Option<String>,
}

impl Problem {
    /// The JSON form; `type` is `about:blank`, so the title is the status's own phrase (§4.2.1).
    pub fn to_json(&self) -> Value {
        let mut problem = json!({
            "type": "about:blank",
            "title": reason(self.status),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if !self.errors.is_empty() {
            problem["errors"] = self.errors.iter().map(ProblemError::to_json).collect();
        }
        if self.omitted > 0 {
            problem["omittedErrors"] = self.omitted.into();
        }
        problem
    }
}

impl ProblemError {
    /// The JSON form, without the members that don't apply.
    pub fn to_json(&self) -> Value {
        let mut entry = Map::new();
        let mut put = |name: &str, value: &Option<String>| {
            if let Some(value) = value {
                entry.insert(name.to_owned(), value.as_str().into());
            }
        };
        put("pointer", &self.pointer);
        put("parameter", &self.parameter);
        put("detail", &Some(self.detail.clone()));
        put("rule", &Some(self.rule.clone()));
        put("schema", &self.schema);
        Value::Object(entry)
    }
}
