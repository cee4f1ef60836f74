//! Replies, and bodies of what the API sends, that someone wrote for certain requests.

use super::pattern::RequestPattern;
use super::prepared::Contents;
use super::respond::{Canned, Wanted, canned};
use super::{Occasion, Prepared, Rejection};
use crate::decode::{Parameters, Payload};
use crate::wire::{Reply, StatusCode, choose};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// A reply that someone wrote.
#[derive(Debug)]
pub struct ReplyFixture {
    /// Which requests it is for.
    pub request: RequestPattern,
    /// What it says.
    pub answer: Answer,
    /// Where it stands, in words.
    pub source: Arc<str>,
}

/// What a fixture answers.
#[derive(Debug)]
pub enum Answer {
    /// This, made and judged when it was read; with the number of its media type in the response.
    Written(Box<Reply>, Option<usize>),
    /// What the contract alone gives for a status, by the name of an example where one is named.
    Documented(StatusCode, Option<String>),
}

/// The body of a callback or webhook that someone wrote.
#[derive(Debug)]
pub struct MessageFixture {
    /// The name of the callback or webhook.
    pub message: String,
    /// Which requests it follows.
    pub request: RequestPattern,
    /// The body, found valid when it was read.
    pub body: Value,
}

/// All of a contract.
#[derive(Debug, Default)]
pub struct WrittenFixtures {
    /// The replies, by the number of their operation, each in the order in which they are asked.
    pub replies: HashMap<usize, Vec<ReplyFixture>>,
    /// The bodies of callbacks, by the number of their operation.
    pub callbacks: HashMap<usize, Vec<MessageFixture>>,
    /// The bodies of webhooks.
    pub webhooks: Vec<MessageFixture>,
}

impl WrittenFixtures {
    /// Whether there is a reply for some request to an operation.
    pub fn has(&self, operation: &Prepared) -> bool {
        self.replies.contains_key(&operation.number)
    }

    /// The reply for a request, where one is for it that the client accepts: the first.
    pub fn reply(
        &self,
        contents: Contents<'_>,
        operation: &Prepared,
        (parameters, payload): (&Parameters, &Payload),
        (accept, occasion): (Option<&str>, Occasion<'_>),
    ) -> Option<Result<Canned, Rejection>> {
        let mut fixtures = self.replies.get(&operation.number)?.iter();
        let fixture = fixtures.find(|fixture| {
            fixture.request.fits(parameters, payload) && fixture.is_acceptable(operation, accept)
        })?;
        Some(match &fixture.answer {
            Answer::Written(reply, _) => Ok(Canned {
                reply: reply.as_ref().clone(),
                source: Arc::clone(&fixture.source),
                is_judged: true,
                of_list: None,
            }),
            Answer::Documented(status, example) => {
                let wanted = Wanted {
                    status: *status,
                    accept: accept.filter(|_| status.is_success()),
                    example: example.as_deref(),
                    occasion: Some(occasion),
                    ..Wanted::default()
                };
                canned(contents, operation, &wanted).map(|canned| Canned {
                    source: format!("{}: {}", fixture.source, canned.source).into(),
                    ..canned
                })
            }
        })
    }

    /// The body of a callback that follows a request, where someone wrote one.
    pub fn callback(
        &self,
        operation: &Prepared,
        callback: &str,
        (parameters, payload): (&Parameters, &Payload),
    ) -> Option<&Value> {
        let mut fixtures = self.callbacks.get(&operation.number)?.iter();
        let fixture = fixtures.find(|fixture| {
            fixture.message == callback && fixture.request.fits(parameters, payload)
        });
        fixture.map(|fixture| &fixture.body)
    }

    /// The body of a webhook, where someone wrote one.
    pub fn webhook(&self, name: &str) -> Option<&Value> {
        let mut fixtures = self.webhooks.iter();
        let fixture = fixtures.find(|fixture| fixture.message == name);
        fixture.map(|fixture| &fixture.body)
    }
}

impl ReplyFixture {
    /// Errors are sent in the form they have, whatever the client accepts.
    fn is_acceptable(&self, operation: &Prepared, accept: Option<&str>) -> bool {
        let Answer::Written(reply, Some(content)) = &self.answer else {
            return true;
        };
        let response = operation.response(reply.status.as_u16());
        let content = response.and_then(|response| response.contents.get(*content));
        !reply.status.is_success()
            || content.is_none_or(|content| {
                choose(accept, std::iter::once(&content.media_type)).is_some()
            })
    }
}
