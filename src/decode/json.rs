use crate::wire::strict_json;
use serde_json::Value;

/// Reads a body's JSON text, which is UTF-8. Gives the value, or what is wrong and where.
pub fn parse_json(text: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(text).map_err(|_| "the text is not UTF-8".to_owned())?;
    strict_json(text).map_err(|fault| {
        let before = &text[..fault.span.start];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let message = fault.message.trim_start_matches("this is not JSON: ");
        format!("{message} at line {line} column {column}")
    })
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
            "\"\\ud800\"",
            "1 2",
            &deep,
        ] {
            assert!(parse_json(bad.as_bytes()).is_err(), "{bad:.20}");
        }
        assert!(parse_json(b"\"\xff\"").is_err());
        let error = parse_json(b"{\n \"a\": x}").expect_err("not JSON");
        assert_eq!(error, "a value is expected here at line 2 column 7");
    }
}
