//! Webhooks: what the API sends without being asked over HTTP, sent when someone asks for it here.

use super::{Announcement, callbacks};
use crate::contract::Contract;
use crate::mock::PreparedMessage;
use crate::validate::Place;
use crate::wire::{HeaderValue, Method};
use serde_json::Value;

/// A request that a webhook describes.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its name in the document.
    pub name: String,
    /// The method that it is sent with.
    pub method: Method,
    /// The media types that its body may have.
    pub media_types: Vec<String>,
    /// The names of its examples.
    pub examples: Vec<String>,
}

/// Why a webhook can't be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookFault {
    /// There is none of that name.
    Unknown,
    /// The body would break the contract: where in it, as a JSON Pointer, and how.
    BadBody(String, String),
    /// There is no example of that name: which there are.
    NoExample(String),
    /// There is nothing to send: why.
    Unfit(String),
}

impl Contract {
    /// What its webhooks describe, in document order; those of one name differ in the method.
    pub fn webhooks(&self) -> Vec<Webhook> {
        let webhook = |message: &PreparedMessage| {
            let types = message.contents.iter();
            Webhook {
                name: message.declared.name.clone(),
                method: message.declared.method.clone(),
                media_types: types
                    .map(|content| content.media_type.to_string())
                    .collect(),
                examples: message.examples().map(str::to_owned).collect(),
            }
        };
        self.operations.webhooks().iter().map(webhook).collect()
    }

    /// What a webhook sends to an address, a request for each method that is described: with this
    /// body, else with the named example, else with that of a fixture, the first valid example or a
    /// sample.
    ///
    /// # Errors
    /// Why there is nothing to send.
    pub fn webhook(
        &self,
        name: &str,
        url: &str,
        body: Option<&Value>,
        example: Option<&str>,
    ) -> Result<Vec<Announcement>, WebhookFault> {
        let fixture = || self.written.webhook(name).filter(|_| example.is_none());
        let body = body.or_else(fixture);
        let webhooks = self.operations.webhooks().iter();
        let named = webhooks.filter(|message| message.declared.name == name);
        let mut announcements = Vec::new();
        for message in named {
            let made = match body {
                Some(body) => {
                    let made = message.with_body(self.contents(), url, body);
                    made.map_err(|breach| {
                        let (place, detail) = (&breach.place, &breach.detail);
                        let at = match place {
                            Place::Body(pointer) => pointer.to_string(),
                            _ => String::new(),
                        };
                        let why = format!("it would break the contract: {place} {detail}");
                        WebhookFault::BadBody(at, why)
                    })
                }
                None => {
                    let made = message.with_example(self.contents(), url, example);
                    made.map_err(|why| match example {
                        Some(_) => WebhookFault::NoExample(why),
                        None => WebhookFault::Unfit(why),
                    })
                }
            };
            let mut made = made?;
            if let Some(fault) = made.fault {
                return Err(WebhookFault::Unfit(fault));
            }
            made.headers.insert(callbacks::HOPS, HeaderValue::from(1));
            announcements.push(made);
        }
        match announcements.is_empty() {
            true => Err(WebhookFault::Unknown),
            false => {
                self.identify(&mut announcements);
                Ok(announcements)
            }
        }
    }
}
