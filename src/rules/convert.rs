//! JSON values into CEL's and back.

use super::shared::Shared;
use cel::Value as Cel;
use cel::common::types::{
    CelBool, CelDouble, CelInt, CelList, CelMap, CelMapKey, CelNull, CelString, CelUInt,
};
use cel::common::value::Val;
use cel::objects::Key;
use chrono::SecondsFormat;
use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The largest float that every whole number up to is exact (2^53).
const EXACT: f64 = 9007199254740992.0;

/// A JSON value for an expression. JSON knows one kind of number, CEL does not compare or add
/// `int` and `double`: a number without a fraction is an `int`, however it is written.
pub(super) fn to_val(value: &Value) -> Box<dyn Val> {
    match value {
        Value::Null => Box::new(CelNull),
        Value::Bool(flag) => Box::new(CelBool::from(*flag)),
        Value::Number(number) => number_to_val(number),
        Value::String(text) => Box::new(CelString::from(text.clone())),
        Value::Array(items) => {
            let items: Vec<Box<dyn Val>> = items.iter().map(to_val).collect();
            Box::new(Shared::List(Arc::new(CelList::from(items))))
        }
        Value::Object(members) => {
            let members = members.iter();
            object(members.map(|(name, value)| (name.as_str(), to_val(value))))
        }
    }
}

/// An object of these members.
pub(super) fn object<'n>(members: impl Iterator<Item = (&'n str, Box<dyn Val>)>) -> Box<dyn Val> {
    let members = members.map(|(name, value)| (CelMapKey::from(name.to_owned()), value));
    let members: HashMap<_, _> = members.collect();
    Box::new(Shared::Map(Arc::new(CelMap::from(members))))
}

fn number_to_val(number: &Number) -> Box<dyn Val> {
    if let Some(int) = number.as_i64() {
        return Box::new(CelInt::from(int));
    }
    if let Some(uint) = number.as_u64() {
        return Box::new(CelUInt::from(uint));
    }
    let float = number.as_f64().unwrap_or(0.0);
    match float.fract() == 0.0 && float.abs() <= EXACT {
        true => Box::new(CelInt::from(float as i64)),
        false => Box::new(CelDouble::from(float)),
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
