//! YAML 1.2 in block style, its strings quoted as JSON's are unless they can't be misread.

use serde_json::Value;

/// How deep blocks lie in one another: below, JSON says the same in flow style.
const DEPTH: usize = 64;

/// A value as YAML 1.2, which reads as the same value.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    block(value, 0, false, &mut out);
    out
}

/// Writes a value from the place on where it may start, up to its line break.
fn block(value: &Value, depth: usize, in_member: bool, out: &mut String) {
    let starts = |out: &mut String, index: usize| {
        if in_member || index > 0 {
            out.extend(std::iter::repeat_n("  ", depth));
        }
    };
    match value {
        Value::Object(members) if !members.is_empty() && depth < DEPTH => {
            if in_member {
                out.push('\n');
            }
            for (index, (name, value)) in members.iter().enumerate() {
                starts(out, index);
                push_string(name, out);
                out.push(':');
                member(value, depth, out);
            }
        }
        Value::Array(items) if !items.is_empty() && depth < DEPTH => {
            if in_member {
                out.push('\n');
            }
            for (index, item) in items.iter().enumerate() {
                starts(out, index);
                out.push_str("- ");
                block(item, depth + 1, false, out);
            }
        }
        Value::String(text) => {
            push_string(text, out);
            out.push('\n');
        }
        other => {
            push_printable(&other.to_string(), out);
            out.push('\n');
        }
    }
}

fn member(value: &Value, depth: usize, out: &mut String) {
    let is_block = match value {
        Value::Object(members) => !members.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if !is_block || depth + 1 >= DEPTH {
        out.push(' ');
    }
    block(value, depth + 1, true, out);
}

/// A word as it is, where no reader, of YAML 1.1 either, takes it for more than that.
fn push_string(text: &str, out: &mut String) {
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_ ".contains(&byte);
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.bytes().all(is_of_word);
    let meant = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_meant = || meant.iter().any(|word| text.eq_ignore_ascii_case(word));
    match is_word && !is_meant() {
        true => out.push_str(text),
        false => push_printable(&Value::from(text).to_string(), out),
    }
}

/// YAML §5.1 has more characters that can't stand for themselves than JSON has.
fn push_printable(json: &str, out: &mut String) {
    let is_plain = |byte: u8| byte < 0x7f;
    if json.bytes().all(is_plain) {
        return out.push_str(json);
    }
    let escaped = |c: char| {
        matches!(
            c,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    for c in json.chars() {
        match escaped(c) {
            true => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            false => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Source;
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn yaml_is_in_blocks() {
        let value = json!({"name": "Rex the dog", "tags": ["a", "no", "1"], "none": [], "owner": {
            "id": 1, "note": "a: b\n", "list": [{"x": null, "y": [[1, 2]]}]}});
        assert_eq!(
            write(&value),
            "name: Rex the dog\ntags:\n  - a\n  - \"no\"\n  - \"1\"\nnone: []\nowner:\n  id: 1\n  \
             note: \"a: b\\n\"\n  list:\n    - x: null\n      \"y\":\n        - - 1\n          - 2\n"
        );
        assert_eq!(write(&json!("\u{85}")), "\"\\u0085\"\n");
        assert_eq!(write(&json!({})), "{}\n");
    }

    #[test]
    fn what_is_written_is_read_as_the_same() {
        let mut deep = json!([1]);
        for _ in 0..100 {
            deep = json!({"a": [deep]});
        }
        for value in [
            json!([[], {}, [[{"a b": "", " ": " x", "#": "'\"\u{0}\u{2028}", "-": "- a"}]], 1.5e300]),
            json!({"~": "~", "on": "on", "é": "é", "a": {"b": {"c": [{"d": 1}, "e"]}}}),
            json!("---"),
            deep,
        ] {
            let source = Arc::new(Source::new("t.yaml", write(&value)));
            let read = source.parse().expect("YAML");
            assert_eq!(read, value, "{}", write(&value));
        }
    }
}
