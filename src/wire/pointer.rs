use serde_json::Value;
use std::fmt;

/// A JSON Pointer (RFC 6901), in its string form: empty for the whole document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Pointer(String);

impl Pointer {
    /// The pointer to the whole document.
    pub fn root() -> Pointer {
        Pointer::default()
    }

    /// Reads a pointer that is already in string form (`/a/b~1c`).
    pub fn parse(text: &str) -> Option<Pointer> {
        (text.is_empty() || text.starts_with('/')).then(|| Pointer(text.to_owned()))
    }

    /// The place below this one named by a property name or an index, escaped as §3 asks.
    pub fn child(&self, token: impl fmt::Display) -> Pointer {
        let token = token.to_string().replace('~', "~0").replace('/', "~1");
        Pointer(format!("{}/{token}", self.0))
    }

    /// The place above this one, and the last token unescaped; nothing above the root.
    pub fn split_last(&self) -> Option<(Pointer, String)> {
        let (parent, token) = self.0.rsplit_once('/')?;
        Some((Pointer(parent.to_owned()), unescape(token)))
    }

    /// This place, or the nearest above it whose string form is no longer than that.
    pub fn within(mut self, longest: usize) -> Pointer {
        while self.0.len() > longest {
            let above = self.0.rfind('/').unwrap_or(0);
            self.0.truncate(above);
        }
        self
    }

    /// The tokens, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = String> + '_ {
        self.0.split('/').skip(1).map(unescape)
    }

    /// Whether the other names this very place, or one below it.
    pub fn contains(&self, other: &Pointer) -> bool {
        let below = other.0.strip_prefix(self.as_str());
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// What the pointer names in `value`.
    pub fn get<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.pointer(&self.0)
    }

    /// Puts `new` where the pointer names, making objects on the way where there is nothing.
    /// Gives false, and changes nothing at the end place, where a non-object is in the way.
    pub fn set(&self, value: &mut Value, new: Value) -> bool {
        let mut place = value;
        for token in self.tokens() {
            place = match place {
                Value::Object(map) => map
                    .entry(token)
                    .or_insert_with(|| Value::Object(Default::default())),
                Value::Array(items) => {
                    match token.parse().ok().and_then(|i: usize| items.get_mut(i)) {
                        Some(item) => item,
                        None => return false,
                    }
                }
                _ => return false,
            };
        }
        *place = new;
        true
    }

    /// Removes the object member that the pointer names; nothing happens where there is none.
    pub fn remove(&self, value: &mut Value) {
        if let Some((parent, token)) = self.split_last()
            && let Some(Value::Object(map)) = value.pointer_mut(&parent.0)
        {
            map.shift_remove(&token);
        }
    }

    /// The string form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tokens_are_escaped_and_read_back() {
        let pointer = Pointer::root().child("paths").child("/a~b/{c}");
        assert_eq!(pointer.as_str(), "/paths/~1a~0b~1{c}");
        assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["paths", "/a~b/{c}"]);
    }

    #[test]
    fn a_place_that_is_too_long_is_the_one_that_holds_it() {
        let pointer = Pointer::parse("/a/bcd/e").expect("a pointer");
        for (longest, near) in [(8, "/a/bcd/e"), (7, "/a/bcd"), (5, "/a"), (1, "")] {
            assert_eq!(pointer.clone().within(longest).as_str(), near);
        }
    }

    #[test]
    fn setting_makes_the_objects_on_the_way_but_never_replaces_a_scalar() {
        let mut value = json!({"n": 1});
        let set = |text: &str, value: &mut Value| {
            Pointer::parse(text).is_some_and(|p| p.set(value, json!(true)))
        };
        assert!(set("/a/b", &mut value));
        assert!(!set("/n/x", &mut value));
        assert_eq!(value, json!({"n": 1, "a": {"b": true}}));
    }
}
