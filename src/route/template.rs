use super::parse;
use super::query::Demand;
use super::segment::Segment;
use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// A path template (OpenAPI 3.1.1 §4.8.8.2): segments of literal text and named expressions.
///
/// Read with it is what documents have beyond the specification: expressions across slashes
/// (`{+name}`, `{name=projects/*}`, `{proxy+}`), and a query part or fragment behind the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTemplate {
    pub(super) segments: Vec<Segment>,
    /// Each name once, in order.
    pub(super) names: Arc<[Name]>,
    /// What its query part asks for.
    pub(super) demands: Vec<Demand>,
    /// What its fragment says, read as a query: documents tell operations apart by it.
    pub(super) hints: Vec<Demand>,
    pub(super) notes: Vec<TemplateNote>,
}

/// The name of an expression, and which part of a path it stands for: from one of the path's
/// captures to another, and literal segments around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) first: usize,
    pub(super) last: usize,
    /// How many literal segments before the first belong to it.
    pub(super) back: usize,
    /// How many behind the last.
    pub(super) ahead: usize,
}

/// Why a path is no template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// A brace without its other half.
    #[error("the braces of the path `{0}` don't pair")]
    Braces(String),
}

/// What of a template is served, but can't be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateNote {
    /// One name for several expressions.
    Repeated(String),
    /// An expression without a name.
    Unnamed,
    /// Two expressions with nothing between.
    Adjacent(String, String),
}

impl fmt::Display for TemplateNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TemplateNote::Repeated(name) => {
                write!(f, "the path has `{{{name}}}` twice: the first counts")
            }
            TemplateNote::Unnamed => f.write_str("the path has an expression without a name"),
            TemplateNote::Adjacent(first, second) => write!(
                f,
                "`{{{second}}}` follows `{{{first}}}` with nothing between: \
                 where their schemas don't tell, the first takes one character"
            ),
        }
    }
}

impl PathTemplate {
    /// Reads a template as it is written in a document, from its leading `/`.
    ///
    /// # Errors
    /// Braces that don't pair.
    pub fn parse(path: &str) -> Result<PathTemplate, TemplateError> {
        parse::template(path)
    }

    /// The names of its expressions, in order, each once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.text.as_str())
    }

    /// What of it is served, but can't be meant.
    pub fn notes(&self) -> &[TemplateNote] {
        &self.notes
    }

    pub(super) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// For each segment its text, or the name where it is one expression and nothing else.
    /// Nothing where a segment is neither, or the path asks for a query.
    pub fn plain(&self) -> Option<Vec<Result<&str, &str>>> {
        if !self.demands.is_empty() || !self.hints.is_empty() {
            return None;
        }
        let mut captures = 0..;
        let mut plain = Vec::new();
        for segment in &self.segments {
            plain.push(match segment {
                Segment::Literal(text) => Ok(text.as_str()),
                Segment::Any => {
                    let index = captures.next()?;
                    let alone = |name: &&Name| {
                        (name.first, name.last, name.back, name.ahead) == (index, index, 0, 0)
                    };
                    Err(self.names.iter().find(alone)?.text.as_str())
                }
                Segment::Mixed(_) | Segment::Deep(_) => return None,
            });
        }
        Some(plain)
    }
}
