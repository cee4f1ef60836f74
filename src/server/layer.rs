//! A contract around an application of one's own: what goes through it is judged, and nothing of it
//! is changed.

use crate::contract::Contract;
use crate::exchange::Exchange;
use crate::validate::Violation;
use crate::wire::{Bytes, Reply, header};
use axum::BoxError;
use axum::body::{Body, HttpBody};
use http::{Request, Response};
use http_body_util::BodyExt;
use hyper::body::Frame;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// How many breaches are kept; of those that follow it is only known that there were some.
const KEPT: usize = 1_000;

/// A layer of tower that judges what goes through an application by its contract, for the
/// application's own tests. Whole bodies are held until they are judged, but for event streams, which
/// aren't looked into.
///
/// ```
/// use axum::{Router, body::Body, routing::get};
/// use counterpart::contract::Contract;
/// use counterpart::server::Judging;
/// use tower_service::Service;
///
/// # let runtime = tokio::runtime::Runtime::new()?;
/// # runtime.block_on(async {
/// let contract = Contract::from_text("t.yaml", r#"
/// openapi: 3.1.0
/// info: {title: T, version: '1'}
/// paths:
///   /x:
///     get:
///       responses:
///         '200': {description: X, content: {application/json: {schema: {type: integer}}}}
/// "#)?;
/// let judging = Judging::by(contract);
/// let app = Router::new().route("/x", get(|| async { axum::Json("x") }));
/// let mut app = app.layer(judging.clone());
///
/// let request = http::Request::get("/x").body(Body::empty())?;
/// assert_eq!(app.call(request).await?.status(), 200);
/// let breaches = judging.breaches();
/// assert_eq!(breaches[0].to_string(), "GET /x answered 200: body must be an integer, got the string \"x\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Judging {
    contract: Arc<Contract>,
    breaches: Arc<Mutex<Vec<Breach>>>,
}

/// An exchange in which an application didn't keep to its contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The request's method and target.
    pub request: String,
    /// The status of the reply.
    pub status: u16,
    /// What is wrong, a sentence each.
    pub reasons: Vec<String>,
}

impl std::fmt::Display for Breach {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reasons = self.reasons.join("; ");
        write!(f, "{} answered {}: {reasons}", self.request, self.status)
    }
}

impl Judging {
    /// One by a contract.
    pub fn by(contract: impl Into<Arc<Contract>>) -> Judging {
        Judging {
            contract: contract.into(),
            breaches: Arc::default(),
        }
    }

    /// What wasn't kept to until now, in the order in which it was answered; a thousand at most. An
    /// application doesn't keep to its contract where its reply isn't as documented, and where it
    /// does what a request asks that breaks the contract or that no operation is for.
    pub fn breaches(&self) -> Vec<Breach> {
        let breaches = self.breaches.lock();
        breaches.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, exchange: &Exchange) {
        let status = exchange.reply.status;
        let sentence = |violation: &Violation| format!("{} {}", violation.place, violation.detail);
        let mut reasons: Vec<String> = exchange.reply_violations.iter().map(sentence).collect();
        if let Some(refusal) = exchange.refusal.as_ref().filter(|_| status.is_success()) {
            let why: Vec<String> = exchange.violations.iter().map(sentence).collect();
            let why = if why.is_empty() {
                vec![refusal.clone()]
            } else {
                why
            };
            reasons.extend(why.iter().map(|why| format!("was to be refused: {why}")));
        }
        if reasons.is_empty() {
            return;
        }
        let breaches = self.breaches.lock();
        let mut breaches = breaches.unwrap_or_else(PoisonError::into_inner);
        if breaches.len() < KEPT {
            breaches.push(Breach {
                request: format!("{} {}", exchange.request.method, exchange.request.target),
                status: status.as_u16(),
                reasons,
            });
        }
    }
}

impl std::fmt::Debug for Judging {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Judging").finish_non_exhaustive()
    }
}

impl<S> Layer<S> for Judging {
    type Service = Judged<S>;

    fn layer(&self, inner: S) -> Judged<S> {
        Judged {
            judging: self.clone(),
            inner,
        }
    }
}

/// A body that ends as the application's own did: with an error.
struct Broken(Option<BoxError>);

impl HttpBody for Broken {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Poll::Ready(self.0.take().map(Err))
    }
}

/// An application with a contract around it.
#[derive(Debug, Clone)]
pub struct Judged<S> {
    judging: Judging,
    inner: S,
}

impl<S, I, O> Service<Request<I>> for Judged<S>
where
    S: Service<Request<Body>, Response = Response<O>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    I: HttpBody<Data = Bytes> + Send + 'static,
    I::Error: Into<BoxError>,
    O: HttpBody<Data = Bytes> + Send + 'static,
    O::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<I>) -> Self::Future {
        let ready = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, ready);
        let judging = self.judging.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let Ok(body) = body.collect().await else {
                // The client went away, and nobody is left to answer.
                return Ok(Response::new(Body::empty()));
            };
            let body = body.to_bytes();
            let target = head.uri.path_and_query();
            let asked = crate::wire::Request {
                method: head.method.clone(),
                target: target.map_or("/", |target| target.as_str()).to_owned(),
                headers: head.headers.clone(),
                body: body.clone(),
                is_secure: head.uri.scheme_str() == Some("https"),
            };
            let Ok(answered) = inner
                .call(Request::from_parts(head, Body::from(body)))
                .await;
            let (head, body) = answered.into_parts();
            let is_stream = head.headers.get(header::CONTENT_TYPE);
            let is_stream =
                is_stream.is_some_and(|t| t.as_bytes().starts_with(b"text/event-stream"));
            if is_stream {
                return Ok(Response::from_parts(head, Body::new(body)));
            }
            let body = match body.collect().await {
                Ok(body) => body.to_bytes(),
                Err(broken) => {
                    let broken = Broken(Some(broken.into()));
                    return Ok(Response::from_parts(head, Body::new(broken)));
                }
            };
            let reply = Reply {
                status: head.status,
                headers: head.headers.clone(),
                body: body.clone(),
            };
            judging.note(&judging.contract.judge(asked, reply));
            Ok(Response::from_parts(head, Body::from(body)))
        })
    }
}
