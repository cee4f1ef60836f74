//! `int32`, `int64` and `float`: formats that bound a number (OpenAPI 3.0.4 §4.4, and its format
//! registry).

use jsonschema::paths::Location;
use jsonschema::{Keyword, ValidationError};
use serde_json::{Map, Value};

#[derive(Clone, Copy)]
enum NumberFormat {
    Int32,
    Int64,
    Float,
}

/// Compiles the keyword that carries such a format.
pub(super) fn number_format<'a>(
    _: &'a Map<String, Value>,
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    let format = match value.as_str() {
        Some("int32") => NumberFormat::Int32,
        Some("int64") => NumberFormat::Int64,
        Some("float") => NumberFormat::Float,
        _ => return Err(ValidationError::custom("not a number format")),
    };
    Ok(Box::new(format))
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
        let float = number.as_f64().unwrap_or(f64::INFINITY);
        match self {
            NumberFormat::Int32 => (-2147483648.0..=2147483647.0).contains(&float),
            // A whole number is an integer here, however it was written. 2^63 itself is no i64,
            // and it is the nearest float to `i64::MAX`.
            NumberFormat::Int64 => {
                let is_fraction = number.as_str().contains(['.', 'e', 'E']);
                number.is_i64()
                    || is_fraction
                        && (-9223372036854775808.0..9223372036854775808.0).contains(&float)
            }
            NumberFormat::Float => float.abs() <= f64::from(f32::MAX),
        }
    }
}
