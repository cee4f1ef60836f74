//! Patterns that are sound and too large to be compiled: `^.{0,262144}$` would be a machine of as
//! many states. Their high counts are taken for no bound, so that all else of them is judged.

use fancy_regex::{CompileError, Error, Expr, Regex};
use serde_json::Value;

/// The highest counts that are kept, in the order in which they are tried: counts within counts
/// are multiplied.
const COUNTS: [usize; 3] = [1_000, 100, 10];

/// Takes the high counts out of the pattern at a pointer, where it is too large, and gives the
/// highest that is kept. Nothing where there are none.
pub(super) fn loosen(schema: &mut Value, pointer: &str) -> Option<usize> {
    let Some(Value::String(pattern)) = schema.pointer_mut(pointer) else {
        return None;
    };
    if !is_too_large(pattern) {
        return None;
    }
    let mut ways = COUNTS.into_iter();
    let (count, loose) = ways.find_map(|count| Some((count, loosened(pattern, count)?)))?;
    *pattern = loose;
    Some(count)
}

/// From which count on no pattern can be compiled: each step of it is two states of more than 20
/// bytes, and the engine has room for 10 MiB.
const HOPELESS: usize = 262_144;

/// Whether a pattern has a count that is known to be too high: to try takes a tenth of a second.
fn is_hopeless(pattern: &str) -> bool {
    let braces = pattern.match_indices('{');
    let mut counts = braces.filter_map(|(at, _)| counts(&pattern[at..]));
    let is_high = counts.any(|(_, least, most)| least.max(most.unwrap_or(0)) >= HOPELESS);
    is_high && loosened(pattern, COUNTS[0]).is_some_and(|loose| Expr::parse_tree(&loose).is_ok())
}

/// The pointers to the patterns of a schema that have such counts.
pub(super) fn hopeless(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), schema)];
    while let Some((at, value)) = open.pop() {
        let below = |token: &str| format!("{at}/{}", token.replace('~', "~0").replace('/', "~1"));
        match value {
            Value::Array(items) => {
                let items = items.iter().enumerate();
                open.extend(items.map(|(index, item)| (format!("{at}/{index}"), item)));
            }
            Value::Object(members) => {
                for (name, value) in members {
                    match (name.as_str(), value) {
                        ("const" | "enum" | "default" | "example" | "examples", _) => {}
                        ("pattern", Value::String(pattern)) if is_hopeless(pattern) => {
                            found.push(below("pattern"));
                        }
                        _ => open.push((below(name), value)),
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a pattern is a regular expression, and too large to be compiled.
pub(super) fn is_too_large(pattern: &str) -> bool {
    if is_hopeless(pattern) {
        return true;
    }
    match Regex::new(pattern) {
        Err(Error::CompileError(error)) => match *error {
            CompileError::InnerError(error) => error.size_limit().is_some(),
            _ => false,
        },
        _ => false,
    }
}

fn loosened(pattern: &str, highest: usize) -> Option<String> {
    let mut loose = String::with_capacity(pattern.len());
    let (mut rest, mut in_class, mut changed) = (pattern, false, false);
    while let Some(c) = rest.chars().next() {
        let counts = (c == '{' && !in_class).then(|| counts(rest)).flatten();
        if let Some((length, least, most)) = counts
            && least.max(most.unwrap_or(0)) > highest
        {
            loose.push_str(&format!("{{{},}}", least.min(highest)));
            rest = &rest[length..];
            changed = true;
            continue;
        }
        let escaped = c == '\\';
        in_class = (in_class || c == '[') && (escaped || c != ']');
        let length = rest.chars().take(if escaped { 2 } else { 1 });
        let length = length.map(char::len_utf8).sum();
        loose.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    changed.then_some(loose)
}

/// `{m}`, `{m,}` or `{m,n}`: its length and the counts.
fn counts(text: &str) -> Option<(usize, usize, Option<usize>)> {
    let end = text.find('}')?;
    let (least, most) = match text[1..end].split_once(',') {
        None => (text[1..end].parse().ok()?, None),
        Some((least, "")) => (least.parse().ok()?, None),
        Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
    };
    Some((end + 1, least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_counts_are_no_bound_and_all_else_stays() {
        let cases = [
            ("^.{0,262144}$", Some("^.{0,}$")),
            (
                r"^a{2,3}\{9999}[{9999}]b{5000}$",
                Some(r"^a{2,3}\{9999}[{9999}]b{1000,}$"),
            ),
            ("^é{1,}x{1000}$", None),
        ];
        for (pattern, loose) in cases {
            assert_eq!(loosened(pattern, 1_000).as_deref(), loose, "{pattern}");
        }
        assert!(is_too_large("^.{1,2097152}") && !is_too_large("^(.{1,2097152}"));
        let schema = serde_json::json!({"properties": {"a/b": {"items": [{"pattern": ".{9999999}"}]},
            "pattern": {"pattern": "^.{0,9}$", "const": {"pattern": ".{9999999}"}}}});
        assert_eq!(hopeless(&schema), ["/properties/a~1b/items/0/pattern"]);
        assert_eq!(
            loosened("^(a{1000}){1000}$", 100).as_deref(),
            Some("^(a{100,}){100,}$")
        );
    }
}
