//! The spine that runs per request: every step of its trip, in order.

use crate::contract::{Contract, allowed};
use crate::decode::{BodyFault, ParameterReader, Parameters, Payload, decode_body};
pub use crate::mock::Announcement;
use crate::mock::{
    Action, Binding, Prepared, PreparedContent, Rejection, Update, canned, find, list, project,
    refuse, render_item,
};
use crate::route::Routed;
use crate::rules::{Merge, Scene, Stage};
use crate::store::{Item, State};
use crate::validate::{Access, Auth, Place, View, Violation, check_parameters};
use crate::wire::{
    EntityTag, Method, Preconditions, Preferences, Reply, Request, StatusCode, Verdict, choose,
    header,
};
use serde_json::{Map, Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// One exchange, whole: what the server sends, and what log, reports and tests read.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// What was asked.
    pub request: Request,
    /// Method and template of the operation that was matched.
    pub operation: Option<String>,
    /// How the request breaks the contract.
    pub violations: Vec<Violation>,
    /// What was answered.
    pub reply: Reply,
    /// How the mock's own reply breaks the contract.
    pub reply_violations: Vec<Violation>,
    /// What went wrong on counterpart's side: a rule that can't be evaluated, say.
    pub fault: Option<String>,
    /// Messages to send once the reply is out.
    pub announcements: Vec<Announcement>,
}

/// A request after decoding and validation.
struct Checked {
    parameters: Parameters,
    payload: Payload,
}

/// What a request came to.
struct Done {
    reply: Reply,
    announcements: Vec<Announcement>,
    /// Whether the body was judged on the way already.
    judged: bool,
}

impl Contract {
    /// Answers a request, without a socket. Its target is a path of this contract, with or
    /// without the base path of one of the contract's servers.
    pub fn answer(&self, request: Request) -> Exchange {
        let mut matched = None;
        let outcome = self.travel(&request, &mut matched);
        let mut exchange = Exchange {
            operation: matched.map(|operation| operation.declared.name()),
            violations: Vec::new(),
            reply: Reply::new(StatusCode::OK),
            reply_violations: Vec::new(),
            fault: None,
            announcements: Vec::new(),
            request,
        };
        let judged = match outcome {
            Ok(done) => {
                exchange.reply = done.reply;
                exchange.announcements = done.announcements;
                done.judged
            }
            Err(rejection) => {
                exchange.reply = refuse(self.contents(), matched, &rejection);
                exchange.violations = rejection.violations().to_vec();
                if let Rejection::Fault(fault) = rejection {
                    exchange.fault = Some(fault);
                }
                false
            }
        };
        if let (Some(operation), false) = (matched, judged) {
            exchange.reply_violations = self.audit(operation, &exchange.reply);
        }
        exchange
    }

    fn travel<'c>(
        &'c self,
        request: &Request,
        matched: &mut Option<&'c Prepared>,
    ) -> Result<Done, Rejection> {
        let (operation, captures) = match self.route(request)? {
            Some((operation, captures)) => (operation, captures),
            None => return Ok(self.options(request)),
        };
        *matched = Some(operation);
        if let Some(why) = &operation.broken {
            return Err(Rejection::Broken(why.clone()));
        }
        let (mut parameters, malformed) =
            ParameterReader::read_all(&operation.parameters, &self.shapes, request, &captures);
        let mut violations = check_parameters(
            &self.document.source,
            &operation.parameters,
            &self.schemas,
            &|reader| {
                reader
                    .shape
                    .and_then(|id| self.shapes.get(id).default.clone())
            },
            &mut parameters,
            &malformed,
        );
        let auth = self.authorize(operation, request, &parameters)?;
        let preconditions = Preconditions::read(&request.headers);
        let unguarded = take_missing_precondition(&mut violations);
        let checked = self.check_body(operation, request, parameters, violations)?;
        let content = self.negotiate(operation, request)?;
        if let Some(reply) = self.preferred(operation, request)? {
            return Ok(Done {
                reply,
                announcements: Vec::new(),
                judged: false,
            });
        }
        let Some(binding) = &operation.binding else {
            let status = status(operation.declared.success());
            let reply = canned(self.contents(), operation, status, accept(request), None)?;
            return Ok(Done {
                reply,
                announcements: Vec::new(),
                judged: false,
            });
        };
        if unguarded && !preconditions.guards_write() {
            let known = |state: &State| find(binding, &checked.parameters, state).map(|_| ());
            self.store.read(known)?;
            return Err(Rejection::PreconditionRequired);
        }
        match binding.action {
            Action::Read | Action::List => self.show(
                operation,
                binding,
                content,
                &checked.parameters,
                &preconditions,
            ),
            Action::Update(merge) => {
                let body = match &checked.payload {
                    Payload::Value(_, value) => value,
                    Payload::Absent | Payload::Opaque(_) => &Value::Null,
                };
                let values =
                    self.scene_values(operation, request, &checked.parameters, body, &auth);
                let target = (operation, binding, content);
                self.update(target, merge, &checked, &preconditions, &values)
            }
            Action::Delete => self.delete(operation, binding, &checked.parameters, &preconditions),
        }
    }

    /// Step 1 and 2. Gives nothing for an `OPTIONS` that the contract doesn't describe itself.
    #[allow(clippy::type_complexity)]
    fn route(
        &self,
        request: &Request,
    ) -> Result<Option<(&Prepared, Vec<(String, String)>)>, Rejection> {
        let path = request.path();
        let bases = self
            .document
            .base_paths
            .iter()
            .filter(|base| !base.is_empty());
        let inner = bases.filter_map(|base| path.strip_prefix(base.as_str()));
        let candidates = std::iter::once(path).chain(inner.filter(|path| path.starts_with('/')));
        let mut allow = None;
        for path in candidates {
            match self.router.route(&request.method, path) {
                Routed::Operation(number, captures) => {
                    return Ok(Some((&self.operations[number], captures)));
                }
                Routed::NoMethod(methods) => {
                    allow.get_or_insert(allowed(methods));
                }
                Routed::NoPath => {}
            }
        }
        match allow {
            Some(_) if request.method == Method::OPTIONS => Ok(None),
            Some(methods) => Err(Rejection::NoMethod(methods)),
            None => {
                let nearest = self
                    .router
                    .nearest(path)
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                Err(Rejection::NoPath(nearest))
            }
        }
    }

    fn options(&self, request: &Request) -> Done {
        let mut reply = Reply::new(StatusCode::NO_CONTENT);
        let mut probe = request.clone();
        // No contract describes this method, so routing it tells what the path allows.
        probe.method = Method::CONNECT;
        if let Err(Rejection::NoMethod(methods)) = self.route(&probe) {
            let names: Vec<&str> = methods.iter().map(Method::as_str).collect();
            reply.set(header::ALLOW, &names.join(", "));
        }
        Done {
            reply,
            announcements: Vec::new(),
            judged: true,
        }
    }

    /// Step 3. Tokens expire by real time; an `authorize` rule decides in the place of scopes.
    fn authorize(
        &self,
        operation: &Prepared,
        request: &Request,
        parameters: &Parameters,
    ) -> Result<Auth, Rejection> {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let security = &operation.declared.security;
        let (auth, refusal) = match self
            .patterns
            .judge(security, request, since.as_secs() as i64)
        {
            Access::Granted(auth) => (auth, None),
            Access::Forbidden { auth, detail } => (auth, Some(detail)),
            Access::Unauthenticated { challenges, detail } => {
                return Err(Rejection::Unauthenticated(challenges, detail));
            }
        };
        let ruled = self
            .rules
            .of(operation.number)
            .is_some_and(|rules| rules.authorize.is_some());
        let refusal = match ruled {
            false => refusal,
            true => {
                let values = self.scene_values(operation, request, parameters, &Value::Null, &auth);
                let scene = |state: &State| {
                    self.stage(operation, &values, state)
                        .map_or(Ok(None), |stage| stage.permits())
                };
                match self.store.read(scene)? {
                    Some(true) => None,
                    _ => Some(refusal.unwrap_or_else(|| "this is not permitted".to_owned())),
                }
            }
        };
        match refusal {
            Some(detail) => Err(Rejection::Forbidden(detail)),
            None => Ok(auth),
        }
    }

    /// Steps 4 to 7: parameters and body are told of together.
    fn check_body(
        &self,
        operation: &Prepared,
        request: &Request,
        parameters: Parameters,
        mut violations: Vec<Violation>,
    ) -> Result<Checked, Rejection> {
        let declared = operation.declared.body.as_ref();
        let payload = match declared {
            Some(body) => decode_body(request, body.required, &operation.bodies, &self.shapes),
            None => Ok(Payload::Absent),
        };
        if let (Ok(Payload::Value(number, value)), Some(body)) = (&payload, declared) {
            let schema = body
                .content
                .get(*number)
                .and_then(|content| content.schema.as_ref());
            if operation.needs_members && violations.is_empty() {
                self.check_members(operation, *number, value)?;
            }
            if let Some(schema) = schema {
                violations.extend(
                    self.schemas
                        .check(View::Request, schema, value, &Place::Body),
                );
            }
        }
        if !violations.is_empty() {
            return Err(Rejection::Invalid(violations));
        }
        match payload {
            Ok(payload) => Ok(Checked {
                parameters,
                payload,
            }),
            Err(BodyFault::Unreadable(detail)) => Err(Rejection::Unreadable(detail)),
            Err(BodyFault::Unsupported(detail)) => {
                let accepted = operation
                    .bodies
                    .iter()
                    .map(|(media_type, _)| media_type.to_string());
                Err(Rejection::UnsupportedMedia(detail, accepted.collect()))
            }
        }
    }

    /// An update that must name a property and names none that is documented says nothing.
    fn check_members(
        &self,
        operation: &Prepared,
        number: usize,
        value: &Value,
    ) -> Result<(), Rejection> {
        let shape = operation.bodies.get(number).and_then(|(_, shape)| *shape);
        let named = project(&self.shapes, shape, value, View::Request);
        match named.as_object().is_some_and(Map::is_empty) && value.is_object() {
            true => Err(Rejection::Unreadable(
                "at least one documented property must be given".to_owned(),
            )),
            false => Ok(()),
        }
    }

    /// Step 8.
    fn negotiate<'o>(
        &self,
        operation: &'o Prepared,
        request: &Request,
    ) -> Result<Option<&'o PreparedContent>, Rejection> {
        let response = operation.response(operation.declared.success());
        let Some(response) = response.filter(|response| !response.contents.is_empty()) else {
            return Ok(None);
        };
        let offered = response.media_types();
        match choose(accept(request), &offered) {
            Some(index) => Ok(response.contents.get(index)),
            None => {
                let names = offered.iter().map(ToString::to_string).collect();
                Err(Rejection::NotAcceptable(names))
            }
        }
    }

    /// The reply that `Prefer` asks for. Nothing is changed for it.
    fn preferred(
        &self,
        operation: &Prepared,
        request: &Request,
    ) -> Result<Option<Reply>, Rejection> {
        let preferences = Preferences::read(&request.headers);
        if preferences == Preferences::default() {
            return Ok(None);
        }
        let mut applied = Vec::new();
        let code = match &preferences.code {
            None => operation.declared.success(),
            Some(text) => {
                applied.push(format!("code={text}"));
                let code = text
                    .parse()
                    .ok()
                    .filter(|code| operation.response(*code).is_some());
                code.ok_or_else(|| {
                    let known = operation.statuses();
                    Rejection::BadPreference(format!("code={text} is not documented; {known} are"))
                })?
            }
        };
        let example = preferences.example.as_deref();
        applied.extend(example.map(|name| format!("example={name}")));
        let code = status(code);
        // An error is sent in the form it is documented in, whatever the client accepts.
        let accept = accept(request).filter(|_| code.is_success());
        let mut reply = canned(self.contents(), operation, code, accept, example)?;
        reply.set(
            crate::wire::HeaderName::from_static("preference-applied"),
            &applied.join(", "),
        );
        Ok(Some(reply))
    }

    fn show(
        &self,
        operation: &Prepared,
        binding: &Binding,
        content: Option<&PreparedContent>,
        parameters: &Parameters,
        preconditions: &Preconditions,
    ) -> Result<Done, Rejection> {
        let (body, tag, modified) = self.store.read(|state| {
            if binding.action == Action::List {
                let body = list(
                    self.contents(),
                    operation,
                    binding,
                    content,
                    parameters,
                    state,
                )?;
                let tag = state.collection(&binding.collection).map(|all| all.tag());
                return Ok::<_, Rejection>((body, tag, None));
            }
            let (_, item) = find(binding, parameters, state)?;
            let body = render_item(&self.shapes, binding, content, &item.value);
            Ok((body, Some(item.tag.clone()), Some(item.modified)))
        })?;
        let verdict = tag.as_ref().map_or(Verdict::Proceed, |tag| {
            preconditions.judge(true, tag, modified.unwrap_or_else(SystemTime::now))
        });
        let mut reply = match (verdict, tag.clone()) {
            (Verdict::NotModified, _) => Reply::new(StatusCode::NOT_MODIFIED),
            (Verdict::Failed(field), Some(tag)) => {
                return Err(Rejection::PreconditionFailed(field, tag));
            }
            _ => success(operation, content, &body),
        };
        validators(&mut reply, tag.as_ref(), modified);
        Ok(Done {
            reply,
            announcements: Vec::new(),
            judged: false,
        })
    }

    fn update(
        &self,
        (operation, binding, content): (&Prepared, &Binding, Option<&PreparedContent>),
        merge: Merge,
        checked: &Checked,
        preconditions: &Preconditions,
        values: &SceneValues,
    ) -> Result<Done, Rejection> {
        let (body_number, body) = match &checked.payload {
            Payload::Value(number, value) => (*number, value.clone()),
            Payload::Opaque(number) => (*number, json!({})),
            Payload::Absent => (0, json!({})),
        };
        let shape = operation
            .bodies
            .get(body_number)
            .and_then(|(_, shape)| *shape);
        let body = project(&self.shapes, shape, &body, View::Request);
        let (decided, items) = self.store.write(self.now().into(), |state| {
            let update = Update {
                operation,
                binding,
                merge,
                parameters: &checked.parameters,
                body: &body,
                body_number,
                preconditions,
                content,
                stage: self.stage(operation, values, state),
                contents: self.contents(),
            };
            update.decide(state)
        })?;
        let mut reply = success(operation, content, &decided.body);
        if let Some(Item { tag, modified, .. }) = items.first() {
            validators(&mut reply, Some(tag), Some(*modified));
        }
        Ok(Done {
            reply,
            announcements: decided.announcements,
            judged: true,
        })
    }

    fn delete(
        &self,
        operation: &Prepared,
        binding: &Binding,
        parameters: &Parameters,
        preconditions: &Preconditions,
    ) -> Result<Done, Rejection> {
        self.store.write(self.now().into(), |state| {
            let (key, item) = find(binding, parameters, state)?;
            if let Verdict::Failed(field) = preconditions.judge(false, &item.tag, item.modified) {
                return Err(Rejection::PreconditionFailed(field, item.tag.clone()));
            }
            Ok((
                vec![crate::store::Change::Remove(
                    binding.collection.clone(),
                    key,
                )],
                (),
            ))
        })?;
        let status = status(operation.declared.success());
        let reply = canned(self.contents(), operation, status, None, None)?;
        Ok(Done {
            reply,
            announcements: Vec::new(),
            judged: false,
        })
    }

    /// What rules see of a request, as far as the operation's rules look at it.
    fn scene_values(
        &self,
        operation: &Prepared,
        request: &Request,
        parameters: &Parameters,
        body: &Value,
        auth: &Auth,
    ) -> SceneValues {
        let rules = self.rules.of(operation.number);
        let mut values = SceneValues::default();
        if rules.is_some_and(|rules| rules.uses("request")) {
            let mut headers = Map::new();
            for (name, value) in &request.headers {
                if let Ok(text) = value.to_str() {
                    headers.insert(name.as_str().to_owned(), text.into());
                }
            }
            values.request = json!({
                "method": request.method.as_str(),
                "path": parameters.path,
                "query": parameters.query,
                "headers": headers,
                "body": body,
            });
        }
        if rules.is_some_and(|rules| rules.uses("auth")) {
            values.auth = json!({"claims": auth.claims, "permissions": auth.permissions});
        }
        values
    }

    fn stage(
        &self,
        operation: &Prepared,
        values: &SceneValues,
        state: &State,
    ) -> Option<Stage<'_>> {
        self.rules.stage(
            operation.number,
            &Scene {
                request: &values.request,
                auth: &values.auth,
                now: self.now(),
                state,
            },
        )
    }

    /// Step 13: the mock judges its own reply.
    fn audit(&self, operation: &Prepared, reply: &Reply) -> Vec<Violation> {
        let Some(response) = operation.response(reply.status.as_u16()) else {
            return Vec::new();
        };
        let sent = reply
            .header(&header::CONTENT_TYPE)
            .and_then(crate::wire::MediaType::parse);
        let content = sent.and_then(|sent| {
            response
                .contents
                .iter()
                .find(|content| content.media_type.takes_in(&sent))
        });
        let schema = content.and_then(|content| content.declared.schema.as_ref());
        match (schema, reply.body_json()) {
            (Some(schema), Some(body)) => {
                self.schemas.check(View::Reply, schema, &body, &Place::Body)
            }
            _ => Vec::new(),
        }
    }
}

/// What rules see of a request, as values.
#[derive(Default)]
struct SceneValues {
    request: Value,
    auth: Value,
}

/// A required `If-Match` or `If-Unmodified-Since` that is absent is no violation: it is answered
/// in its turn with 428 (RFC 6585 §3).
fn take_missing_precondition(violations: &mut Vec<Violation>) -> bool {
    let before = violations.len();
    violations.retain(|violation| {
        !(violation.rule == "required"
            && matches!(&violation.place, Place::Header(name)
                if ["if-match", "if-unmodified-since"].contains(&name.to_ascii_lowercase().as_str())))
    });
    violations.len() < before
}

fn success(operation: &Prepared, content: Option<&PreparedContent>, body: &Value) -> Reply {
    let status = status(operation.declared.success());
    match content {
        Some(content) => Reply::json(status, &content.media_type.to_string(), body),
        None => Reply::new(status),
    }
}

fn validators(reply: &mut Reply, tag: Option<&EntityTag>, modified: Option<SystemTime>) {
    if let Some(tag) = tag {
        reply.set(header::ETAG, &tag.to_string());
    }
    if let Some(modified) = modified {
        reply.set(header::LAST_MODIFIED, &httpdate::fmt_http_date(modified));
    }
}

fn accept(request: &Request) -> Option<&str> {
    request.header(&header::ACCEPT)
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
}
