use crate::spec::{LoadError, Origin, Place, Severity};

/// What is looked at: the names are in reports, and stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Check {
    /// There is an answer.
    Answer,
    /// The server doesn't fail.
    ServerError,
    /// The status is a documented one.
    Status,
    /// Media type, header fields and body are as documented for the status.
    Reply,
    /// What HTTP says of any reply: `Allow` with 405, no content with 204.
    Http,
    /// What breaks the contract is refused.
    Refusal,
    /// What needs a credential isn't done without one.
    Credential,
    /// What was created is there.
    Created,
    /// What was written is read.
    Written,
    /// What the server alone says, no client does.
    ReadOnly,
    /// What was deleted is gone.
    Deleted,
    /// `GET` changes nothing.
    Safe,
    /// The second `PUT` of the same changes nothing.
    Idempotent,
    /// Preconditions are held.
    Precondition,
    /// `HEAD` is answered as `GET`.
    Head,
    /// A page has no more items than were asked for.
    Page,
    /// A list shows what was created, and what is asked for alone.
    Listed,
    /// What was never created isn't there.
    Missing,
    /// What keeps to the contract is taken.
    Taken,
}

impl Check {
    /// All of them.
    pub const ALL: [Check; 19] = [
        Check::Answer,
        Check::ServerError,
        Check::Status,
        Check::Reply,
        Check::Http,
        Check::Refusal,
        Check::Credential,
        Check::Created,
        Check::Written,
        Check::ReadOnly,
        Check::Deleted,
        Check::Safe,
        Check::Idempotent,
        Check::Precondition,
        Check::Head,
        Check::Page,
        Check::Listed,
        Check::Missing,
        Check::Taken,
    ];

    /// What is right where nothing is found, as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Check::Answer => "There is an answer",
            Check::ServerError => "The server doesn't fail",
            Check::Status => "The status is a documented one",
            Check::Reply => "Media type, header fields and body are as documented for the status",
            Check::Http => "What HTTP says of any reply: Allow with 405, no content with 204",
            Check::Refusal => "What breaks the contract is refused",
            Check::Credential => "What needs a credential isn't done without one",
            Check::Created => "What was created is there",
            Check::Written => "What was written is read",
            Check::ReadOnly => "What the server alone says, no client does",
            Check::Deleted => "What was deleted is gone",
            Check::Safe => "GET changes nothing",
            Check::Idempotent => "The second PUT of the same changes nothing",
            Check::Precondition => "Preconditions are held",
            Check::Head => "HEAD is answered as GET",
            Check::Page => "A page has no more items than were asked for",
            Check::Listed => "A list shows what was created, and what is asked for alone",
            Check::Missing => "What was never created isn't there",
            Check::Taken => "What keeps to the contract is taken",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Check::Answer => "answer",
            Check::ServerError => "server-error",
            Check::Status => "status",
            Check::Reply => "reply",
            Check::Http => "http",
            Check::Refusal => "refusal",
            Check::Credential => "credential",
            Check::Created => "created",
            Check::Written => "written",
            Check::ReadOnly => "read-only",
            Check::Deleted => "deleted",
            Check::Safe => "safe",
            Check::Idempotent => "idempotent",
            Check::Precondition => "precondition",
            Check::Head => "head",
            Check::Page => "page",
            Check::Listed => "listed",
            Check::Missing => "missing",
            Check::Taken => "taken",
        }
    }
}

/// A request of a finding, and what was answered.
#[derive(Debug, Clone)]
pub struct Step {
    /// The request as a command of curl; it may set a variable of the shell, which later ones use.
    pub curl: String,
    /// The status and the beginning of the body; why there is none, where there is none.
    pub answer: String,
}

/// One thing that isn't as the contract or HTTP has it.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// An error where it is sure, a warning where there may be reasons for it that a contract
    /// can't say.
    pub severity: Severity,
    /// `METHOD /template`; empty where it is said of all of them together.
    pub operation: String,
    /// What is wrong, with the line of the contract that says so, else that of the operation.
    pub error: LoadError,
    /// The requests that show it, in their order, with those that create what they need.
    pub steps: Vec<Step>,
    /// How often it was seen.
    pub times: usize,
}

/// What is wrong with a reply, before it is known which requests show it.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    pub check: Check,
    pub severity: Severity,
    /// Where in the message, and which rule: what makes two faults of an operation the same.
    pub place: String,
    /// As a sentence, without the operation.
    pub message: String,
    pub origin: Option<Origin>,
}

impl Fault {
    pub fn error(check: Check, place: impl ToString, message: impl Into<String>) -> Fault {
        Fault {
            check,
            severity: Severity::Error,
            place: place.to_string(),
            message: message.into(),
            origin: None,
        }
    }

    pub fn warning(check: Check, place: impl ToString, message: impl Into<String>) -> Fault {
        Fault {
            severity: Severity::Warning,
            ..Fault::error(check, place, message)
        }
    }

    /// Whether another is the same, where both are of one operation.
    pub fn is_same(&self, other: &Fault) -> bool {
        self.check == other.check && self.place == other.place
    }

    pub fn from(mut self, origin: Option<Origin>) -> Fault {
        self.origin = origin;
        self
    }

    /// The finding, of an operation that stands at `operation_at`.
    pub fn told(self, operation: String, operation_at: Origin, steps: Vec<Step>) -> Finding {
        let at = self.origin.unwrap_or(operation_at);
        let message = format!("{operation} {}", self.message);
        Finding {
            check: self.check,
            severity: self.severity,
            error: LoadError::new(&at.source, Place::Key(at.pointer), message),
            operation,
            steps,
            times: 1,
        }
    }
}
