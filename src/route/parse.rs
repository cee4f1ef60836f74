//! A path as written in a document, into a template.

use super::encoding::normal;
use super::query::Demand;
use super::segment::{Ends, Piece, Segment, Shape};
use super::template::{Name, PathTemplate, TemplateError, TemplateNote};
use crate::wire::{decode_percent, encode_segment};

/// Reads a template; OpenAPI 3.1.1 §4.8.8.2, and what documents have beyond it.
pub(super) fn template(path: &str) -> Result<PathTemplate, TemplateError> {
    let broken = || TemplateError::Braces(path.to_owned());
    let (location, query, fragment) = split(path);
    let mut reading = Reading::default();
    let mut rest = location.strip_prefix('/').unwrap_or(location);
    while let Some(at) = rest.find(['{', '}', '/']) {
        reading.text(&rest[..at]);
        let (mark, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        match mark {
            b'/' => {
                reading.close();
                rest = after;
            }
            b'{' => {
                let end = closing(after).ok_or_else(broken)?;
                rest = &after[end + 1..];
                reading.expression(&after[..end], rest.is_empty() || rest.starts_with('/'));
            }
            _ => return Err(broken()),
        }
    }
    reading.text(rest);
    reading.close();
    let segments = reading.segments.into_iter().map(segment).collect();
    Ok(PathTemplate {
        segments,
        names: reading.names.into(),
        demands: Demand::read_all(query),
        hints: Demand::read_all(fragment),
        notes: reading.notes,
    })
}

/// A template with a value, as it is written in a path, in the place of each expression that `values`
/// knows the name of; all else is as it stands, encoded where no request may have it.
pub fn filled(template: &str, values: &[(String, String)]) -> String {
    let mut target = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        push_encoded(&mut target, before);
        let Some(end) = closing(after) else {
            rest = &rest[before.len()..];
            break;
        };
        let read = Expression::read(&after[..end]);
        let known = values.iter().find(|(name, _)| name == read.name);
        let known = known.filter(|_| read.pattern.is_none());
        // A document may have declared it as it stands in the braces.
        let known = known.or_else(|| values.iter().find(|(name, _)| *name == after[..end]));
        match known {
            Some((_, value)) => target.push_str(value),
            None => push_encoded(&mut target, &rest[before.len()..before.len() + end + 2]),
        }
        rest = &after[end + 1..];
    }
    push_encoded(&mut target, rest);
    target
}

fn push_encoded(target: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            ' ' | '{' | '}' | '"' | '<' | '>' | '\\' | '^' | '`' | '|' => {
                target.push_str(&encode_segment(&character.to_string()));
            }
            _ => target.push(character),
        }
    }
}

/// Path, query and fragment; a `?` or `#` in braces belongs to the expression.
fn split(path: &str) -> (&str, &str, &str) {
    let outside = |text: &str, mark: char| {
        let mut depth = 0_usize;
        text.find(|c| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == mark && depth == 0
        })
    };
    let cut = |text, mark| match outside(text, mark) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    let (path, fragment) = cut(path, '#');
    let (path, query) = cut(path, '?');
    (path, query, fragment)
}

/// Where the brace closes that stands open at the start; a constraint (`{id:[0-9]{2}}`) has
/// braces of its own.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1;
    text.find(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

/// A part of a segment while it is read.
enum Part {
    Text(String),
    Capture { deep: bool },
}

#[derive(Default)]
struct Reading {
    segments: Vec<Vec<Part>>,
    /// The segment that is being read.
    open: Vec<Part>,
    captures: usize,
    names: Vec<Name>,
    /// The name of the expression that was read last, where it stands at the end of `open`.
    before: Option<String>,
    notes: Vec<TemplateNote>,
}

impl Reading {
    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.before = None;
        match self.open.last_mut() {
            Some(Part::Text(known)) => known.push_str(text),
            _ => self.open.push(Part::Text(text.to_owned())),
        }
    }

    fn close(&mut self) {
        self.before = None;
        self.segments.push(std::mem::take(&mut self.open));
    }

    fn capture(&mut self, deep: bool) {
        self.open.push(Part::Capture { deep });
        self.captures += 1;
    }

    /// What stands in braces. `ends` tells whether its segment ends with it.
    fn expression(&mut self, inner: &str, ends: bool) {
        // RFC 6570 §3.2.8 and §3.2.9: the parameters of the query, which no path has.
        if inner.starts_with(['?', '&']) {
            return;
        }
        let read = Expression::read(inner);
        if let Some(before) = &self.before {
            let note = TemplateNote::Adjacent(before.clone(), read.name.to_owned());
            self.notes.push(note);
        }
        let first = self.captures;
        let pattern = read.pattern.filter(|pattern| {
            self.open.is_empty() && (ends || pattern.last().is_some_and(|last| is_wildcard(last)))
        });
        let (mut back, mut ahead) = (0, 0);
        match pattern {
            None => self.capture(read.deep),
            Some(steps) => {
                back = steps.iter().take_while(|step| !is_wildcard(step)).count();
                let behind = steps.iter().rev();
                ahead = behind.take_while(|step| !is_wildcard(step)).count();
                for (index, step) in steps.into_iter().enumerate() {
                    if index > 0 {
                        self.close();
                    }
                    match is_wildcard(step) {
                        true => self.capture(step == "**"),
                        false => self.text(step),
                    }
                }
            }
        }
        self.before = Some(read.name.to_owned());
        self.name(Name {
            text: read.name.to_owned(),
            first,
            last: self.captures - 1,
            back,
            ahead,
        });
    }

    fn name(&mut self, name: Name) {
        if name.text.is_empty() {
            self.notes.push(TemplateNote::Unnamed);
        } else if self.names.iter().any(|known| known.text == name.text) {
            self.notes.push(TemplateNote::Repeated(name.text));
        } else {
            self.names.push(name);
        }
    }
}

fn is_wildcard(step: &str) -> bool {
    step == "*" || step == "**"
}

/// What stands in braces: a name, and what the frameworks that wrote it say of what it takes.
struct Expression<'t> {
    name: &'t str,
    /// Whether it takes slashes too: `{+name}` (RFC 6570 §3.2.3), `{proxy+}` (AWS), `{*path}`,
    /// `{path:.*}`.
    deep: bool,
    /// Google's `{name=projects/*}` (google.api.http), split at its slashes.
    pattern: Option<Vec<&'t str>>,
}

impl<'t> Expression<'t> {
    fn read(inner: &'t str) -> Expression<'t> {
        if let Some((name, pattern)) = inner.split_once('=') {
            let steps: Vec<&str> = pattern.split('/').collect();
            if steps.iter().any(|step| is_wildcard(step)) {
                return Expression {
                    name: name.trim(),
                    deep: false,
                    pattern: Some(steps),
                };
            }
        }
        if let Some((name, constraint)) = inner.split_once(':')
            && constraint.contains(['[', '(', '\\', '^', '$', '.', '*', '+', '|'])
        {
            return Expression {
                name: name.trim(),
                deep: constraint.starts_with('.'),
                pattern: None,
            };
        }
        let bare = inner.trim_start_matches(['+', '*']);
        let bare = bare.trim_end_matches(['+', '*']);
        Expression {
            name: bare.trim_end_matches('?').trim(),
            deep: bare.len() < inner.len(),
            pattern: None,
        }
    }
}

fn segment(parts: Vec<Part>) -> Segment {
    let normal = |text: &str| normal(text).into_owned();
    match parts.as_slice() {
        [] => Segment::Literal(String::new()),
        // Literals are compared decoded, so that `/a%62c` is `/abc`.
        [Part::Text(text)] => {
            Segment::Literal(decode_percent(text).unwrap_or_else(|_| text.clone()))
        }
        [Part::Capture { deep: false }] => Segment::Any,
        [Part::Capture { deep: true }] => Segment::Deep(Ends::default()),
        [Part::Text(before), Part::Capture { deep: true }] => Segment::Deep(Ends {
            before: normal(before),
            after: String::new(),
        }),
        [Part::Capture { deep: true }, Part::Text(after)] => Segment::Deep(Ends {
            before: String::new(),
            after: normal(after),
        }),
        [
            Part::Text(before),
            Part::Capture { deep: true },
            Part::Text(after),
        ] => Segment::Deep(Ends {
            before: normal(before),
            after: normal(after),
        }),
        // Beside another expression none takes slashes: it couldn't be told where it ends.
        parts => {
            let piece = |part: &Part| match part {
                Part::Text(text) => Piece::Text(normal(text)),
                Part::Capture { .. } => Piece::Any,
            };
            Segment::Mixed(Shape(parts.iter().map(piece).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The segments, as they would be written without names, and the names.
    fn read(path: &str) -> (String, Vec<String>) {
        let template = template(path).expect(path);
        let shown = |segment: &Segment| match segment {
            Segment::Literal(text) => format!("/{text}"),
            Segment::Any => "/{}".to_owned(),
            Segment::Deep(ends) => format!("/{}{{+}}{}", ends.before, ends.after),
            Segment::Mixed(Shape(pieces)) => {
                let pieces = pieces.iter().map(|piece| match piece {
                    Piece::Text(text) => text.as_str(),
                    Piece::Any => "{}",
                });
                format!("/{}", pieces.collect::<String>())
            }
        };
        let names = template.names().map(str::to_owned).collect();
        (template.segments.iter().map(shown).collect(), names)
    }

    #[test]
    fn every_form_of_expression_is_read() {
        for (path, shape, names) in [
            ("/", "/", &[][..]),
            ("/a/{b}/", "/a/{}/", &["b"]),
            ("/a//b", "/a//b", &[]),
            ("/a%62c", "/abc", &[]),
            ("/{a}.{b}", "/{}.{}", &["a", "b"]),
            ("/{a}{b}", "/{}{}", &["a", "b"]),
            ("/{+name}", "/{+}", &["name"]),
            ("/v1/{+name}:cancel", "/v1/{+}:cancel", &["name"]),
            ("/{proxy+}", "/{+}", &["proxy"]),
            ("/x-{*path}", "/x-{+}", &["path"]),
            ("/{+a}-{b}", "/{}-{}", &["a", "b"]),
            (
                "/v1/{name=projects/*/jobs/*}:run",
                "/v1/projects/{}/jobs/{}:run",
                &["name"],
            ),
            ("/{name=**}", "/{+}", &["name"]),
            ("/{n=a/*/b}", "/a/{}/b", &["n"]),
            ("/{n=a/*/b}:x", "/{}:x", &["n"]),
            ("/{a=b}", "/{}", &["a=b"]),
            ("/{id:[0-9]{2}}/x", "/{}/x", &["id"]),
            ("/{rest:.*}", "/{+}", &["rest"]),
            ("/{xml:lang}", "/{}", &["xml:lang"]),
            ("/{a/b}", "/{}", &["a/b"]),
            ("/pets{?limit,next}", "/pets", &[]),
            ("/x?a={b}#c", "/x", &[]),
            ("/{a?}/{b#}", "/{}/{}", &["a", "b#"]),
            ("/{x}/{x}", "/{}/{}", &["x"]),
            ("/{}", "/{}", &[]),
        ] {
            let (read_shape, read_names) = read(path);
            assert_eq!(read_shape, shape, "{path}");
            assert_eq!(read_names, names, "{path}");
        }
    }

    #[test]
    fn what_is_served_but_cannot_be_meant_is_noted() {
        for (path, note) in [
            ("/{a}/{a}", "the path has `{a}` twice: the first counts"),
            (
                "/{a}{b}",
                "`{b}` follows `{a}` with nothing between: where their schemas don't tell, the first takes one character",
            ),
            ("/x/{}", "the path has an expression without a name"),
        ] {
            let template = template(path).expect(path);
            let notes: Vec<String> = template.notes.iter().map(ToString::to_string).collect();
            assert_eq!(notes, [note]);
        }
        assert!(
            template("/{a}-{b}/{c}")
                .expect("a template")
                .notes
                .is_empty()
        );
    }

    #[test]
    fn braces_that_do_not_pair_are_told() {
        for path in ["/a/{b", "/a/b}", "/{a{b}"] {
            let told = template(path).map_err(|error| error.to_string());
            let expected = format!("the braces of the path `{path}` don't pair");
            assert_eq!(told, Err(expected));
        }
    }
}
