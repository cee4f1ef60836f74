//! The spine that runs per request: every step of its trip, in order.

mod apart;
mod audit;
mod batch;
mod breached;
mod callbacks;
mod change;
mod hearing;
mod judge;
mod meaning;
mod obliged;
mod parting;
mod purpose;
mod reply;
mod show;
mod twin;
mod verdict;
mod webhooks;
mod wishes;

use crate::access::Auth;
use crate::contract::{Apart, Contract, allowed};
use crate::decode::{ParameterReader, Parameters, Payload};
use crate::faults::Conduct;
pub use crate::mock::Announcement;
use crate::mock::{
    Action, Binding, Occasion, Prepared, Rejection, Telling, check_parents, dress, refuse,
    say_again,
};
use crate::route::{Captures, Routed};
use crate::spec::{METHODS, Shapes};
use crate::store::{State, Store};
use crate::validate::{Place, Violation, break_contract};
use crate::wire::{
    HeaderName, HeaderValue, Method, PREFER, Preconditions, Preferences, Reply, Request,
    StatusCode, accept, decode_percent, header,
};
pub(crate) use callbacks::HOPS;
use callbacks::bound_hops;
use chrono::{DateTime, Utc};
pub use hearing::Hearing;
use judge::take_missing_precondition;
pub(crate) use meaning::Meaning;
use purpose::{Desk, PREFERENCE_APPLIED, tell, tell_applied, written};
use reply::spare;
use serde_json::Value;
use std::sync::Arc;
pub use webhooks::{Webhook, WebhookFault};
use wishes::Wishes;

/// One exchange, whole: what the server sends, and what log, reports and tests read.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// What was asked.
    pub request: Request,
    /// Method and template of the operation that was matched.
    pub operation: Option<String>,
    /// The sandbox that it was for.
    pub sandbox: Option<Arc<str>>,
    /// How the request breaks the contract: its document, what that asks for of credentials
    /// included, and its rules; and what of it is at odds with what there is (409, 412), which
    /// breaks nothing: [`Exchange::breaks_contract`] tells.
    pub violations: Vec<Violation>,
    /// What was answered.
    pub reply: Reply,
    /// How the reply, the mock's own or another server's, breaks the contract.
    pub reply_violations: Vec<Violation>,
    /// Where the reply's body is from, in words: an example, a sample, an item.
    pub source: Option<Arc<str>>,
    /// Why the request was refused, or would have been by the mock where another server answered.
    pub refusal: Option<String>,
    /// Whether that is no fault of the client's: a rule that can't be evaluated, say, or another
    /// server that doesn't answer.
    pub is_fault: bool,
    /// What was done, or is still to be done by who sends the reply, on purpose.
    pub conduct: Conduct,
    /// Messages to send once the reply is out.
    pub announcements: Vec<Announcement>,
}

impl Exchange {
    /// Whether the request breaks the contract. One that is refused for what there is (404, 409,
    /// 412) or for who asks (403) may keep to it.
    pub fn breaks_contract(&self) -> bool {
        break_contract(&self.violations)
    }
}

/// A request after decoding and validation.
#[derive(Clone)]
struct Checked {
    parameters: Parameters,
    payload: Payload,
}

impl Checked {
    /// The body's value; null where there is none.
    fn body(&self) -> &Value {
        match &self.payload {
            Payload::Value(_, value) => value,
            Payload::Absent | Payload::Opaque(_) => &Value::Null,
        }
    }
}

/// A checked request, on its way to the items that it is about.
struct Call<'c> {
    operation: &'c Prepared,
    binding: &'c Binding,
    request: &'c Request,
    checked: &'c Checked,
    auth: &'c Auth,
    wishes: &'c Wishes,
    preconditions: Preconditions,
    store: &'c Store,
    /// The present moment of the API in that store.
    now: DateTime<Utc>,
    /// What stands before the contract's paths for this client.
    lead: &'c str,
    /// What an error may say of the request.
    occasion: Occasion<'c>,
    /// Whether a precondition is required, and absent.
    unguarded: bool,
}

/// Where a request goes.
enum Way<'c, 'p> {
    /// To an operation, with the path parameters still encoded.
    To(&'c Prepared, Captures<'c, 'p>),
    /// To the list of the path's methods: an `OPTIONS` that the contract doesn't describe itself.
    Options(Vec<Method>),
}

/// What a request came to.
struct Done {
    reply: Reply,
    source: Option<Arc<str>>,
    announcements: Vec<Announcement>,
    /// What of the body needn't be read again to be judged.
    judged: Judged,
    /// The documented header fields that this reply has no value for.
    lacks: Vec<HeaderName>,
}

/// What is known of a body, one that is written as JSON as a rule.
enum Judged {
    /// Nothing.
    Not,
    /// The value that it was made of, which is still to be judged.
    As(Value),
    /// That it is made of a value that was found valid on the way.
    Valid,
    /// That it isn't there, whatever its media type.
    Unseen,
}

impl From<bool> for Judged {
    fn from(is_valid: bool) -> Judged {
        match is_valid {
            true => Judged::Valid,
            false => Judged::Not,
        }
    }
}

/// The header field that names the sandbox that a request is for.
pub(crate) const SANDBOX: HeaderName = HeaderName::from_static("counterpart-sandbox");

/// What is known of a request beside itself.
#[derive(Clone, Copy, Default)]
pub(crate) struct Under<'u> {
    /// The rules of behaviour.
    pub(crate) desk: Option<Desk<'u>>,
    /// The sandbox that the path named.
    pub(crate) sandbox: Option<&'u str>,
    /// What stood before the path for it.
    pub(crate) lead: &'u str,
    /// The state that is looked at in the place of all others.
    pub(crate) apart: Option<&'u Apart>,
}

/// The header field that tells where a reply is from.
const SOURCE: HeaderName = HeaderName::from_static("counterpart-source");

impl Contract {
    /// Answers a request, without a socket. Its target is a path of this contract, with or
    /// without the base path of one of the contract's servers.
    pub fn answer(&self, request: Request) -> Exchange {
        self.answer_under(request, Under::default())
    }

    /// The same without the mock's judgement of its reply: for the benchmark, which tells what
    /// that costs.
    #[doc(hidden)]
    pub fn answer_unaudited(&self, request: Request) -> Exchange {
        self.reply_to(request, Under::default()).0
    }

    /// The same under rules of behaviour.
    pub(crate) fn answer_under(&self, request: Request, under: Under<'_>) -> Exchange {
        let (mut exchange, matched, judged) = self.reply_to(request, under);
        if let Some(operation) = matched {
            exchange.reply_violations = self.audit(operation, &exchange.reply, &judged);
        }
        exchange
    }

    /// All of the trip but the judgement of the reply; with the operation, and what of the body
    /// needn't be read again for it.
    fn reply_to(
        &self,
        request: Request,
        under: Under<'_>,
    ) -> (Exchange, Option<&Prepared>, Judged) {
        let mut matched = None;
        let mut conduct = Conduct::default();
        let mut heard = None;
        let outcome = self.travel(&request, under, &mut matched, &mut conduct, &mut heard);
        let mut exchange = Exchange {
            operation: matched.map(|operation| operation.declared.name()),
            sandbox: self.sandbox(&request, under).ok().flatten().map(Arc::from),
            violations: Vec::new(),
            reply: Reply::new(StatusCode::OK),
            reply_violations: Vec::new(),
            source: None,
            refusal: None,
            is_fault: false,
            conduct,
            announcements: Vec::new(),
            request,
        };
        let mut lacks = Vec::new();
        let judged = match outcome {
            Ok(done) => {
                lacks = done.lacks;
                exchange.reply = done.reply;
                exchange.announcements = done.announcements;
                exchange.source = done.source;
                done.judged
            }
            Err(rejection) => {
                let rejection = rejection.hushed(&self.shapes, matched);
                let preferences = written(&exchange.request, matched);
                let example = preferences.example.as_deref();
                let accept = accept(&exchange.request.headers);
                let clock = || self.moment(&exchange.request, under);
                let liked = Telling {
                    example,
                    accept: accept.as_deref(),
                    occasion: Some(Occasion {
                        request: &exchange.request,
                        lead: (under.lead, &self.prefix),
                        clock: &clock,
                    }),
                    ..self.telling()
                };
                let (reply, detail, judged) = refuse(self.contents(), matched, &rejection, liked);
                exchange.reply = reply;
                exchange.refusal = Some(detail);
                let breaches = matched.map(|operation| self.breaches_in(operation, &rejection));
                exchange.violations = breaches.unwrap_or_default();
                exchange.is_fault = matches!(rejection, Rejection::Fault(_));
                judged.into()
            }
        };
        if let Some(operation) = matched {
            self.oblige(operation, &exchange.request, &mut exchange.reply);
            self.fit_tag(operation, &mut exchange.reply);
            self.fit_challenge(operation, &mut exchange.reply);
            say_again(
                &self.schemas,
                operation,
                &exchange.request,
                &mut exchange.reply,
            );
            self.locate_put(
                operation,
                &exchange.request,
                under.lead,
                &mut exchange.reply,
            );
            let at = (under.lead, &*self.prefix, &*exchange.request.target);
            dress(
                self.contents(),
                (operation, Some(at)),
                &mut exchange.reply,
                &lacks,
            );
            spare(&exchange.request, &mut exchange.reply);
            if operation.is_negotiated {
                vary_by("Accept", &mut exchange.reply);
            }
            // What is in the query is part of what a cache knows the reply by.
            if exchange.reply.headers.contains_key(PREFERENCE_APPLIED)
                && exchange.request.headers.contains_key(PREFER)
            {
                vary_by("Prefer", &mut exchange.reply);
            }
        }
        if let Some(source) = &exchange.source {
            exchange.reply.set(SOURCE, source);
        }
        tell_applied(
            &exchange.request,
            matched,
            &exchange.conduct,
            &mut exchange.reply,
        );
        if let (Some(operation), Some(checked)) = (matched, &heard) {
            self.call_back(operation, checked, &mut exchange);
        }
        self.identify(&mut exchange.announcements);
        bound_hops(&mut exchange);
        (exchange, matched, judged)
    }

    fn travel<'c>(
        &'c self,
        request: &Request,
        under: Under<'_>,
        matched: &mut Option<&'c Prepared>,
        conduct: &mut Conduct,
        heard: &mut Option<Checked>,
    ) -> Result<Done, Rejection> {
        let routed = self.route(request);
        // Known even where the rest of the target can't be read: refused as it documents that.
        if let Ok(Way::To(operation, _)) = &routed {
            *matched = Some(*operation);
        }
        if request.target.contains('%')
            && let Err(why) = decode_percent(&request.target)
        {
            return Err(Rejection::BadTarget(format!(
                "the target can't be read: it {why}"
            )));
        }
        *conduct = self.conduct(request, *matched, under)?;
        if let Some(done) = self.on_purpose(*matched, conduct, request, under) {
            return Ok(done);
        }
        let (operation, captures) = match routed? {
            Way::To(operation, captures) => (operation, captures),
            Way::Options(methods) => return Ok(options(&methods)),
        };
        if let Some(why) = self.fault_of(operation) {
            return Err(Rejection::Broken(why.to_string()));
        }
        let mut declared = operation.declared.parameters.iter();
        let plain = match declared.any(|parameter| parameter.name.starts_with("__")) {
            // The name is the document's own.
            true => None,
            false => Preferences::strip(&request.target),
        };
        let query = if plain.is_some() { request.query() } else { "" };
        let preferences = Preferences::read(&request.headers, query);
        let plain = plain.map(|target| Request {
            target,
            ..request.clone()
        });
        let request = plain.as_ref().unwrap_or(request);
        let (parameters, mut violations) = self.read_parameters(operation, request, &captures);
        let sandbox = self.sandbox(request, under)?;
        let store = match under.apart {
            Some(apart) => apart.store(),
            None if self.looks_at_state(operation) => self.store(sandbox)?,
            None => self.store_unseen(sandbox)?,
        };
        let auth = self.authorize(operation, request, &parameters, &store)?;
        let preconditions = Preconditions::read(&request.headers);
        let unguarded = take_missing_precondition(&mut violations);
        let checked = self.check_body(
            operation,
            request,
            parameters,
            Some((&auth, &store)),
            violations,
        )?;
        if !operation.callbacks.is_empty() {
            *heard = Some(checked.clone());
        }
        let wishes = Wishes::read(preferences, operation)?;
        if let Some(answered) = self.as_get(operation, request, &wishes, under) {
            return answered;
        }
        let clock = || self.now(&store);
        let occasion = Occasion {
            request,
            lead: (under.lead, &self.prefix),
            clock: &clock,
        };
        let binding = match &operation.binding {
            Some(binding) if self.remembers && wishes.leave_state(operation, binding) => binding,
            _ if unguarded && !preconditions.guards_write() => {
                return Err(Rejection::PreconditionRequired);
            }
            _ => {
                let mut done = self.stateless(operation, occasion, &checked, &wishes, &store)?;
                self.locate_shown(operation, request, &checked, under.lead, &mut done.reply);
                return Ok(self.tagged(operation, request, done));
            }
        };
        let call = Call {
            operation,
            binding,
            request,
            checked: &checked,
            auth: &auth,
            wishes: &wishes,
            preconditions,
            now: self.now(&store),
            store: &store,
            lead: under.lead,
            occasion,
            unguarded,
        };
        if wishes.is_for_contract() {
            let mut done = self.stateful(&call)?;
            let is_met = wishes.code == Some(done.reply.status.as_u16());
            if let Some(applied) = wishes.applied().filter(|_| is_met) {
                tell(&mut done.reply, &applied);
            }
            return Ok(done);
        }
        // What someone wrote goes before what nobody did, and where there is no item.
        let written = || self.written(operation, occasion, &checked, &wishes);
        if self.written.has(operation) && !self.is_stored(&call) {
            return written().unwrap_or_else(|| self.stateful(&call));
        }
        self.stateful(&call)
    }

    /// The present moment of the API for who sent a request.
    fn moment(&self, request: &Request, under: Under<'_>) -> DateTime<Utc> {
        let store = match under.apart {
            Some(apart) => Some(apart.store()),
            None => {
                let sandbox = self.sandbox(request, under).ok().flatten();
                self.store_unseen(sandbox).ok()
            }
        };
        store.map_or_else(Utc::now, |store| self.now(&store))
    }

    /// Whether an operation's requests may be decided by what is remembered.
    fn looks_at_state(&self, operation: &Prepared) -> bool {
        let mut parents = operation.parents.iter();
        operation.binding.is_some() && self.remembers
            || parents.any(|parent| parent.collection.is_some())
            || self.rules.of(operation.number).is_some()
    }

    /// A reply that the state has no part in, but for the items that the path hangs on.
    fn stateless(
        &self,
        operation: &Prepared,
        occasion: Occasion<'_>,
        checked: &Checked,
        wishes: &Wishes,
        store: &Store,
    ) -> Result<Done, Rejection> {
        if wishes.is_for_contract() {
            return self.canned(operation, occasion, checked, wishes);
        }
        if let Some(written) = self.written(operation, occasion, checked, wishes) {
            return written;
        }
        if operation.parents.iter().any(|p| p.collection.is_some()) {
            let above =
                |state: &State| check_parents(&operation.parents, &checked.parameters, state);
            store.read(above)?;
        }
        self.canned(operation, occasion, checked, wishes)
    }

    /// Steps 8 to 12 of an operation on a collection.
    fn stateful(&self, call: &Call<'_>) -> Result<Done, Rejection> {
        let operation = call.operation;
        if call.unguarded && !call.preconditions.guards_write() {
            self.negotiate(operation, call.request, operation.declared.success())?;
            if call.binding.action != Action::Several {
                let known = |state: &State| self.find(call, state).map(|_| ());
                call.store.read(known)?;
            }
            return Err(Rejection::PreconditionRequired);
        }
        if let Some(batch) = call.batch() {
            return self.write_several(call, batch);
        }
        match call.binding.action {
            Action::Read => self.show(call),
            Action::List => self.list(call),
            Action::Create => self.write(call, None),
            Action::Update(merge) => self.write(call, Some(merge)),
            Action::Delete => self.delete(call),
            // All that such an operation takes is a batch.
            Action::Several => self.canned(operation, call.occasion, call.checked, call.wishes),
        }
    }

    /// The sandbox that a request is for, by its path or its header field.
    fn sandbox<'r>(
        &self,
        request: &'r Request,
        under: Under<'r>,
    ) -> Result<Option<&'r str>, Rejection> {
        let mut given = request.headers.get_all(&SANDBOX).iter();
        let named = given.next();
        if given.next().is_some() {
            let why = format!("{SANDBOX} is there more than once: a request is for one sandbox");
            return Err(Rejection::BadTarget(why));
        }
        let given = named.map(|value| value.to_str().unwrap_or(""));
        if let (Some(given), Some(path)) = (given, under.sandbox)
            && given != path
        {
            let why = format!(
                "the path names the sandbox {path}, and {SANDBOX} another: a request is for one sandbox"
            );
            return Err(Rejection::BadTarget(why));
        }
        let Some(name) = under.sandbox.or(given) else {
            return Ok(None);
        };
        match is_sandbox(name) {
            true => Ok(Some(name)),
            false => Err(Rejection::BadTarget(format!(
                "{SANDBOX} names a sandbox by 1 to {SANDBOX_NAME} letters, digits, and -._~"
            ))),
        }
    }

    /// Steps 1 and 2.
    fn route<'p>(&self, request: &'p Request) -> Result<Way<'_, 'p>, Rejection> {
        let path = request.path();
        let takes = |number: usize, captures: &Captures<'_, '_>| self.takes_path(number, captures);
        let (method, query) = (&request.method, request.query());
        match self.router.route(method, path, query, &takes) {
            Routed::Operation(number, mut captures) => {
                let operation = self.operations.get(number);
                captures.part(&|name, text| self.takes_in_path(operation, name, text));
                Ok(Way::To(operation, captures))
            }
            Routed::NoMethod(methods) if request.method == Method::OPTIONS => {
                Ok(Way::Options(allowed(methods)))
            }
            Routed::NoMethod(methods) => {
                // `QUERY` is one of OpenAPI 3.2's, whatever version the document is of.
                let is_known = METHODS.contains(&request.method)
                    || request.method.as_str() == "QUERY"
                    || self.router.knows(&request.method);
                Err(match is_known {
                    true => Rejection::NoMethod(allowed(methods)),
                    false => Rejection::UnknownMethod(allowed(methods)),
                })
            }
            Routed::NoPath => {
                if let Some(why) = self.unread.as_ref().and_then(|unread| unread.why(path)) {
                    return Err(Rejection::Broken(why.to_owned()));
                }
                let nearest = self.router.nearest(path).into_iter();
                let nearest = nearest
                    .map(|path| format!("{}{path}", self.prefix))
                    .collect();
                Err(Rejection::NoPath(nearest))
            }
        }
    }
}

/// How long the name of a sandbox may be.
const SANDBOX_NAME: usize = 100;

/// Whether a text may name a sandbox.
pub(crate) fn is_sandbox(name: &str) -> bool {
    let is_letter = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
    (1..=SANDBOX_NAME).contains(&name.len()) && name.bytes().all(is_letter)
}

/// The query parameters that the operation doesn't have.
fn undocumented(
    operation: &Prepared,
    shapes: &Shapes,
    request: &Request,
    keys: &[&str],
) -> Vec<Violation> {
    let readers = &operation.parameters;
    let names = ParameterReader::unknown_query_names(readers, shapes, request, keys);
    let violation = |name| Violation {
        place: Place::Query(name),
        rule: "undocumented".to_owned(),
        detail: "is not a parameter of this operation".to_owned(),
        origin: None,
    };
    names.into_iter().map(violation).collect()
}

/// Has caches keep a reply for those who ask the same in a field (RFC 9110 §12.5.5).
fn vary_by(field: &'static str, reply: &mut Reply) {
    let mut fields = reply.headers.get_all(header::VARY).iter();
    let is_told = fields.any(|told| {
        let mut names = told.as_bytes().split(|octet| *octet == b',');
        names.any(|name| {
            let name = name.trim_ascii();
            name == b"*" || name.eq_ignore_ascii_case(field.as_bytes())
        })
    });
    if !is_told {
        let field = HeaderValue::from_static(field);
        reply.headers.append(header::VARY, field);
    }
}

fn options(methods: &[Method]) -> Done {
    let mut reply = Reply::new(StatusCode::NO_CONTENT);
    let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    reply.set(header::ALLOW, &names.join(", "));
    Done {
        reply,
        source: None,
        announcements: Vec::new(),
        judged: Judged::Valid,
        lacks: Vec::new(),
    }
}
