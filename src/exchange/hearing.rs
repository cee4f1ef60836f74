//! An exchange that someone else answers, held against the contract: steps 1 to 7 of the request,
//! then the reply. Nothing is answered and nothing changes; no state or rule has a say, and of
//! credentials it is asked whether they are there and well-formed, not whose they are.

use super::audit::breach;
use super::breached::SECURITY;
use super::judge::take_missing_precondition;
use super::{Exchange, Judged, Under, Way};
use crate::access::Access;
use crate::contract::Contract;
use crate::decode::{is_coded, uncoded};
use crate::faults::Conduct;
use crate::mock::{Occasion, Prepared, Rejection, Telling, dress, refuse};
use crate::validate::{Place, Violation};
use crate::wire::{
    Method, Pointer, Preconditions, Reply, Request, StatusCode, decode_percent, header,
};
use std::time::{SystemTime, UNIX_EPOCH};

/// What a contract says of a request, whoever answers it.
#[derive(Debug, Clone)]
pub struct Hearing {
    /// The number of the operation that it is for.
    operation: Option<usize>,
    /// Why it isn't let in: its credentials.
    unknown: Option<Rejection>,
    /// Why it isn't taken otherwise.
    rejection: Option<Rejection>,
    violations: Vec<Violation>,
}

impl Hearing {
    /// Whether the request keeps to the contract: it meets an operation (or asks for the methods of
    /// a path), has the credentials that are asked for, and says what is documented.
    pub fn is_sound(&self) -> bool {
        self.reason().is_none()
    }

    /// Whether it meets an operation.
    pub fn is_matched(&self) -> bool {
        self.operation.is_some()
    }

    /// How it breaks the contract. Nothing of one that meets no operation.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Of what is wrong, what is answered.
    fn reason(&self) -> Option<&Rejection> {
        self.unknown.as_ref().or(self.rejection.as_ref())
    }
}

impl Contract {
    /// Judges a request that someone else answers: its path and method, its parameters, its body,
    /// and whether it has the credentials that are asked for. Its target is as for
    /// [`Contract::answer`].
    pub fn hear(&self, request: &Request) -> Hearing {
        self.hear_as_far(request, true)
    }

    /// The same of a request whose body may not be there to be judged.
    pub(crate) fn hear_as_far(&self, request: &Request, has_body: bool) -> Hearing {
        let mut hearing = Hearing {
            operation: None,
            unknown: None,
            rejection: None,
            violations: Vec::new(),
        };
        let rejection = self.listen(request, has_body, &mut hearing).err();
        let heard_by = self.heard_by(&hearing);
        let rejection = rejection.map(|why| why.hushed(&self.shapes, heard_by));
        hearing.rejection = rejection;
        if let Some(operation) = self.heard_by(&hearing) {
            let all = hearing.unknown.iter().chain(&hearing.rejection);
            hearing.violations = all
                .flat_map(|why| self.breaches_in(operation, why))
                .collect();
        }
        hearing
    }

    fn listen(
        &self,
        request: &Request,
        has_body: bool,
        hearing: &mut Hearing,
    ) -> Result<(), Rejection> {
        let routed = self.route(request);
        if let Ok(Way::To(operation, _)) = &routed {
            hearing.operation = Some(operation.number);
        }
        if let Err(why) = decode_percent(&request.target) {
            let why = format!("the target can't be read: it {why}");
            return Err(Rejection::BadTarget(why));
        }
        let (operation, captures) = match routed? {
            Way::To(operation, captures) => (operation, captures),
            Way::Options(_) => return Ok(()),
        };
        if let Some(why) = self.fault_of(operation) {
            return Err(Rejection::Broken(why.to_string()));
        }
        hearing.unknown = self.unknown(operation, request);
        let (parameters, mut violations) = self.read_parameters(operation, request, &captures);
        let unguarded = take_missing_precondition(&mut violations);
        match has_body {
            true => drop(self.check_body(operation, request, parameters, None, violations)?),
            false if violations.is_empty() => {}
            false => return Err(Rejection::Invalid(violations)),
        }
        match unguarded && !Preconditions::read(&request.headers).guards_write() {
            true => Err(Rejection::PreconditionRequired),
            false => Ok(()),
        }
    }

    /// Why a request has none of the credentials that are asked for. What they permit is known to
    /// who answers.
    fn unknown(&self, operation: &Prepared, request: &Request) -> Option<Rejection> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = since.unwrap_or_default().as_secs() as i64;
        let number = operation.number;
        match self.guard.judge(number, request, &self.prefix, now) {
            Access::Granted(_) | Access::Forbidden { .. } => None,
            Access::Unauthenticated { challenges, detail } => {
                Some(Rejection::Unauthenticated(challenges, detail))
            }
        }
    }

    /// The documented refusal of a request that doesn't keep to the contract; nothing of one that
    /// does.
    pub fn refusal(&self, request: &Request, hearing: &Hearing) -> Option<Reply> {
        let clock = || self.moment(request, Under::default());
        let telling = Telling {
            occasion: Some(Occasion {
                request,
                lead: ("", &self.prefix),
                clock: &clock,
            }),
            ..self.telling()
        };
        let operation = self.heard_by(hearing);
        let (mut reply, ..) = refuse(self.contents(), operation, hearing.reason()?, telling);
        if let Some(operation) = operation {
            dress(self.contents(), (operation, None), &mut reply, &[]);
        }
        Some(reply)
    }

    /// Judges an exchange: what was asked, and what someone else answered. The request's target is
    /// as for [`Contract::answer`]; both bodies are as they travelled, their codings
    /// (`Content-Encoding`) included.
    ///
    /// The exchange has that reply, unchanged. Of the reply it is told how it breaks what is
    /// documented for its status, and which status isn't documented: success, a redirect or a
    /// failure of the server. A refusal (4xx) may be undocumented, since a contract needn't list
    /// them all.
    ///
    /// ```
    /// use counterpart::contract::Contract;
    /// use counterpart::wire::{Method, Reply, Request, StatusCode};
    ///
    /// let contract = Contract::from_text("t.yaml", r#"
    /// openapi: 3.1.0
    /// info: {title: T, version: '1'}
    /// paths:
    ///   /x:
    ///     get:
    ///       responses:
    ///         '200': {description: X, content: {application/json: {schema: {type: integer}}}}
    /// "#)?;
    /// let request = Request::new(Method::GET, "/x");
    /// let reply = Reply::json(StatusCode::OK, "application/json", &"x".into());
    /// let exchange = contract.judge(request, reply);
    /// assert!(exchange.violations.is_empty());
    /// assert_eq!(exchange.reply_violations[0].detail, "must be an integer, got the string \"x\"");
    /// # Ok::<(), counterpart::spec::LoadErrors>(())
    /// ```
    pub fn judge(&self, request: Request, reply: Reply) -> Exchange {
        let hearing = self.hear(&request);
        self.judge_as_far(request, &hearing, reply, true)
    }

    /// The same of a request that was heard; `seen` says whether the reply's body is there.
    pub(crate) fn judge_as_far(
        &self,
        request: Request,
        hearing: &Hearing,
        reply: Reply,
        seen: bool,
    ) -> Exchange {
        let operation = self.heard_by(hearing);
        let judging = operation.filter(|operation| self.fault_of(operation).is_none());
        let reply_violations = judging.map(|operation| {
            let seen = seen && request.method != Method::HEAD;
            self.breaches_of(operation, &request.method, &reply, seen)
        });
        let mut refusal = hearing.reason();
        let mut violations = hearing.violations().to_vec();
        // What whoever answers has refused itself needs no word of ours.
        let refused = [
            StatusCode::UNAUTHORIZED,
            StatusCode::FORBIDDEN,
            StatusCode::PROXY_AUTHENTICATION_REQUIRED,
        ];
        if refused.contains(&reply.status) && hearing.unknown.is_some() {
            refusal = hearing.rejection.as_ref();
            violations.retain(|violation| violation.rule != SECURITY);
        }
        let detail =
            |rejection: &Rejection| refuse(self.contents(), operation, rejection, self.telling()).1;
        Exchange {
            operation: operation.map(|operation| operation.declared.name()),
            sandbox: None,
            violations,
            reply,
            reply_violations: reply_violations.unwrap_or_default(),
            source: None,
            refusal: refusal.map(detail),
            is_fault: false,
            conduct: Conduct::default(),
            announcements: Vec::new(),
            request,
        }
    }

    /// Whether the operation of a request says what a reply of this status is.
    pub(crate) fn documents(&self, hearing: &Hearing, status: StatusCode) -> bool {
        let operation = self.heard_by(hearing);
        operation.is_some_and(|operation| operation.response(status.as_u16()).is_some())
    }

    fn heard_by(&self, hearing: &Hearing) -> Option<&Prepared> {
        hearing.operation.map(|number| self.operations.get(number))
    }

    /// How a reply breaks what is documented; `seen` says whether its body is there.
    fn breaches_of(
        &self,
        operation: &Prepared,
        method: &Method,
        reply: &Reply,
        seen: bool,
    ) -> Vec<Violation> {
        let status = reply.status;
        let is_known = operation.response(status.as_u16()).is_some();
        let is_told =
            status.as_u16() >= 500 || status.is_redirection() && status != StatusCode::NOT_MODIFIED;
        if !is_known && is_told {
            let told = format!("{} is not documented", status.as_u16());
            return vec![breach(Place::Status, "status", told)];
        }
        let mut found = Vec::new();
        let mut judged = match seen {
            true => Judged::Not,
            false => Judged::Unseen,
        };
        let mut plain = None;
        if seen && is_coded(&reply.headers) {
            match uncoded(&reply.headers, &reply.body) {
                Ok(body) => {
                    plain = Some(Reply {
                        body,
                        ..reply.clone()
                    });
                }
                Err(detail) => {
                    found.push(breach(Place::Body(Pointer::root()), "syntax", detail));
                    judged = Judged::Unseen;
                }
            }
        }
        found.extend(self.audit(operation, plain.as_ref().unwrap_or(reply), &judged));
        // A reply to HEAD may leave out what is known by making the body (RFC 9110 §9.3.2).
        if *method == Method::HEAD {
            let type_name = header::CONTENT_TYPE;
            found.retain(|violation| {
                let is_type = matches!(&violation.place, Place::Header(name)
                    if name.eq_ignore_ascii_case(type_name.as_str()));
                !(is_type && violation.rule == "required")
            });
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::HeaderName;

    const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: T, version: '1'}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
paths:
  /x:
    get:
      parameters: [{name: n, in: query, schema: {type: integer}}]
      responses:
        '200': {description: X, content: {application/json: {schema: {type: integer}}}}
        '404': {description: None, content: {application/json: {schema: {type: object}}}}
    put:
      security: [{key: []}]
      requestBody: {content: {application/json: {schema: {type: integer}}}}
      responses: {'204': {description: Done}}
";

    fn contract() -> Contract {
        Contract::from_text("t.yaml", DOCUMENT).expect("a contract")
    }

    fn told(violations: &[Violation]) -> Vec<String> {
        let told = |v: &Violation| format!("{} {}", v.place, v.detail);
        violations.iter().map(told).collect()
    }

    fn reply(status: u16, body: &str) -> Reply {
        let mut reply = Reply::new(StatusCode::from_u16(status).expect("a status"));
        reply.set(header::CONTENT_TYPE, "application/json");
        reply.body = body.to_owned().into();
        reply
    }

    fn of_reply(method: Method, status: u16, body: &str) -> Vec<String> {
        let request = Request::new(method, "/x");
        told(
            &contract()
                .judge(request, reply(status, body))
                .reply_violations,
        )
    }

    #[test]
    fn a_status_that_is_not_documented_is_told_unless_it_refuses() {
        assert_eq!(of_reply(Method::GET, 200, "1"), [""; 0]);
        assert_eq!(of_reply(Method::GET, 400, "?"), [""; 0]);
        assert_eq!(of_reply(Method::GET, 304, ""), [""; 0]);
        for status in [201, 302, 500, 600, 999] {
            let told = format!("status {status} is not documented");
            assert_eq!(of_reply(Method::GET, status, "1"), [told]);
        }
        assert_eq!(
            of_reply(Method::GET, 404, "1"),
            ["body must be an object, got 1"]
        );
    }

    #[test]
    fn a_reply_to_head_has_no_body_to_be_judged() {
        assert_eq!(of_reply(Method::GET, 200, ""), ["body is not JSON"]);
        assert_eq!(of_reply(Method::HEAD, 200, ""), [""; 0]);
        let request = Request::new(Method::HEAD, "/x");
        let exchange = contract().judge(request, Reply::new(StatusCode::OK));
        assert_eq!(told(&exchange.reply_violations), [""; 0]);
    }

    #[test]
    fn a_coded_body_is_judged_without_its_codings() {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"\"x\"").expect("written");
        let mut coded = reply(200, "");
        coded.set(header::CONTENT_ENCODING, "gzip");
        coded.body = gzip.finish().expect("written").into();
        let judge = |reply: &Reply| {
            let request = Request::new(Method::GET, "/x");
            let exchange = contract().judge(request, reply.clone());
            told(&exchange.reply_violations)
        };
        assert_eq!(
            judge(&coded),
            ["body must be an integer, got the string \"x\""]
        );
        coded.body = coded.body.slice(..4);
        assert_eq!(judge(&coded).len(), 1);
    }

    #[test]
    fn a_request_is_judged_without_the_state() {
        let contract = contract();
        let heard = |request: &Request| told(contract.hear(request).violations());
        let get = Request::new(Method::GET, "/x?n=a");
        assert_eq!(
            heard(&get),
            ["query n must be an integer, got the string \"a\""]
        );
        let refusal = contract
            .refusal(&get, &contract.hear(&get))
            .expect("a refusal");
        assert_eq!(refusal.status, StatusCode::UNPROCESSABLE_ENTITY);

        let put = Request::new(Method::PUT, "/x")
            .with_header(header::CONTENT_TYPE, "application/json")
            .with_body("\"x\"");
        let hearing = contract.hear(&put);
        assert_eq!(
            told(hearing.violations()),
            [
                "header x-key no API key is given: send the header field X-Key",
                "body must be an integer, got the string \"x\""
            ]
        );
        let refusal = contract.refusal(&put, &hearing).expect("a refusal");
        assert_eq!(refusal.status, StatusCode::UNAUTHORIZED);
        let known = put
            .clone()
            .with_header(HeaderName::from_static("x-key"), "1");
        let known = known.with_body("1");
        let hearing = contract.hear(&known);
        assert!(hearing.is_sound() && hearing.is_matched());
        assert!(contract.refusal(&known, &hearing).is_none());
        let nowhere = contract.hear(&Request::new(Method::GET, "/y"));
        assert!(!nowhere.is_sound() && !nowhere.is_matched());
        assert!(
            contract
                .hear(&Request::new(Method::OPTIONS, "/x"))
                .is_sound()
        );
    }

    #[test]
    fn a_credential_that_is_missed_is_told_unless_it_was_refused() {
        let contract = contract();
        let judged = |status| {
            let put = Request::new(Method::PUT, "/x");
            contract.judge(put, reply(status, ""))
        };
        let accepted = judged(204);
        assert_eq!(accepted.violations[0].rule, SECURITY);
        assert!(accepted.refusal.is_some());
        let refused = judged(401);
        assert!(refused.violations.is_empty() && refused.refusal.is_none());
    }
}
