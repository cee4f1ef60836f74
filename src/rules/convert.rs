//! JSON values into CEL's and back.

use cel::Value as Cel;
use cel::objects::{Key, Map as CelMap};
use chrono::SecondsFormat;
use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The largest float that every whole number up to is exact (2^53).
const EXACT: f64 = 9007199254740992.0;

/// A JSON value for an expression. JSON knows one kind of number, CEL does not compare or add
/// `int` and `double`: a number without a fraction is an `int`, however it is written.
pub(super) fn to_cel(value: &Value) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(flag) => Cel::Bool(*flag),
        Value::Number(number) => number_to_cel(number),
        Value::String(text) => Cel::String(Arc::new(text.clone())),
        Value::Array(items) => Cel::List(Arc::new(items.iter().map(to_cel).collect())),
        Value::Object(map) => Cel::Map(CelMap {
            map: Arc::new(
                map.iter()
                    .map(|(name, value)| (Key::String(Arc::new(name.clone())), to_cel(value)))
                    .collect::<HashMap<_, _>>(),
            ),
        }),
    }
}

fn number_to_cel(number: &Number) -> Cel {
    if let Some(int) = number.as_i64() {
        return Cel::Int(int);
    }
    if let Some(uint) = number.as_u64() {
        return Cel::UInt(uint);
    }
    let float = number.as_f64().unwrap_or(0.0);
    match float.fract() == 0.0 && float.abs() <= EXACT {
        true => Cel::Int(float as i64),
        false => Cel::Float(float),
    }
}

/// What an expression gave, as JSON. A timestamp is a date-time in UTC with milliseconds.
/// Gives nothing for what JSON has no form for, such as a type or an infinite number.
pub(super) fn to_json(value: &Cel) -> Option<Value> {
    Some(match value {
        Cel::Null => Value::Null,
        Cel::Bool(flag) => Value::Bool(*flag),
        Cel::Int(int) => (*int).into(),
        Cel::UInt(uint) => (*uint).into(),
        Cel::Float(float) if float.fract() == 0.0 && float.abs() <= EXACT => (*float as i64).into(),
        Cel::Float(float) => Value::Number(Number::from_f64(*float)?),
        Cel::String(text) => Value::String(text.as_ref().clone()),
        Cel::List(items) => Value::Array(items.iter().map(to_json).collect::<Option<_>>()?),
        Cel::Map(map) => {
            let mut members: Vec<(String, Value)> = map
                .map
                .iter()
                .map(|(key, value)| {
                    let name = match key {
                        Key::String(name) => name.as_ref().clone(),
                        Key::Int(int) => int.to_string(),
                        Key::Uint(uint) => uint.to_string(),
                        Key::Bool(flag) => flag.to_string(),
                    };
                    Some((name, to_json(value)?))
                })
                .collect::<Option<_>>()?;
            // The map has no order of its own; the same input must give the same bytes.
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(Map::from_iter(members))
        }
        Cel::Timestamp(time) => {
            Value::String(time.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true))
        }
        Cel::Duration(length) => {
            Value::String(format!("{}s", length.num_milliseconds() as f64 / 1e3))
        }
        _ => return None,
    })
}
