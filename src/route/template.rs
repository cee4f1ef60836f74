use thiserror::Error;

/// A path template (OpenAPI 3.1.1 §4.8.8.2): segments of literal text and named expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTemplate {
    segments: Vec<Segment>,
}

/// One segment: its parts in order; a lone literal part matches that text alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment(pub(super) Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Literal(String),
    Capture(String),
}

/// Why a path is no template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// A brace without its other half, or an empty expression.
    #[error("the braces of the path `{0}` don't pair")]
    Braces(String),
    /// One expression twice.
    #[error("the path has `{{{0}}}` twice")]
    Twice(String),
    /// Two expressions with nothing between, which no path could be split by.
    #[error("`{{{0}}}` follows another expression with nothing between")]
    Adjacent(String),
}

impl PathTemplate {
    /// Reads a template as it is written in a document, from its leading `/`.
    pub fn parse(path: &str) -> Result<PathTemplate, TemplateError> {
        let mut names: Vec<String> = Vec::new();
        let mut segments = Vec::new();
        for text in path.strip_prefix('/').unwrap_or(path).split('/') {
            let mut parts = Vec::new();
            let mut rest = text;
            while !rest.is_empty() {
                let (literal, after) = match rest.split_once('{') {
                    Some((literal, after)) => (literal, Some(after)),
                    None => (rest, None),
                };
                if literal.contains('}') {
                    return Err(TemplateError::Braces(path.to_owned()));
                }
                if !literal.is_empty() {
                    parts.push(Part::Literal(literal.to_owned()));
                }
                let Some(after) = after else { break };
                let (name, after) = after
                    .split_once('}')
                    .filter(|(name, _)| !name.is_empty() && !name.contains('{'))
                    .ok_or_else(|| TemplateError::Braces(path.to_owned()))?;
                if names.iter().any(|known| known == name) {
                    return Err(TemplateError::Twice(name.to_owned()));
                }
                if matches!(parts.last(), Some(Part::Capture(_))) {
                    return Err(TemplateError::Adjacent(name.to_owned()));
                }
                names.push(name.to_owned());
                parts.push(Part::Capture(name.to_owned()));
                rest = after;
            }
            segments.push(Segment(parts));
        }
        Ok(PathTemplate { segments })
    }

    /// The names of its expressions, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(|segment| {
            segment.0.iter().filter_map(|part| match part {
                Part::Capture(name) => Some(name.as_str()),
                Part::Literal(_) => None,
            })
        })
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// For each segment its text, or the name where it is one expression and nothing else.
    /// Nothing where a segment mixes both.
    pub fn plain(&self) -> Option<Vec<Result<&str, &str>>> {
        self.segments
            .iter()
            .map(|segment| match segment.0.as_slice() {
                [] => Some(Ok("")),
                [Part::Literal(text)] => Some(Ok(text.as_str())),
                [Part::Capture(name)] => Some(Err(name.as_str())),
                _ => None,
            })
            .collect()
    }
}

impl Segment {
    pub(super) fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The segment without its names: segments of one shape match the same texts.
    pub(super) fn shape(&self) -> Vec<Option<&str>> {
        self.0
            .iter()
            .map(|part| match part {
                Part::Literal(text) => Some(text.as_str()),
                Part::Capture(_) => None,
            })
            .collect()
    }

    /// How many characters are literal: the more, the more exact the segment.
    pub(super) fn precision(&self) -> usize {
        self.0
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.len(),
                Part::Capture(_) => 0,
            })
            .sum()
    }

    /// Matches a segment still percent-encoded, pushing the captured texts. An expression takes
    /// at least one character and as few as the literal behind it allows; the last takes the rest.
    pub(super) fn captures<'t>(&self, text: &'t str, out: &mut Vec<&'t str>) -> bool {
        let start = out.len();
        let mut rest = text;
        let mut matched = true;
        for (index, part) in self.0.iter().enumerate() {
            let after = match part {
                Part::Literal(literal) => rest.strip_prefix(literal.as_str()),
                Part::Capture(_) => {
                    let end = match self.0.get(index + 1) {
                        Some(Part::Literal(literal)) if index + 2 == self.0.len() => {
                            rest.strip_suffix(literal.as_str()).map(str::len)
                        }
                        Some(Part::Literal(literal)) => rest.find(literal.as_str()),
                        _ => Some(rest.len()),
                    };
                    end.filter(|end| *end > 0).map(|end| {
                        out.push(&rest[..end]);
                        &rest[end..]
                    })
                }
            };
            match after {
                Some(after) => rest = after,
                None => {
                    matched = false;
                    break;
                }
            }
        }
        matched &= rest.is_empty();
        if !matched {
            out.truncate(start);
        }
        matched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captures<'t>(template: &str, text: &'t str) -> Option<Vec<&'t str>> {
        let template = PathTemplate::parse(template).expect(template);
        let mut out = Vec::new();
        template.segments[0].captures(text, &mut out).then_some(out)
    }

    #[test]
    fn literals_around_expressions_split_a_segment() {
        assert_eq!(captures("/{a}.{b}", "x.y.z"), Some(vec!["x", "y.z"]));
        assert_eq!(captures("/{name}:cancel", "a:b:cancel"), Some(vec!["a:b"]));
        assert_eq!(
            captures("/{base}...{head}", "main...dev"),
            Some(vec!["main", "dev"])
        );
        assert_eq!(captures("/{a}.{b}.", "x.y."), Some(vec!["x", "y"]));
        assert_eq!(captures("/v{n}", "v"), None);
    }

    #[test]
    fn a_broken_template_says_how() {
        for (path, error) in [
            ("/a/{b", "the braces of the path `/a/{b` don't pair"),
            ("/a/b}", "the braces of the path `/a/b}` don't pair"),
            ("/{a}/{a}", "the path has `{a}` twice"),
            (
                "/{a}{b}",
                "`{b}` follows another expression with nothing between",
            ),
        ] {
            let given = PathTemplate::parse(path).map_err(|error| error.to_string());
            assert_eq!(given, Err(error.to_owned()));
        }
    }
}
