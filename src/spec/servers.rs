//! The base paths that a server's URL stands for.

use std::fmt;

/// A variable of a server's URL (OpenAPI 3.1.1 §4.8.6).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerVariable<'d> {
    /// Its name.
    pub name: &'d str,
    /// Its `default`, which a document may forget.
    pub default: Option<&'d str>,
    /// Its `enum`; empty where it may have any value.
    pub values: Vec<&'d str>,
}

/// What stands before the paths of an API: none, or some segments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct BasePath {
    /// The parts of each segment.
    pub segments: Vec<Vec<BasePart>>,
}

/// A part of a segment of a base path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BasePart {
    /// Literal text, as written.
    Text(String),
    /// Any text: a variable that has no list of values.
    Any,
}

impl fmt::Display for BasePath {
    /// As a path, with `{}` for any text; nothing for the root.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            f.write_str("/")?;
            for part in segment {
                match part {
                    BasePart::Text(text) => f.write_str(text)?,
                    BasePart::Any => f.write_str("{}")?,
                }
            }
        }
        Ok(())
    }
}

/// How many values a server's variables may make together; of more, the longest lists count as
/// any text.
const COMBINATIONS: usize = 64;

/// Stands in a URL for any text. No URL has it.
const ANY: &str = "\0";

/// The base paths of a server: one for each combination of its variables' values, the defaults
/// first. A variable without a list of values stands for any text where it is part of the path,
/// and for its default elsewhere.
///
/// No URL is refused: what can't be understood as one is a path that nobody asks for.
pub fn base_paths(url: &str, variables: &[ServerVariable<'_>]) -> Vec<BasePath> {
    let url = url.trim().replace(ANY, "");
    let pieces = pieces(&url);
    let mut choices = choices(&pieces, variables);
    limit(&mut choices);
    let mut paths = Vec::new();
    let count: usize = choices.iter().map(Vec::len).product();
    for combination in 0..count {
        let (mut left, mut written) = (combination, String::new());
        for values in &choices {
            written.push_str(&values[left % values.len()]);
            left /= values.len();
        }
        for path in paths_of(&written) {
            let path = base_path(path);
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    paths
}

enum Piece<'u> {
    Text(&'u str),
    Variable(&'u str),
}

/// A brace that doesn't close is text.
fn pieces(url: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = url;
    while let Some((text, after)) = rest.split_once('{')
        && let Some((name, after)) = after.split_once('}')
    {
        pieces.push(Piece::Text(text));
        pieces.push(Piece::Variable(name));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// What may stand for each piece, the default first.
fn choices(pieces: &[Piece<'_>], variables: &[ServerVariable<'_>]) -> Vec<Vec<String>> {
    let mut part = Part::of(pieces);
    let mut choices = Vec::new();
    for piece in pieces {
        let name = match piece {
            Piece::Text(text) => {
                part = part.after(text);
                choices.push(vec![(*text).to_owned()]);
                continue;
            }
            Piece::Variable(name) => name,
        };
        let declared = variables.iter().find(|variable| variable.name == *name);
        let default = declared.and_then(|variable| variable.default);
        let listed = declared.map_or(&[][..], |variable| &variable.values);
        let mut values: Vec<String> = Vec::new();
        for value in default.iter().chain(listed) {
            let value = value.replace(ANY, "");
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let in_path = part == Part::Path;
        if in_path && listed.is_empty() && !values.iter().any(|value| value.contains("://")) {
            // One segment of any text is the default too; what has more, or none, is not.
            values.retain(|value| value.is_empty() || value.contains('/'));
            values.push(ANY.to_owned());
        }
        // A region or a port is no part of the path, however many there are.
        if !in_path && !values.iter().any(|value| value.contains('/')) {
            values.truncate(1);
        }
        if values.is_empty() {
            values.push(String::new());
        }
        choices.push(values);
    }
    choices
}

/// Which part of a URL is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Scheme,
    Authority,
    Path,
    /// Query or fragment.
    Rest,
}

impl Part {
    /// The part that a URL starts with: the path, where it is relative.
    fn of(pieces: &[Piece<'_>]) -> Part {
        let has_scheme = |piece: &Piece<'_>| matches!(piece, Piece::Text(t) if t.contains("://"));
        match pieces.iter().any(has_scheme) {
            true => Part::Scheme,
            false => Part::Path,
        }
    }

    /// The part that follows behind this text.
    fn after(mut self, mut text: &str) -> Part {
        if self == Part::Scheme
            && let Some((_, rest)) = text.split_once("://")
        {
            (self, text) = (Part::Authority, rest);
        } else if self == Part::Path && text.starts_with("//") {
            (self, text) = (Part::Authority, &text[2..]);
        }
        if self == Part::Authority
            && let Some(slash) = text.find('/')
        {
            (self, text) = (Part::Path, &text[slash..]);
        }
        match self != Part::Scheme && text.contains(['?', '#']) {
            true => Part::Rest,
            false => self,
        }
    }
}

/// Takes any text for the longest lists of values, until there are few enough combinations.
fn limit(choices: &mut [Vec<String>]) {
    let many = |choices: &[Vec<String>]| {
        let lengths = choices.iter().map(Vec::len);
        lengths.fold(1_usize, usize::saturating_mul) > COMBINATIONS
    };
    while many(choices)
        && let Some(longest) = choices.iter_mut().max_by_key(|values| values.len())
    {
        *longest = vec![ANY.to_owned()];
    }
}

/// The path of a URL with its variables filled in. One without a scheme is relative (RFC 3986
/// §4.2) to the root; where what it starts with looks like a host, it may be that as well.
fn paths_of(url: &str) -> Vec<&str> {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let behind_host = |rest: &'_ str| rest.find('/').unwrap_or(rest.len());
    if let Some((_, rest)) = url.split_once("://") {
        return vec![&rest[behind_host(rest)..]];
    }
    if let Some(rest) = url.strip_prefix("//") {
        return vec![&rest[behind_host(rest)..]];
    }
    let at = behind_host(url);
    let host = &url[..at];
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    if let Some((_, port)) = host.split_once(':')
        && is_port(port)
    {
        return vec![&url[at..]];
    }
    let label = host.rsplit('.').next().unwrap_or_default();
    let is_domain = host.contains('.')
        && !host.starts_with('.')
        && label.len() > 1
        && label.bytes().all(|b| b.is_ascii_alphabetic());
    match is_domain {
        true => vec![url, &url[at..]],
        false => vec![url],
    }
}

/// The segments of a path, dot segments taken out (RFC 3986 §5.2.4) and slashes at its end left
/// off, as every path starts with one.
fn base_path(path: &str) -> BasePath {
    let path = path.strip_prefix('/').unwrap_or(path);
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.trim_end_matches('/').split('/') {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    if segments == [""] {
        segments.clear();
    }
    BasePath {
        segments: segments.into_iter().map(parts).collect(),
    }
}

fn parts(segment: &str) -> Vec<BasePart> {
    let mut parts = Vec::new();
    for (index, text) in segment.split(ANY).enumerate() {
        if index > 0 && parts.last() != Some(&BasePart::Any) {
            parts.push(BasePart::Any);
        }
        if !text.is_empty() {
            parts.push(BasePart::Text(text.to_owned()));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str, variables: &[ServerVariable<'_>]) -> Vec<String> {
        let paths = base_paths(url, variables);
        paths.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_form_of_url_has_its_path() {
        for (url, expected) in [
            ("https://example.com", &[""][..]),
            ("https://example.com/", &[""]),
            ("https://example.com/v1/", &["/v1"]),
            ("https://user@example.com:8080/a/b?c=/d#/e", &["/a/b"]),
            ("https://example.com?x=/y", &[""]),
            ("//example.com/v1", &["/v1"]),
            ("/v1", &["/v1"]),
            ("v1", &["/v1"]),
            ("./v1", &["/v1"]),
            ("../v2", &["/v2"]),
            ("/a/../b/./c", &["/b/c"]),
            ("/a//b", &["/a//b"]),
            ("", &[""]),
            (".", &[""]),
            ("/", &[""]),
            (" https://example.com/v1 ", &["/v1"]),
            ("https://example.com/c++/a+b", &["/c++/a+b"]),
            ("https://example.com/{a/b", &["/{a/b"]),
            ("https://[::1]:80/v1", &["/v1"]),
            ("localhost:8080/v1", &["/v1"]),
            ("api.example.com/v1", &["/api.example.com/v1", "/v1"]),
            ("v1.0/x", &["/v1.0/x"]),
            ("unix:/run/socket", &["/unix:/run/socket"]),
        ] {
            assert_eq!(shown(url, &[]), expected, "{url}");
        }
    }

    fn variable<'d>(name: &'d str, default: &'d str, values: &[&'d str]) -> ServerVariable<'d> {
        ServerVariable {
            name,
            default: Some(default),
            values: values.to_vec(),
        }
    }

    #[test]
    fn variables_stand_for_their_values_or_for_any_text() {
        let variables = [
            variable("host", "example.com", &[]),
            variable("port", "443", &["443", "8443"]),
            variable("base", "v1", &[]),
            variable("deep", "a/b", &[]),
            variable("none", "", &[]),
            variable("version", "v2", &["v1", "v2"]),
            variable("path", "/api", &["/api", "/beta/api"]),
            variable("server", "https://example.com/v9", &[]),
            variable("both", "example.com/v8", &[]),
        ];
        for (url, expected) in [
            ("https://{host}:{port}/{base}", &["/{}"][..]),
            ("https://{host}/{version}", &["/v2", "/v1"]),
            (
                "https://{host}/{version}/{base}/x",
                &["/v2/{}/x", "/v1/{}/x"],
            ),
            ("https://{host}/v{base}", &["/v{}"]),
            ("https://{host}/{deep}", &["/a/b", "/{}"]),
            ("https://{host}/x{none}", &["/x", "/x{}"]),
            ("https://{host}/{none}", &["", "/{}"]),
            ("https://{host}{path}/x", &["/api/x", "/beta/api/x"]),
            ("{server}", &["/v9"]),
            ("{server}/x", &["/v9/x"]),
            ("https://{both}/x", &["/v8/x"]),
            ("{scheme}://{host}/v1", &["/v1"]),
            ("/{undeclared}/v1", &["/{}/v1"]),
            ("{base}/v1", &["/{}/v1"]),
            ("https://example.com/{base}{base}", &["/{}"]),
            ("https://example.com/v1?{base}", &["/v1"]),
        ] {
            assert_eq!(shown(url, &variables), expected, "{url}");
        }
    }

    #[test]
    fn too_many_combinations_are_any_text() {
        let names: Vec<String> = (0..40).map(|n| format!("n{n}")).collect();
        let values: Vec<&str> = names.iter().map(String::as_str).collect();
        let variables = [variable("a", "n0", &values), variable("b", "n0", &values)];
        let paths = shown("/{a}/{b}", &variables);
        assert_eq!(paths.len(), 40);
        assert!(paths.iter().all(|path| path.contains("{}")), "{paths:?}");
        let many: Vec<ServerVariable<'_>> = values
            .iter()
            .map(|name| variable(name, "a", &["a", "b"]))
            .collect();
        let url: String = values.iter().map(|name| format!("/{{{name}}}")).collect();
        assert!(shown(&url, &many).len() <= 64);
    }
}
