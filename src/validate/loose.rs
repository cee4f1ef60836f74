//! Patterns that are sound and too large to be compiled: `^.{0,262144}$` would be a machine of as
//! many states. Their high counts are taken for no bound, so that all else of them is judged.

use fancy_regex::{CompileError, Error, Regex};
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

/// Whether a pattern is a regular expression, and too large to be compiled.
pub(super) fn is_too_large(pattern: &str) -> bool {
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
        assert_eq!(
            loosened("^(a{1000}){1000}$", 100).as_deref(),
            Some("^(a{100,}){100,}$")
        );
    }
}
