use super::Limits;
use crate::host::Host;
use crate::wire::{HeaderName, ProblemError, Reply, StatusCode};
use std::borrow::Cow;

/// An early reply that the server makes itself, before any contract is asked.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    /// The status it is sent with.
    pub(super) status: StatusCode,
    /// What was wrong, for a person.
    pub(super) detail: Cow<'static, str>,
    /// What is wrong at which places of a body.
    pub(super) errors: Vec<ProblemError>,
    /// A field that the status asks for.
    pub(super) header: Option<(HeaderName, &'static str)>,
    /// Whether the connection can't be read any further.
    pub(super) close: bool,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Refusal {
        Refusal {
            status,
            detail: detail.into(),
            errors: Vec::new(),
            header: None,
            close: false,
        }
    }

    /// The head can't be trusted to end where it seems to: 400, and nothing more is read.
    pub(super) fn framing(detail: &'static str) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, detail).closing()
    }

    pub(super) fn uri_too_long(limits: &Limits) -> Refusal {
        let detail = format!("The request target is longer than {} bytes.", limits.uri);
        Refusal::new(StatusCode::URI_TOO_LONG, detail).closing()
    }

    pub(super) fn headers_too_large(limits: &Limits) -> Refusal {
        let detail = format!(
            "The header fields are more than {} or longer than {} bytes together.",
            limits.header_fields, limits.header_block
        );
        Refusal::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail).closing()
    }

    pub(super) fn trailers_too_large(limits: &Limits) -> Refusal {
        let detail = format!(
            "The trailers are longer than {} bytes together.",
            limits.trailers
        );
        Refusal::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, detail).closing()
    }

    pub(super) fn body_too_large(limit: usize) -> Refusal {
        let detail = format!("The body is longer than {limit} bytes.");
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, detail).closing()
    }

    /// The same refusal, after which the connection is closed.
    pub(super) fn closing(mut self) -> Refusal {
        self.close = true;
        self
    }

    /// The same refusal with a header field.
    pub(super) fn with_header(mut self, name: HeaderName, value: &'static str) -> Refusal {
        self.header = Some((name, value));
        self
    }

    /// The same refusal with what is wrong at which places.
    pub(super) fn with_errors(mut self, errors: Vec<ProblemError>) -> Refusal {
        self.errors = errors;
        self
    }

    /// The reply, in the form that the host gives to problems.
    pub(super) fn reply(&self, host: &Host) -> Reply {
        let mut reply = host.refuse(self.status, &self.detail);
        if let Some((name, value)) = &self.header {
            reply.set(name.clone(), value);
        }
        reply
    }
}
