use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// Reads JSON text strictly (RFC 8259): UTF-8 alone, at most 128 levels deep, and an object that
/// names a member twice is refused, as no two readers would agree on what it says (§4).
/// Gives the value, or what is wrong and where.
pub fn parse_json(text: &[u8]) -> Result<Value, String> {
    if std::str::from_utf8(text).is_err() {
        return Err("the text is not UTF-8".to_owned());
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = Strict::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value.0));
    value.map_err(|error| error.to_string())
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strict, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> DeserializeSeed<'de> for StrictVisitor {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        if value == 0.0 && value.is_sign_negative() {
            return Ok(0.into()); // -0 is the integer 0
        }
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(StrictVisitor)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(de::Error::custom(format!(
                    "the member {key:?} is given twice"
                )));
            }
            let value = access.next_value_seed(StrictVisitor)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whole_numbers_come_back_to_the_last_digit() {
        let value = parse_json(b"[9007199254740993, 18446744073709551615, -0, 1.0]");
        assert_eq!(value.map(|v| v[0].clone()), Ok(json!(9007199254740993_i64)));
    }

    #[test]
    fn what_is_no_strict_json_is_refused_with_its_place() {
        let deep = "[".repeat(100_000);
        for bad in [
            "",
            "{",
            "{\"a\":1,\"a\":2}",
            "[1,]",
            "nul",
            "1e999",
            "\"\\ud800\"",
            "1 2",
            &deep,
        ] {
            assert!(parse_json(bad.as_bytes()).is_err(), "{bad:.20}");
        }
        assert!(parse_json(b"\"\xff\"").is_err());
        let error = parse_json(b"{\n \"a\": x}").expect_err("not JSON");
        assert_eq!(error, "expected value at line 2 column 7");
    }
}
