//! Explanations as they travel.

use crate::spec::Excerpt;
use crate::validate::Place;
use serde::Serialize;
use utoipa::ToSchema;

/// Why an exchange went as it did.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Explanation {
    /// The exchange's number.
    #[schema(example = 412)]
    pub(super) number: u64,
    /// The status of the reply.
    #[schema(example = 422)]
    pub(super) status: u16,
    /// The API that it was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "petstore")]
    pub(super) api: Option<String>,
    /// The operation that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) operation: Option<OperationShape>,
    /// Where none was, those that the request came nearest to.
    pub(super) nearest: Vec<NearShape>,
    /// Why it was refused, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<String>,
    /// Everything that isn't as the contract has it.
    pub(super) problems: Vec<ProblemTold>,
    /// How many of those there are more.
    #[schema(example = 0)]
    pub(super) omitted: usize,
    /// How the status is documented, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "is documented")]
    pub(super) chosen: Option<String>,
    /// The media type of the reply.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "application/json")]
    pub(super) media_type: Option<String>,
    /// Where its body is from, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "item p-1 of pets")]
    pub(super) from: Option<String>,
    /// The other replies that the operation documents.
    pub(super) others: Vec<OtherShape>,
}

/// The operation of an exchange.
#[derive(Serialize, ToSchema)]
#[schema(as = ExplainedOperation)]
pub(super) struct OperationShape {
    /// Its method and template.
    #[schema(example = "PATCH /pets/{id}")]
    pub(super) name: String,
    /// What it is for, in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Change a pet")]
    pub(super) title: Option<String>,
    /// Where it stands.
    pub(super) source: ExcerptShape,
    /// Its page in the documentation, below `/_counterpart/docs/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "petstore/update-pet.html")]
    pub(super) docs: Option<String>,
    /// The scopes of the bearer token that it asks for, where it asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scopes: Option<Vec<String>>,
}

/// An operation that a request wasn't for.
#[derive(Serialize, ToSchema)]
#[schema(as = NearOperation)]
pub(super) struct NearShape {
    /// Its method and template.
    #[schema(example = "PATCH /pets/{id}")]
    pub(super) operation: String,
    /// What of the request isn't as it should be.
    #[schema(example = "segment 1 is `pets`, and `pet` was asked for")]
    pub(super) why: String,
    /// Its page in the documentation, below `/_counterpart/docs/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) docs: Option<String>,
}

/// Whose problem it is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum ProblemOf {
    Request,
    Reply,
}

/// Something that isn't as the contract has it.
#[derive(Serialize, ToSchema)]
#[schema(as = ExplainedProblem)]
pub(super) struct ProblemTold {
    /// Whether of the request or of the mock's own reply.
    pub(super) of: ProblemOf,
    /// Where it is, in words.
    #[schema(example = "body /name")]
    pub(super) place: String,
    /// The part of the message: `status`, `body`, `path`, `query`, `header` or `cookie`.
    #[schema(example = "body")]
    pub(super) part: &'static str,
    /// The place in the body, as a JSON Pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/name")]
    pub(super) pointer: Option<String>,
    /// The name of the parameter or field.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "limit")]
    pub(super) parameter: Option<String>,
    /// What was expected, and what was there.
    #[schema(example = "needs at least 1 character, got \"\"")]
    pub(super) detail: String,
    /// The keyword that is broken.
    #[schema(example = "minLength")]
    pub(super) rule: String,
    /// The value that was there, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "\"\"")]
    pub(super) received: Option<String>,
    /// What the keyword demands, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "1")]
    pub(super) expected: Option<String>,
    /// The lines that demand it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<ExcerptShape>,
    /// The place in the documentation, below `/_counterpart/docs/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "petstore/update-pet.html#body.name")]
    pub(super) docs: Option<String>,
}

impl ProblemTold {
    /// The part of a message that a place is in, and the name of the parameter there.
    pub(super) fn place(place: &Place) -> (&'static str, Option<String>) {
        match place {
            Place::Status => ("status", None),
            Place::Body(_) => ("body", None),
            Place::Path(name) => ("path", Some(name.clone())),
            Place::Query(name) => ("query", Some(name.clone())),
            Place::Header(name) => ("header", Some(name.clone())),
            Place::Cookie(name) => ("cookie", Some(name.clone())),
        }
    }
}

/// Lines of a document or of rules.
#[derive(Serialize, ToSchema)]
#[schema(as = Excerpt)]
pub(super) struct ExcerptShape {
    /// The file.
    #[schema(example = "specs/petstore.yaml")]
    file: String,
    /// The line that is meant.
    #[schema(example = 43)]
    line: usize,
    /// The lines around it.
    lines: Vec<LineShape>,
}

/// A line of a file.
#[derive(Serialize, ToSchema)]
#[schema(as = Line)]
struct LineShape {
    /// Its number.
    #[schema(example = 43)]
    number: usize,
    /// Its text, or the part of it that matters.
    #[schema(example = "minLength: 1")]
    text: String,
}

impl From<Excerpt> for ExcerptShape {
    fn from(excerpt: Excerpt) -> ExcerptShape {
        let lines = excerpt.lines.into_iter();
        ExcerptShape {
            file: excerpt.file,
            line: excerpt.line,
            lines: lines
                .map(|(number, text)| LineShape { number, text })
                .collect(),
        }
    }
}

/// Another documented reply.
#[derive(Serialize, ToSchema)]
#[schema(as = OtherReply)]
pub(super) struct OtherShape {
    /// What it is documented for: a code, a class, `default`.
    #[schema(example = "404")]
    pub(super) status: String,
    /// The code that `Prefer: code=…` asks for it by.
    #[schema(example = 404)]
    pub(super) code: u16,
    /// When it comes, in the document's words.
    #[schema(example = "There is no such pet.")]
    pub(super) when: String,
    /// Where it is documented, below `/_counterpart/docs/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) docs: Option<String>,
}
