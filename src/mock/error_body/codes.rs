//! The words that documents have for what went wrong, by its status.

use crate::mock::name::plain;
use crate::wire::{ProblemError, StatusCode, reason};

/// The code of a status as it is spelled in documents: that which is most usual first, or that
/// which is spelled as the example.
pub(super) fn spelled(status: StatusCode, like: Option<&str>) -> Vec<String> {
    let phrase = reason(status);
    let words: Vec<&str> = phrase.split([' ', '-']).collect();
    let snake = words.join("_").to_ascii_lowercase();
    let mut all = vec![
        snake.clone(),
        snake.to_ascii_uppercase(),
        words.concat(),
        snake.replace('_', "-"),
        phrase.to_owned(),
        status.as_u16().to_string(),
    ];
    let first = like.and_then(|like| {
        let has = |test: fn(char) -> bool| like.contains(test);
        match (has(char::is_lowercase), has(char::is_uppercase)) {
            (false, true) => Some(1),
            (true, true) if !like.contains(' ') => Some(2),
            (true, true) => Some(4),
            (true, false) if like.contains('-') => Some(3),
            (false, false) => Some(5),
            (true, false) => None,
        }
    });
    if let Some(first) = first {
        let first = all.remove(first);
        all.insert(0, first);
    }
    all
}

/// The name that gRPC has for a status, as APIs that are both have it in JSON.
pub(super) fn canonical(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        409 => "ALREADY_EXISTS",
        412 | 428 => "FAILED_PRECONDITION",
        416 => "OUT_OF_RANGE",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        501 => "UNIMPLEMENTED",
        503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        400..=499 => "INVALID_ARGUMENT",
        _ => "INTERNAL",
    }
}

/// The code that an OAuth 2.0 server has for a status (RFC 6749 §5.2, RFC 6750 §3.1).
pub(super) fn of_oauth(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "invalid_token",
        403 => "insufficient_scope",
        503 => "temporarily_unavailable",
        400..=499 => "invalid_request",
        _ => "server_error",
    }
}

/// Which of the values that a document lists says what went wrong.
pub(super) fn chosen(
    listed: &[String],
    status: StatusCode,
    entry: Option<&ProblemError>,
) -> Option<String> {
    let mut words = Vec::new();
    if let Some(entry) = entry {
        words.push(plain(&entry.rule));
        words.push(format!("{}error", plain(&entry.rule)));
        let of_rule: &[&str] = match entry.rule.as_str() {
            "required" => &["missing", "missingfield", "missingparameter", "notnull"],
            _ => &[
                "invalid",
                "invalidvalue",
                "invalidfield",
                "invalidparameter",
            ],
        };
        words.extend(of_rule.iter().map(|word| (*word).to_owned()));
    }
    let phrase = plain(reason(status));
    words.push(format!("{}{phrase}", status.as_u16()));
    words.push(phrase);
    words.push(plain(canonical(status)));
    words.push(status.as_u16().to_string());
    let more = of_status(status.as_u16());
    words.extend(more.iter().map(|word| (*word).to_owned()));
    let find = |word: &String| listed.iter().find(|value| plain(value) == *word);
    words.iter().find_map(find).cloned()
}

/// Whether a word says no more than that it went wrong.
pub(super) fn is_failure(word: &str) -> bool {
    FAILURES.contains(&plain(word).as_str())
}

const FAILURES: [&str; 6] = ["error", "fail", "failed", "failure", "fatal", "ko"];

/// Other words for a status, without what parts them; the nearest first.
fn of_status(status: u16) -> Vec<&'static str> {
    let own: &[&str] = match status {
        401 => &[
            "unauthenticated",
            "authenticationerror",
            "authenticationfailed",
            "authenticationrequired",
            "invalidtoken",
            "tokeninvalid",
            "invalidcredentials",
            "autherror",
        ],
        403 => &[
            "accessdenied",
            "permissionerror",
            "insufficientpermissions",
            "insufficientscope",
            "notallowed",
        ],
        404 => &[
            "resourcenotfound",
            "notfounderror",
            "resourceunknown",
            "missing",
        ],
        409 => &["conflicterror", "alreadyexists", "duplicate", "exists"],
        412 => &[
            "precondition",
            "preconditionerror",
            "stale",
            "etagmismatch",
            "versionmismatch",
            "versionconflict",
            "conflict",
            "conditionnotmet",
        ],
        413 => &["payloadtoolarge", "requesttoolarge"],
        428 => &["precondition", "ifmatchrequired"],
        429 => &[
            "ratelimited",
            "ratelimit",
            "ratelimitexceeded",
            "ratelimiterror",
        ],
        500 => &["internal", "internalerror"],
        503 => &["unavailable"],
        504 => &["timeout"],
        _ => &[],
    };
    let of_class: &[&str] = match status {
        400..=499 => &[
            "badrequest",
            "invalidrequest",
            "invalidrequesterror",
            "validationerror",
            "validationfailed",
            "validation",
            "unprocessableentity",
            "formaterror",
            "invalidinput",
            "invalidparameter",
            "invalidargument",
            "invalid",
            "clienterror",
            "client",
        ],
        _ => &[
            "internalservererror",
            "internalerror",
            "servererror",
            "apierror",
            "internal",
            "server",
        ],
    };
    // What any refusal may be called is none of what another status has a name for.
    let of_class = match status {
        401 | 403 | 404 | 405 | 406 | 409 | 410 | 412 | 428 | 429 => &of_class[1..3],
        _ => of_class,
    };
    own.iter()
        .chain(of_class)
        .chain(&FAILURES)
        .copied()
        .collect()
}
