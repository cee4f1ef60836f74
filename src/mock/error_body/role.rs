//! What a member of an error says, by its name.

use super::tongues::english;
use crate::mock::name::{plain, words};

/// What a member of an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// What went wrong, in words.
    Message,
    /// The same, unless a message stands beside it: then it is a code.
    Reason,
    /// The same; or the error itself.
    Error,
    /// What went wrong, in one word or number.
    Code,
    /// The same, or the type of a problem (RFC 9457 §3.1.1).
    Type,
    /// Whose fault it is (SOAP 1.1 §4.4.1).
    Fault,
    /// The rule that was broken.
    Rule,
    /// The phrase of the status.
    Phrase,
    /// The status.
    Status,
    /// How bad it is.
    Severity,
    /// Whether all went well.
    Success,
    /// Whether it didn't.
    Failure,
    /// All that went wrong.
    Problems,
    /// How much that is.
    Count,
    /// Where it went wrong.
    Place(Form),
    /// The same or the request's path.
    Path,
    /// The same where an error is one of a list.
    Name,
    /// In which part of the request.
    Part,
    /// What was sent there.
    Sent,
    /// When.
    Moment,
    /// The request's method.
    Method,
    /// The request's path.
    Instance,
    /// The request's URL.
    Url,
}

/// How a place is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As a name.
    Name,
    /// As a JSON Pointer into the body.
    Pointer,
    /// As one of both.
    Either,
    /// As the name of a parameter, and of nothing else.
    Parameter,
    /// As the name of a header field, and of nothing else.
    Header,
    /// As steps from the part of the request.
    Steps,
}

/// Words of names of lists of errors.
const PROBLEMS: &[&str] = &[
    "error",
    "errors",
    "violation",
    "violations",
    "issue",
    "issues",
    "invalid",
    "problem",
    "problems",
    "failure",
    "failures",
    "fault",
    "faults",
    "exceptions",
    "causes",
    "messages",
    "details",
];

/// The role of a member of this name.
pub(super) fn role(name: &str) -> Option<Role> {
    // Such names are of what is around the value: `@type`, `$schema`.
    if name.starts_with(['@', '$']) {
        return None;
    }
    Some(match english(&plain(name)) {
        "errors" | "fields" | "params" | "parameters" => Role::Problems,
        "message" | "detail" | "description" | "msg" | "text" | "errormessage" | "errormsg"
        | "errordescription" | "errordetail" | "errortext" | "longmessage" | "messagetext"
        | "usermessage" | "developermessage" | "faultstring" | "diagnostics" | "explanation" => {
            Role::Message
        }
        "reason" | "errorreason" => Role::Reason,
        "error" | "err" => Role::Error,
        "code" | "errorcode" | "errorname" | "errorkey" | "errortype" | "reasoncode"
        | "resultcode" | "returncode" | "problemcode" | "messagecode" => Role::Code,
        "type" => Role::Type,
        "faultcode" => Role::Fault,
        "rule" | "keyword" | "constraint" | "validator" => Role::Rule,
        "title" | "statustext" | "statusmessage" | "reasonphrase" | "httpmessage" => Role::Phrase,
        "status" | "statuscode" | "httpstatus" | "httpstatuscode" | "httpcode" | "responsecode"
        | "responsestatus" => Role::Status,
        "severity" | "level" | "category" => Role::Severity,
        "success" | "successful" | "issuccess" | "succeeded" | "ok" | "isok" => Role::Success,
        "iserror" | "haserror" | "haserrors" | "failed" => Role::Failure,
        "errorcount" | "errorscount" | "totalerrors" | "violationcount" => Role::Count,
        "pointer" | "jsonpointer" | "instancepath" | "datapath" => Role::Place(Form::Pointer),
        "field" | "fieldname" | "fieldpath" | "property" | "propertyname" | "propertypath"
        | "param" | "paramname" | "parametername" | "attribute" | "attributename" | "target" => {
            Role::Place(Form::Name)
        }
        "parameter" => Role::Place(Form::Parameter),
        "header" => Role::Place(Form::Header),
        "loc" => Role::Place(Form::Steps),
        "source" | "location" => Role::Place(Form::Either),
        "path" => Role::Path,
        "name" => Role::Name,
        "in" | "part" | "locationtype" | "parameterlocation" => Role::Part,
        "rejectedvalue" | "invalidvalue" | "attemptedvalue" | "value" | "input" => Role::Sent,
        "timestamp" | "time" | "date" | "datetime" | "occurredat" | "errortime" | "raisedat" => {
            Role::Moment
        }
        "method" | "httpmethod" | "requestmethod" => Role::Method,
        "instance" | "requestpath" | "endpoint" => Role::Instance,
        "url" | "uri" | "requesturl" | "requesturi" => Role::Url,
        _ => {
            let words = words(name);
            let is_one = |word: &String| PROBLEMS.contains(&word.as_str());
            return words.iter().any(is_one).then_some(Role::Problems);
        }
    })
}

/// Whether a member of an error tells what went wrong, by its name: what a client says under such a
/// name isn't said again.
pub(in crate::mock) fn tells_of_errors(name: &str) -> bool {
    let is_of_request = |role| {
        matches!(
            role,
            Role::Place(_) | Role::Name | Role::Part | Role::Sent | Role::Rule
        )
    };
    role(name).is_some_and(|role| !is_of_request(role))
}

/// Whether a name is one of an id that a server gives to a request, an error, or what it writes of
/// them.
pub(super) fn is_of_trace(name: &str) -> bool {
    let of = [
        "trace",
        "span",
        "request",
        "correlation",
        "error",
        "log",
        "incident",
        "event",
        "debug",
        "ticket",
        "transaction",
    ];
    let plain = plain(name);
    let is_id = ["id", "uuid", "guid"]
        .iter()
        .any(|end| plain.ends_with(end));
    is_id && (plain.len() <= 4 || of.iter().any(|word| plain.contains(word)))
}
