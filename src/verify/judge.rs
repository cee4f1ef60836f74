use super::call::Call;
use super::finding::{Check, Fault};
use super::values::order;
use crate::contract::Contract;
use crate::mock::Prepared;
use crate::sample::{Order, foreseen};
use crate::spec::Origin;
use crate::validate::{Place, View, Violation};
use crate::wire::{HeaderName, MediaType, Method, Reply, StatusCode, header};

/// Where a mock says that a body is from.
pub(super) const SOURCE: HeaderName = HeaderName::from_static("counterpart-source");

/// What a request is meant to be.
#[derive(Debug, Clone)]
pub(super) enum Meant {
    /// It keeps to the contract.
    Valid,
    /// It breaks the contract, in this way.
    Invalid(Breach),
    /// It keeps to the contract, but has none of the credentials that are asked for.
    Anonymous,
    /// It keeps to the contract, with credentials that were made up: in the fields or parameters of
    /// these names.
    Mistaken(Vec<String>),
}

/// How a request breaks the contract.
#[derive(Debug, Clone)]
pub(super) struct Breach {
    /// Where in it, and which rule.
    pub place: String,
    pub rule: String,
    /// The same with what was expected and what is there, as a sentence without its end.
    pub told: String,
    pub origin: Option<Origin>,
}

impl Breach {
    pub fn of(violation: &Violation) -> Breach {
        Breach {
            place: violation.place.to_string(),
            rule: violation.rule.clone(),
            told: format!("{} {}", violation.place, violation.detail),
            origin: violation.origin.clone(),
        }
    }
}

/// What is wrong with the reply to a request, whatever came before.
pub(super) fn judge(
    contract: &Contract,
    operation: &Prepared,
    call: &Call,
    meant: &Meant,
    reply: &Reply,
) -> Vec<Fault> {
    let status = reply.status;
    let mut faults = Vec::new();
    if status.is_server_error() {
        if let (Meant::Valid, Some((why, origin))) = (meant, unkeepable(contract, operation)) {
            let message = format!(
                "answers {status} to a request that keeps to the contract, as nothing can that keeps to it: {why}"
            );
            let fault = Fault::warning(Check::ServerError, "", message);
            return vec![fault.from(Some(origin))];
        }
        let (place, what) = match meant {
            Meant::Valid => (String::new(), "that keeps to the contract".to_owned()),
            Meant::Anonymous => (String::new(), "without credentials".to_owned()),
            Meant::Mistaken(_) => (String::new(), "with made-up credentials".to_owned()),
            Meant::Invalid(breach) => {
                let place = format!("{} {}", breach.place, breach.rule);
                (place, format!("that is wrong: {}", breach.told))
            }
        };
        let message = format!("answers {status} to a request {what}");
        faults.push(Fault::error(Check::ServerError, place, message));
        return faults;
    }
    let success = status.is_success();
    match meant {
        Meant::Invalid(breach) if success => {
            let message = format!(
                "answers {status} to what the contract refuses: {}",
                breach.told
            );
            let place = format!("{} {}", breach.place, breach.rule);
            let fault = Fault::error(Check::Refusal, place, message);
            faults.push(fault.from(breach.origin.clone()));
            return faults;
        }
        Meant::Valid => {
            // Where an operation has a 405 of its own, it means something else by it.
            let is_own = status == StatusCode::METHOD_NOT_ALLOWED && operation.documents(405);
            faults.extend(unknown(status).filter(|_| !is_own));
        }
        Meant::Invalid(breach) => faults.extend(misnamed(operation, breach, status)),
        Meant::Anonymous if success => {
            let message =
                format!("answers {status} without the credential that the contract asks for");
            faults.push(Fault::error(Check::Credential, "", message));
        }
        Meant::Anonymous
            if status == StatusCode::FORBIDDEN
                && operation.documents(401)
                && operation.response(403).is_none() =>
        {
            let message = format!(
                "answers {status} without a credential, for which 401 is documented (RFC 9110 §15.5.2)"
            );
            faults.push(Fault::error(Check::Status, status, message));
            return faults;
        }
        // A server for tests may take any, and a mock says that it is one.
        Meant::Mistaken(_) if success && !reply.headers.contains_key(&SOURCE) => {
            let message = format!("answers {status} to a credential that was made up");
            faults.push(Fault::warning(Check::Credential, "made up", message));
        }
        _ => {}
    }
    if status.is_redirection()
        && status != StatusCode::NOT_MODIFIED
        && operation.response(status.as_u16()).is_none()
        && !operation.responses.is_empty()
    {
        let message = format!("answers {status}, which is not documented");
        faults.push(Fault::error(Check::Status, status, message));
    }
    faults.extend(of_contract(contract, operation, call, reply));
    faults.extend(of_http(reply));
    faults
}

/// Why no reply can keep to what an operation documents of its success, and where that is said:
/// its demands contradict each other.
pub(super) fn unkeepable(contract: &Contract, operation: &Prepared) -> Option<(String, Origin)> {
    let at = operation.success_body()?.declared.schema?;
    let order = Order {
        view: View::Reply,
        ..order(at, "", &[])
    };
    let why = foreseen(&contract.document, &contract.schemas, &order).err()?;
    Some((why.detail, contract.document.origin(at)))
}

/// A refusal of what the contract says in so many words: the method, the media types of the
/// request and of the reply.
fn unknown(status: StatusCode) -> Option<Fault> {
    let what = match status {
        StatusCode::METHOD_NOT_ALLOWED => "method",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "media type of the body",
        StatusCode::NOT_ACCEPTABLE => "media type that is accepted",
        _ => return None,
    };
    let message = format!("answers {status}, though the {what} is documented");
    Some(Fault::error(Check::Taken, status, message))
}

/// A refusal of what is wrong by the one of 400 and 422 that isn't documented, where the other is.
/// What can't be read, or says nothing, may be 400 in any case.
fn misnamed(operation: &Prepared, breach: &Breach, status: StatusCode) -> Option<Fault> {
    let documented = match status.as_u16() {
        400 => 422,
        422 => 400,
        _ => return None,
    };
    let is_read = !["syntax", "content", "minProperties"].contains(&breach.rule.as_str());
    let is_known = operation.response(status.as_u16()).is_some();
    (is_read && !is_known && operation.documents(documented)).then(|| {
        let message = format!(
            "answers {status} to what is wrong, for which {documented} is documented: {}",
            breach.told
        );
        Fault::error(Check::Status, status, message)
    })
}

/// What of a reply isn't as it is documented for its status.
fn of_contract(
    contract: &Contract,
    operation: &Prepared,
    call: &Call,
    reply: &Reply,
) -> Vec<Fault> {
    let coding = reply.header(&header::CONTENT_ENCODING);
    // Of what is coded, though nobody asked for it, no more than the head is known.
    let has_body = call.method != Method::HEAD && coding.is_none_or(|coding| coding == "identity");
    let declared = operation.declared.response(reply.status.as_u16());
    let response_at = declared.map(|response| contract.document.origin(response.at));
    let found = contract.breaches_of_reply(operation, reply).into_iter();
    let found = found.filter(|violation| has_body || !matches!(violation.place, Place::Body(_)));
    let faults = found.map(|violation| {
        let place = format!("{} {}", bare(&violation.place), violation.rule);
        if violation.place == Place::Status {
            let message = format!("answers {}, which is not documented", reply.status);
            return Fault::error(Check::Status, reply.status, message);
        }
        let message = format!(
            "answers {} whose {} {}",
            reply.status, violation.place, violation.detail
        );
        let origin = violation.origin.or_else(|| response_at.clone());
        Fault::error(Check::Reply, place, message).from(origin)
    });
    faults.collect()
}

/// A place without the numbers of items: the same is wrong with each of them.
fn bare(place: &Place) -> String {
    let Place::Body(pointer) = place else {
        return place.to_string();
    };
    let tokens = pointer.tokens().map(|token| match token.parse::<usize>() {
        Ok(_) => "*".to_owned(),
        Err(_) => token,
    });
    format!("body /{}", tokens.collect::<Vec<_>>().join("/"))
}

/// What of a reply isn't as HTTP has it, whatever is documented.
fn of_http(reply: &Reply) -> Vec<Fault> {
    let mut faults = Vec::new();
    let status = reply.status;
    let has_length = || {
        let length = reply.header(&header::CONTENT_LENGTH);
        length.is_some_and(|length| length.trim() != "0")
    };
    let is_coded = || reply.headers.contains_key(header::TRANSFER_ENCODING);
    if status == StatusCode::NO_CONTENT && (!reply.body.is_empty() || has_length() || is_coded()) {
        let message = "answers 204 No Content with content (RFC 9110 §15.3.5)";
        faults.push(Fault::error(Check::Http, "204", message));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED && !reply.headers.contains_key(header::ALLOW) {
        let message = "answers 405 without the methods that are, in Allow (RFC 9110 §15.5.6)";
        faults.push(Fault::error(Check::Http, "405", message));
    }
    if status == StatusCode::UNAUTHORIZED && !reply.headers.contains_key(header::WWW_AUTHENTICATE) {
        let message = "answers 401 without WWW-Authenticate (RFC 9110 §15.5.2)";
        faults.push(Fault::warning(Check::Http, "401", message));
    }
    let sent = reply
        .header(&header::CONTENT_TYPE)
        .and_then(MediaType::parse);
    if let Some(sent) = sent.filter(MediaType::is_json)
        && let Some(charset) = sent.parameter("charset")
        && !charset.eq_ignore_ascii_case("utf-8")
    {
        let message =
            format!("answers JSON in the charset {charset}, which is UTF-8 alone (RFC 8259 §8.1)");
        faults.push(Fault::error(Check::Http, "charset", message));
    }
    faults
}
