//! What a broken keyword means, in words.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

/// The longest piece of a value that is shown, in characters.
const SHOWN: usize = 60;

/// What was expected and what was there.
pub(super) fn describe(error: &ValidationError<'_>) -> String {
    let value = error.instance();
    let expected = expected(error.kind());
    match error.kind() {
        // The value is the object that it would be of.
        Kind::Required { .. }
        | Kind::AdditionalProperties { .. }
        | Kind::UnevaluatedProperties { .. }
        | Kind::FalseSchema => expected,
        // That it is a string needs saying only where something else was wanted.
        Kind::Type { .. } if value.is_string() => {
            format!("{expected}, got the string {}", show(value))
        }
        _ => format!("{expected}, got {}", show(value)),
    }
}

/// What stands in words of a violation between what was expected and what was there.
const GOT: &str = ", got ";

/// What was expected alone, of the words of a violation.
pub fn expected_in(detail: &str) -> &str {
    detail
        .split_once(GOT)
        .map_or(detail, |(expected, _)| expected)
}

fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Type {
            kind: TypeKind::Single(one),
        } => format!("must be {}", named(&one.to_string())),
        Kind::Type {
            kind: TypeKind::Multiple(many),
        } => {
            let names: Vec<String> = many.iter().map(|one| named(&one.to_string())).collect();
            format!("must be {}", names.join(" or "))
        }
        Kind::Required { .. } => "is required".to_owned(),
        Kind::AdditionalProperties { .. } | Kind::UnevaluatedProperties { .. } => {
            "is not a property that may be here".to_owned()
        }
        Kind::FalseSchema => "may not be here".to_owned(),
        Kind::Enum { options } => format!("must be {}", choices(options)),
        Kind::Constant { expected_value } => format!("must be {}", show(expected_value)),
        Kind::MinLength { limit } => format!("needs at least {}", count(*limit, "character")),
        Kind::MaxLength { limit } => format!("takes at most {}", count(*limit, "character")),
        Kind::MinItems { limit } => format!("needs at least {}", count(*limit, "item")),
        Kind::MaxItems { limit } => format!("takes at most {}", count(*limit, "item")),
        Kind::MinProperties { limit } => {
            format!(
                "needs at least {limit} {}",
                if *limit == 1 {
                    "property"
                } else {
                    "properties"
                }
            )
        }
        Kind::MaxProperties { limit } => {
            format!(
                "takes at most {limit} {}",
                if *limit == 1 {
                    "property"
                } else {
                    "properties"
                }
            )
        }
        Kind::UniqueItems => "must have no item twice".to_owned(),
        Kind::Contains => "has too few or too many of the items it must contain".to_owned(),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be greater than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Kind::Pattern { pattern } => format!("must match {pattern}"),
        Kind::Format { format } => format!("must be {}", format_name(format)),
        Kind::BacktrackLimitExceeded { .. } => {
            "is too costly to match against its pattern".to_owned()
        }
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            "fits none of the alternatives".to_owned()
        }
        Kind::OneOfMultipleValid { .. } => {
            "fits more than one alternative where just one may fit".to_owned()
        }
        Kind::Not { .. } => "is what it must not be".to_owned(),
        Kind::PropertyNames { error } => {
            format!("has a property name that {}", expected(error.kind()))
        }
        Kind::Custom { message, .. } => message.clone(),
        other => format!("breaks `{}`", other.keyword()),
    }
}

fn format_name(format: &str) -> String {
    match format {
        "date-time" => {
            "a date-time of ISO 8601 as RFC 3339 writes it, like 2024-01-20T09:00:00Z".into()
        }
        "date" => "a date like 2024-01-20".into(),
        "time" => "a time like 09:00:00Z".into(),
        "email" => "an email address".into(),
        "uuid" => "a UUID".into(),
        "uri" => "an absolute URI".into(),
        "uri-reference" => "a URI reference".into(),
        "ipv4" => "an IPv4 address".into(),
        "ipv6" => "an IPv6 address".into(),
        "hostname" => "a host name".into(),
        "byte" => "base64 text".into(),
        other => format!("of the format {other}"),
    }
}

fn named(kind: &str) -> String {
    match kind {
        "null" => "null".to_owned(),
        "array" | "integer" | "object" => format!("an {kind}"),
        other => format!("a {other}"),
    }
}

fn count(limit: u64, what: &str) -> String {
    format!("{limit} {what}{}", if limit == 1 { "" } else { "s" })
}

fn choices(options: &Value) -> String {
    // A text that could be taken for something else is told with its quotes.
    let plain = |value: &Value| match value {
        Value::String(text) if !text.is_empty() && serde_json::from_str::<Value>(text).is_err() => {
            text.clone()
        }
        other => other.to_string(),
    };
    match options.as_array() {
        Some(options) => {
            let mut names: Vec<String> = options.iter().take(12).map(plain).collect();
            if options.len() > 12 {
                names.push(format!("… ({} in all)", options.len()));
            }
            names.join(" | ")
        }
        None => plain(options),
    }
}

/// A value as people are shown it: cut where it is long, its type said where that helps.
pub(crate) fn show(value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Array(items) => format!("an array of {}", count(items.len() as u64, "item")),
        Value::String(text) if text.chars().count() > SHOWN => {
            let start: String = text.chars().take(SHOWN).collect();
            format!("{}…", Value::String(start))
        }
        // A number may be of as many digits as a body has room for.
        Value::Number(number) if number.as_str().len() > SHOWN => {
            let digits: String = number.as_str().chars().take(SHOWN).collect();
            format!("{digits}…")
        }
        other => other.to_string(),
    }
}
